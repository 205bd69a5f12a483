// SPDX-License-Identifier: Apache-2.0
// For tests: the lines of an XML agent's conversation, and an agent behind them.
#pragma once

#include "brom/testing/bench.h"
#include "da/testing/framed_script.h"
#include "da/testing/images.h"
#include "da/xml/agent.h"

#include <fmt/format.h>

namespace mtk::xml {

inline constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

inline std::string agent_says(std::string_view text) { return fmt::format("D> `{}` 00\n", text); }
inline std::string host_says(std::string_view text) { return fmt::format("T> `{}` 00\n", text); }
inline std::string agent_asks(std::string_view command, std::string_view arg = "") {
  return agent_says(fmt::format("{}<host><version>1.0</version><command>CMD:{}</command>{}{}{}</host>",
                                declaration, command, arg.empty() ? "" : "<arg>", arg,
                                arg.empty() ? "" : "</arg>"));
}
inline std::string ok() { return host_says("OK"); }

/// The offer, a command with these arguments, and the agent's answer to it.
inline std::string command(std::string_view name, std::string_view arg, std::string_view answer = "OK") {
  return agent_asks("START") + ok() +
         host_says(fmt::format("{}<da><version>1.0</version><command>CMD:{}</command>{}{}{}</da>",
                               declaration, name, arg.empty() ? "" : "<arg>", arg,
                               arg.empty() ? "" : "</arg>")) +
         agent_says(answer);
}
inline std::string end(std::string_view result = "OK", std::string_view message = "") {
  return agent_asks("END", fmt::format("<result>{}</result><message>{}</message>", result, message)) + ok();
}
inline std::string refused(std::string_view name, std::string_view arg) {
  return command(name, arg, "ERR!UNSUPPORTED") + end("ERR!UNSUPPORTED", "Unsupported command.");
}
inline std::string fetches(std::string_view file, std::string_view checksum = "CHK_NO",
                           std::string_view packet_length = "0x200000") {
  return agent_asks("DOWNLOAD-FILE",
                    fmt::format("<checksum>{}</checksum><info>x</info><source_file>{}</source_file>"
                                "<packet_length>{}</packet_length>",
                                checksum, file, packet_length));
}
inline std::string delivers(std::string_view file) {
  return agent_asks("UPLOAD-FILE",
                    fmt::format("<checksum>CHK_NO</checksum><info>x</info><target_file>{}</target_file>"
                                "<packet_length>0x10000</packet_length>",
                                file));
}
inline std::string asks_about(std::string_view key, std::string_view file) {
  return agent_asks("FILE-SYS-OPERATION", fmt::format("<key>{}</key><file_path>{}</file_path>", key, file));
}
inline std::string progress_begins() { return agent_asks("PROGRESS-REPORT", "<message>x</message>") + ok(); }
inline std::string progress() { return progress_begins() + agent_says("OK!EOT") + ok(); }

/// A reply of one packet; `payload` are the tokens of its line.
inline std::string reply_of(std::size_t size, std::string_view payload) {
  return delivers("MEM://0x2000:0x200000") + ok() + agent_says(fmt::format("OK@{:#x}", size)) + ok() +
         agent_says("OK") + ok() + fmt::format("D> {}\n", payload) + ok();
}
inline std::string reply(std::string_view text) { return reply_of(text.size(), fmt::format("`{}`", text)); }
/// A question from offer to end.
inline std::string question(std::string_view name, std::string_view arg, std::string_view text) {
  return command(name, fmt::format("{}<target_file>MEM://0x2000:0x200000</target_file>", arg)) + reply(text) +
         end();
}

/// A conversation with nothing around it.
struct TalkBench : ScriptBench {
  explicit TalkBench(std::string_view script, const XmlFacts& facts = {})
      : ScriptBench(framed(script)), talk(FramedLink{link}, facts) {}

  template <class T>
  Result<> run(const T& what, Services& services) {
    return talk.run(to_command(what), services, op);
  }

  Conversation talk;
};

/// A started agent; `script` is what follows.
struct AgentBench : ScriptBench {
  explicit AgentBench(std::string_view script, AgentFacts facts = ufs(), const XmlFacts& variant = {})
      : ScriptBench(framed(script)),
        agent(Conversation{FramedLink{link}, variant}, std::move(facts), variant) {}

  static AgentFacts ufs() {
    return facts_of({.storage = StorageKind::ufs,
                     .areas = {{Area::lu0, 0x400000}, {Area::lu1, 0x400000}, {Area::lu2, 0x4000000}},
                     .block_size = 4096},
                    {});
  }
  static AgentFacts emmc() {
    return facts_of({.storage = StorageKind::emmc,
                     .areas = {{Area::boot1, 0x400000}, {Area::user, 0x4000000}},
                     .block_size = 512},
                    {});
  }

  XmlAgent agent;
};

/// Keeps what progress events said.
class Amounts final : public Observer {
 public:
  void progress(const Progress& progress) override { done.push_back(progress.done); }
  std::vector<std::uint64_t> done;
};

}  // namespace mtk::xml
