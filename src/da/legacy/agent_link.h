// SPDX-License-Identifier: Apache-2.0
// The stream to a running legacy agent, field by field, and whether the agent is still in step.
#pragma once

#include "transport/transport.h"

#include <array>
#include <optional>

namespace mtk::legacy {

/// Integers are big-endian. Every failure of the link, and every byte the protocol does not allow, marks the
/// agent as lost: what would come next is anybody's guess.
class AgentLink {
 public:
  explicit AgentLink(Transport& link) : link_(link) {}

  template <std::unsigned_integral T>
  Result<T> field(Clock::Duration timeout) {
    std::array<std::byte, sizeof(T)> raw{};
    MTK_TRY(receive(raw, timeout, Content::open));
    return ByteReader{raw}.be<T>();
  }
  Result<std::uint8_t> byte(Clock::Duration timeout) { return field<std::uint8_t>(timeout); }
  Result<> receive(std::span<std::byte> into, Clock::Duration timeout, Content content);
  Result<Bytes> bytes(std::size_t size, Clock::Duration timeout, Content content = Content::open);

  /// The next byte, or nothing when none comes in time; silence is no fault here.
  Result<std::optional<std::uint8_t>> byte_if_any(Clock::Duration timeout);

  /// One transfer.
  Result<> send(ByteView data, Content content = Content::open);
  Result<> send(std::uint8_t byte);

  /// Takes the agent's yes. Errors: device_status (a refusal, whose code is read), protocol, and the link's.
  Result<> expect_ack(Clock::Duration timeout);
  /// Reads the code that follows a refusal and yields it as an error; the agent stays in step.
  Error refusal(Clock::Duration timeout);
  /// The error of a code the agent sent.
  Error status_error(std::uint32_t code, std::string what) const;
  /// The error of a byte that has no meaning here.
  Error out_of_step(std::string what);

  /// Which of the three numberings the agent's codes follow.
  void set_numbering(StatusKind kind) { numbering_ = kind; }
  StatusKind numbering() const { return numbering_; }
  /// Waits end when this is requested; without it they end by time only.
  void set_stop(std::stop_token stop) { stop_ = std::move(stop); }

  bool lost() const { return lost_; }
  /// The agent waits for something that cannot be sent any more.
  void give_up() { lost_ = true; }
  /// The silence just met was an answer: an agent says nothing to a command it does not know.
  void silence_was_an_answer() { lost_ = false; }

  Transport& transport() { return link_; }

 private:
  Result<> note(Result<> result);

  Transport& link_;
  std::stop_token stop_;
  StatusKind numbering_ = StatusKind::legacy32;
  bool lost_ = false;
};

}  // namespace mtk::legacy
