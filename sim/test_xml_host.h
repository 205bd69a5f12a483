// SPDX-License-Identifier: Apache-2.0
// A host for tests of the XML agent: answers every service from a table of files and writes down what
// happened.
#pragma once

#include "sim/test_bench.h"
#include "sim/xml_agent.h"

#include <algorithm>
#include <map>

namespace mtk::sim {

inline std::string text_of(ByteView bytes) {
  std::string out(bytes.size(), '\0');
  std::ranges::transform(bytes, out.begin(), [](std::byte byte) { return static_cast<char>(byte); });
  return out;
}

class XmlHost {
 public:
  struct Outcome {
    std::string answer;   ///< to the command document
    std::string result;   ///< of CMD:END
    std::string message;  ///< of CMD:END
    bool ok() const { return result == "OK"; }
  };

  explicit XmlHost(Bench& bench) : bench_(bench) {}

  std::map<std::string, Bytes> files;  ///< by path: what is asked for, and what was received
  std::vector<std::string> asked;      ///< each service in a line: name and what it is about
  std::vector<std::string> logs;       ///< texts of type-2 packets
  /// What to send instead of the usual answer at a place such as "DOWNLOAD checksum"; used once.
  std::map<std::string, std::string> instead;
  bool sums = false;
  std::uint32_t sum_error = 0;  ///< added to every checksum
  std::size_t packet_limit = 0x1000000;

  void hear(ByteView bytes) { inbox_.insert(inbox_.end(), bytes.begin(), bytes.end()); }
  void say_packet(ByteView payload) {
    ByteWriter header;
    header.le<std::uint32_t>(0xfeeeeeef).le<std::uint32_t>(1).le(static_cast<std::uint32_t>(payload.size()));
    hear(bench_.say(header.view()));
    if (!payload.empty()) hear(bench_.say(payload));
  }
  void say(std::string_view text, std::size_t nuls = 1) {
    Bytes payload = to_bytes(text);
    payload.resize(payload.size() + nuls);
    say_packet(payload);
  }
  bool silent() { return inbox_.empty(); }

  /// The next type-1 packet; log messages before it are kept.
  Bytes packet() {
    while (true) {
      if (inbox_.size() < 12) hear(bench_.wait(milliseconds{1}));
      ByteReader in{inbox_};
      const auto magic = in.le<std::uint32_t>();
      const auto type = in.le<std::uint32_t>();
      const auto length = in.le<std::uint32_t>();
      if (in.failed() || magic != 0xfeeeeeef || in.remaining() < length) {
        ADD_FAILURE() << "no packet, but "
                      << hex(ByteView{inbox_}.first(std::min<std::size_t>(inbox_.size(), 32))) << "\n"
                      << bench_.log();
        return {};
      }
      const ByteView payload = in.bytes(length);
      const Bytes copy{payload.begin(), payload.end()};
      inbox_.erase(inbox_.begin(), inbox_.begin() + 12 + static_cast<std::ptrdiff_t>(length));
      if (type == 1) return copy;
      logs.push_back(text_of(ByteView{copy}.subspan(4)));
    }
  }
  /// The next packet as text, which must end in exactly one NUL.
  std::string text() {
    std::string out = text_of(packet());
    if (out.find('\0') != out.size() - 1) ADD_FAILURE() << "not one NUL at the end of " << out;
    if (!out.empty()) out.pop_back();
    return out;
  }

  static std::string command(std::string_view name, std::string_view arguments,
                             std::string_view version = "1.0") {
    return fmt::format("{}<da><version>{}</version><command>CMD:{}</command><arg>{}</arg></da>",
                       xml_declaration, version, name, arguments);
  }
  Outcome run(std::string_view name, std::string_view arguments = "", std::string_view version = "1.0") {
    return run_document(command(name, arguments, version));
  }
  Outcome run_document(std::string_view document) {
    take_turn();
    say(document);
    return to_the_end();
  }
  /// Answers the offer of a turn.
  void take_turn() {
    EXPECT_EQ(text(), start_document());
    say("OK");
  }
  /// From the answer to a command to the acknowledgement of its END.
  Outcome to_the_end() {
    Outcome out;
    out.answer = text();
    for (int guard = 0; guard < 1000; ++guard) {
      const std::string document = text();
      if (document.empty()) return out;
      const auto root = parse_xml(document);
      if (!root) {
        ADD_FAILURE() << document;
        return out;
      }
      const XmlElement* arg = root->child("arg");
      const std::string what{root->text_of("command")};
      if (what == "CMD:END") {
        out.result = arg->text_of("result");
        out.message = arg->text_of("message");
        say(answer("END", "OK"));
        return out;
      }
      serve(what, *arg);
    }
    ADD_FAILURE() << "the command does not end";
    return out;
  }
  static std::string start_document() {
    return fmt::format("{}<host><version>1.0</version><command>CMD:START</command></host>", xml_declaration);
  }

 private:
  std::string answer(const std::string& place, std::string usual) {
    const auto found = instead.find(place);
    if (found == instead.end()) return usual;
    std::string out = found->second;
    instead.erase(found);
    return out;
  }

