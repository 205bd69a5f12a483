// SPDX-License-Identifier: Apache-2.0
// What all conversations with a running XFlash agent are made of: words, statuses, and device control.
// Source: docs/protocol/da-xflash.md#statuses, #device-control
#pragma once

#include "da/framed_link.h"
#include "da/xflash/protocol.h"

#include <mtk/chip.h>

namespace mtk::xflash {

/// A status that is an error is Errc::device_status and leaves the agent in step; an unknown command or
/// control code is Errc::unsupported and carries the status too. Everything else that fails loses the agent.
class AgentLink {
 public:
  AgentLink(Transport& link, const XflashFacts& chip) : packets_(link), chip_(chip) {}

  const XflashFacts& chip() const { return chip_; }
  FramedLink& packets() { return packets_; }
  bool lost() const { return packets_.lost(); }

  Result<> send_word(std::uint32_t word);
  /// The answer to a packet of data or a progress report; anything but 0 stops the agent where it can.
  Result<> acknowledge(std::uint32_t word);
  /// A status of whatever meaning.
  Result<std::uint32_t> status(Clock::Duration timeout, Observer& log);
  /// The same, or nothing when none comes.
  Result<std::optional<std::uint32_t>> status_if_any(Clock::Duration timeout, Observer& log);
  /// A status that must be 0.
  Result<> expect_ok(Clock::Duration timeout, Observer& log);
  static Error status_error(std::uint32_t word);

  /// Sends a command; the agent knows it.
  Result<> begin(const Code& code, Observer& log);

  /// Device control. Errors carry the code's name.
  Result<Bytes> get(const Code& code, Observer& log, Content content = Content::open);
  Result<> set(const Code& code, ByteView parameter, Observer& log, Content content = Content::open);
  Result<> set(const Code& code, std::uint32_t word, Observer& log);
  Result<> act(const Code& code, Observer& log);
  /// A code whose result is the answer.
  Result<std::uint32_t> result_of(const Code& code, Observer& log);
  /// A parameter, then an answer.
  Result<Bytes> exchange(const Code& code, ByteView parameter, Observer& log);

  /// The answer to an optional question; nothing when the agent does not know it or has no answer.
  Result<std::optional<Bytes>> ask(const Code& code, Observer& log, Content content = Content::open);

 private:
  Result<std::uint32_t> word_of(ByteView packet);
  Result<> begin_control(const Code& code, Observer& log);

  FramedLink packets_;
  XflashFacts chip_;
};

/// What the link makes of an error that is an answer to a probe.
bool is_refusal(const Error& error);

}  // namespace mtk::xflash
