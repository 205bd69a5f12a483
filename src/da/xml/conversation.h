// SPDX-License-Identifier: Apache-2.0
// One command from the agent's offer to its end, and the services the agent uses in between.
// Source: docs/protocol/da-xml.md#a-command, #services
#pragma once

#include "da/framed_link.h"
#include "da/xml/command.h"
#include "da/xml/request.h"
#include "da/xml/services.h"
#include "da/xml/token.h"

#include <mtk/chip.h>
#include <mtk/progress.h>

namespace mtk {
class PacketFeed;
}

namespace mtk::xml {

/// How the error of a phone begins that asked for a file it was not offered. Such a phone is broken or
/// hostile: it is answered with the protocol's error and not talked to any more.
inline constexpr std::string_view foreign_file_step = "FOREIGN_FILE";
inline constexpr std::string_view foreign_file = "phone asked this computer for a file it was not offered";

/// Not thread-safe. An error after which the agent cannot be in step marks it as lost.
class Conversation {
 public:
  Conversation(FramedLink link, const XmlFacts& facts) : link_(std::move(link)), facts_(facts) {}

  /// Runs one command. Errors: device_status (the agent refused: its message is the text), unsupported (it
  /// does not know the command), cancelled, protocol, those of the sources and sinks, and the link's.
  Result<> run(const Command& command, Services& services, OpContext& op);

  /// Waits for what an agent says first; the next command takes it up.
  Result<> await_first_document(Clock::Duration patience, OpContext& op);
  /// How long the agent's next offer may take; once, for an agent that is just starting.
  void expect_start_within(Clock::Duration patience) { start_patience_ = patience; }
  /// How long the answer to the next command may take; once, for an agent that may not be there.
  void expect_answer_within(Clock::Duration patience) { answer_patience_ = patience; }
  /// The agent has said that it waits for a command and was not answered.
  void start_is_offered() { start_ = StartState::offered; }
  /// The agent has said that it waits for a command, or will not say it.
  void start_is_agreed() { start_ = StartState::agreed; }

  FramedLink& link() { return link_; }
  const FramedLink& link() const { return link_; }

 private:
  enum class StartState : std::uint8_t { awaited, offered, agreed };

  // One command.
  Result<> await_start(OpContext& op);
  Result<> converse(const Command& command, Services& services, OpContext& op);
  Result<> serve(const AgentRequest& request, Services& services, OpContext& op);
  Result<> end(const End& end, const Services& services);

  // Services: each ends with the agent about to send its next document.
  Result<> send_file(const DownloadFile& request, Services& services, OpContext& op);
  Result<> send_packets(OfferedFile& file, const DownloadFile& request, Services& services, OpContext& op);
  Result<> receive_file(const UploadFile& request, Services& services, OpContext& op);
  Result<> receive_packets(AwaitedFile& file, std::uint64_t length, Services& services, OpContext& op);
  Result<> follow_progress(Services& services, OpContext& op);
  Result<> answer_question(const FileSystemOperation& request, Services& services);

  // Texts.
  Result<> say(std::string_view text);
  Result<std::string> hear(Clock::Duration patience, OpContext& op);
  Result<AgentRequest> next_request(Clock::Duration patience, OpContext& op);
  /// The agent's next word; nothing when it gave up and sent a document instead, which is kept.
  Result<std::optional<Token>> next_token(Clock::Duration patience, OpContext& op);
  /// The same where only a yes goes on: false when the transfer is over.
  Result<bool> agreed(std::string_view to_what, Clock::Duration patience, OpContext& op);

  /// Ends the running service with an error of this host; the agent then ends the command.
  Result<> refuse(Error why);
  Result<> cancel();
  /// The error of the phone that asks for what it was not offered.
  Error foreign(std::string_view what, std::string_view name);
  /// The first error counts; the command goes on to its end.
  void remember(Error why);

  FramedLink link_;
  XmlFacts facts_;
  StartState start_ = StartState::awaited;
  Clock::Duration start_patience_ = wait_for::first_start;
  Clock::Duration answer_patience_ = wait_for::token;
  std::optional<std::string> kept_;  // a document that came in place of a word
  std::optional<Error> failure_;     // of the running command
  bool asked_to_cancel_ = false;
  Bytes packet_;  // kept between commands: up to some megabytes each
  Bytes spare_packet_;
};

}  // namespace mtk::xml