  void serve(const std::string& what, const XmlElement& arg) {
    const auto text_in = [&](std::string_view name) { return std::string{arg.text_of(name)}; };
    if (what == "CMD:PROGRESS-REPORT") {
      asked.push_back("progress " + text_in("message"));
      say("OK");
      while (true) {
        const std::string step = text();
        if (step.empty()) return;
        say(answer("PROGRESS", "OK"));
        if (step == "OK!EOT") return;
        EXPECT_TRUE(step.starts_with("OK!PROGRESS@")) << step;
      }
    }
    if (what == "CMD:FILE-SYS-OPERATION") {
      asked.push_back(text_in("key") + " " + text_in("file_path"));
      say("OK");
      const auto found = files.find(text_in("file_path"));
      const bool there = found != files.end();
      std::string reply = "OK";
      if (text_in("key") == "EXISTS") reply = there ? "OK@EXISTS" : "OK@NOT-EXISTS";
      if (text_in("key") == "FILE-SIZE")
        reply = there ? fmt::format("OK@0x{:x}", found->second.size()) : "ERR";
      return say(answer(text_in("key"), reply));
    }
    if (what == "CMD:DOWNLOAD-FILE") return give(arg);
    if (what == "CMD:UPLOAD-FILE") return receive(arg);
    ADD_FAILURE() << what;
  }

  void give(const XmlElement& arg) {
    const std::string path{arg.text_of("source_file")};
    asked.push_back(fmt::format("download {} ({}, {})", path, arg.text_of("info"), arg.text_of("checksum")));
    const std::string first = answer("DOWNLOAD document", "OK");
    say(first);
    if (!first.starts_with("OK")) return;
    const auto found = files.find(path);
    const std::string length = answer(
        "DOWNLOAD length", found == files.end() ? "ERR" : fmt::format("OK@0x{:x}", found->second.size()));
    say(length);
    const std::string ready = text();
    if (found == files.end() || !ready.starts_with("OK")) return;
    const std::size_t limit = std::min<std::size_t>(packet_limit, *xml_number(arg.text_of("packet_length")));
    for (ByteView left{found->second}; !left.empty();) {
      const ByteView part = left.first(std::min(left.size(), limit));
      left = left.subspan(part.size());
      std::uint32_t sum = sum_error;
      ByteReader in{part};
      while (in.remaining() >= 4) sum += in.le<std::uint32_t>();
      while (in.remaining() > 0) sum += in.u8();
      say(answer("DOWNLOAD checksum", sums ? fmt::format("OK@0x{:x}", sum) : "OK@0x0"));
      if (!text().starts_with("OK")) return;
      say_packet(part);
      if (peek_document()) return;
      statuses.push_back(text());
      if (!statuses.back().starts_with("OK")) return;
    }
  }
  /// Whether the next packet is a document where a token was expected.
  bool peek_document() const { return inbox_.size() > 12 && inbox_[12] == std::byte{'<'}; }

  void receive(const XmlElement& arg) {
    const std::string path{arg.text_of("target_file")};
    asked.push_back(fmt::format("upload {} ({})", path, arg.text_of("info")));
    const std::string first = answer("UPLOAD document", "OK");
    say(first);
    if (!first.starts_with("OK")) return;
    lengths.push_back(text());
    const auto total = xml_number(std::string_view{lengths.back()}.substr(3));
    const std::string ready = answer("UPLOAD length", "OK");
    say(ready);
    if (!ready.starts_with("OK")) return;
    Bytes content;
    while (content.size() < *total) {
      statuses.push_back(text());
      const bool good = statuses.back().starts_with("OK");
      const std::string taken = answer("UPLOAD status", good ? "OK" : "ERR");
      say(taken);
      if (!good || !taken.starts_with("OK")) return;
      const Bytes part = packet();
      EXPECT_LE(part.size(), *xml_number(arg.text_of("packet_length")));
      content.insert(content.end(), part.begin(), part.end());
      const std::string kept = answer("UPLOAD data", "OK");
      say(kept);
      if (!kept.starts_with("OK")) return;
    }
    files[path] = content;
  }

 public:
  std::vector<std::string> lengths;   ///< tokens that told a total
  std::vector<std::string> statuses;  ///< tokens that told how a packet went

 private:
  Bench& bench_;
  Bytes inbox_;
};

/// A phone, and a host that has got it as far as a test wants.
class XmlBench {
 public:
  explicit XmlBench(Model model, PhoneOptions options = Bench::keys_held())
      : bench(std::move(model), std::move(options)), host(bench) {}

  static std::string runtime(std::string_view checksum = "NONE", std::string_view channel = "UART",
                             std::string_view os = "LINUX") {
    return fmt::format(
        "{}<da><version>1.1</version><command>CMD:SET-RUNTIME-PARAMETER</command><arg><checksum_level>{}"
        "</checksum_level><battery_exist>AUTO-DETECT</battery_exist><da_log_level>INFO</da_log_level>"
        "<log_channel>{}</log_channel><system_os>{}</system_os></arg><adv><initialize_dram>YES"
        "</initialize_dram></adv></da>",
        xml_declaration, checksum, channel, os);
  }

  void reach_da1() {
    agent = stand_in(0x2345, HashKind::sha256, 0);
    bench.reach_commands();
    bench.upload(agent.da1);
    const Bytes heard = bench.jump();
    ASSERT_GE(heard.size(), 7u) << bench.log();
    host.hear(ByteView{heard}.subspan(7));
  }
  XmlHost::Outcome boot_to() {
    host.files["MEM://0x1000:0x2345"] = agent.da2;
    return host.run("BOOT-TO",
                    "<at_address>0x40000000</at_address> <jmp_address>0x40000000</jmp_address>"
                    "<source_file>MEM://0x1000:0x2345</source_file>");
  }
  void reach_da2(const std::string& parameters = runtime()) {
    reach_da1();
    ASSERT_TRUE(host.run_document(parameters).ok());
    ASSERT_TRUE(host.run("NOTIFY-INIT-HW").ok());
    ASSERT_TRUE(boot_to().ok()) << bench.log();
    ASSERT_TRUE(host.run("NOTIFY-INIT-HW").ok());
    host.asked.clear();
    host.statuses.clear();
    host.lengths.clear();
  }
  Card& card() { return bench.phone().card(); }

  Bench bench;
  XmlHost host;
  StandIn agent;
};

}  // namespace mtk::sim
