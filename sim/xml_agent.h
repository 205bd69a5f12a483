// SPDX-License-Identifier: Apache-2.0
// The XML download agent: the dialogue both stages hold. The phone offers a turn, takes a command, and uses
// the host as its file server while the command runs. Behaviour: docs/protocol/da-xml.md.
#pragma once

#include "base/xml.h"
#include "sim/framed_stage.h"

namespace mtk::sim {

/// Bytes of a file that proves who may do something.
constexpr std::size_t signature_limit = 0x10000;

struct XmlCommand {
  std::string name;  ///< without `CMD:`
  unsigned major = 0;
  unsigned minor = 0;
  XmlElement root;
};

class XmlStage : public FramedStage {
 public:
  void start() override;
  void port_opened() override;

 protected:
  XmlStage(Board& board, std::string name, std::uint32_t packet_length);

  using Action = std::function<void()>;
  using Done = std::function<void(bool)>;
  /// Where the data of a transfer lives; the answers on the wire differ.
  enum class Medium { memory, storage };

  /// What to do for a command of that name and major version; empty when this stage does not know it.
  virtual Action handler(const XmlCommand& command) = 0;
  /// The handlers both stages have.
  Action common_handler(std::string_view name);

  const XmlCommand& command() const { return command_; }
  /// The argument at da/arg/`name`. Without it the command is refused and nothing may follow.
  std::optional<std::string> text_argument(std::string_view name);
  std::optional<std::uint64_t> number_argument(std::string_view name);

  /// Ends the command; `after` replaces the next turn.
  void finish(Action after = {});
  void refuse(std::string message, Action after = {});
  /// Why the command will fail: the text of the END that follows.
  void blame(std::string message);
  /// Ends the command as a service ended.
  Done ends_command();

  /// Services. The one that asks is told when it is over; `false` leads to an END with ERR.
  /// `work` does part `step` of `steps`, counted from 1.
  using Work = std::function<void(std::uint32_t step, std::uint32_t steps)>;
  void progress(std::string message, Work work, Done done);
  /// What follows `@` in the host's answer; nothing when it is no OK.
  using Answer = std::function<void(std::optional<std::string>)>;
  void ask_file(std::string_view key, std::string_view path, Answer answer);

  struct Download {
    std::string info;
    std::string source;
    std::uint64_t limit = 0;
    Medium medium = Medium::memory;
    std::optional<std::uint64_t> expected = {};  ///< the total the host has told before
    std::function<Result<>(ByteView)> take;
  };
  void download(Download job, Done done);
  /// A whole file into the phone's memory.
  void download_file(std::string info, std::string source, std::size_t limit, std::function<void(Bytes)> use);

  struct Upload {
    std::string info;
    std::string target;
    std::uint64_t length = 0;
    Medium medium = Medium::memory;
    std::function<Result<Bytes>(std::uint64_t offset, std::size_t length)> give;
  };
  void upload(Upload job, Done done);
  /// A text from memory, which ends the command.
  enum class FinalNul { yes, no };
  void upload_text(std::string info, std::string_view text, FinalNul nul);
  void upload_bytes(std::string info, Bytes content);

  void set_packet_lengths(std::uint32_t download, std::uint32_t upload);
  /// Whether the port comes back under another identity and the turn is offered there.
  void offer_when_opened() { offers_when_opened_ = true; }
  void offer();
  void send_token(std::string_view token);
  using Argument = std::pair<std::string_view, std::string>;
  void send_document(std::string_view name, const std::vector<Argument>& arguments);
  void token(std::function<void(std::string_view)> next);

 private:
  void take_command();
  void read_command(std::string_view text);
  void end(std::string_view result, Action after);
  void progress_step(std::uint32_t step, Work work, Done done);
  void next_download_packet(Download job, std::uint64_t left, Done done);
  void take_download_packet(Download job, std::uint64_t left, std::uint32_t sum, Done done);
  void next_upload_packet(Upload job, std::uint64_t offset, Done done);
  void send_upload_packet(Upload job, std::uint64_t offset, const Bytes& data, Done done);
  bool sums() const { return (board_.agent.checksum_level & 1) != 0; }

  std::uint32_t download_packet_;
  std::uint32_t upload_packet_;
  bool offers_when_opened_ = false;
  XmlCommand command_;
  std::string message_;  ///< of the last failure; stays when later commands succeed, as in the genuine agent
};

/// A document of this protocol's replies: `<name>text</name>` with text escaped.
std::string xml_field(std::string_view name, std::string_view text);
std::string xml_escaped(std::string_view text);
constexpr std::string_view xml_declaration = R"(<?xml version="1.0" encoding="utf-8"?>)";

/// The bytes up to the first NUL.
std::string xml_text(ByteView bytes);
/// Decimal, or hexadecimal after 0x.
std::optional<std::uint64_t> xml_number(std::string_view text);

}  // namespace mtk::sim
