// SPDX-License-Identifier: Apache-2.0
// For tests: a phone that plays a written conversation and is strict about every byte of the host.
#pragma once

#include "transport/memory.h"

#include <deque>
#include <string>
#include <string_view>

namespace mtk {

/// The script is text, one field of the protocol per line:
///   H> 5A 00*8        the host must send these bytes, in as many transfers as it likes
///   T> 5A             the host must send exactly these bytes as one transfer
///   D> 5A {code 10}   the phone sends these bytes as soon as everything above has happened
///   wait 1000         the phone does nothing for that many milliseconds
///   leave / gone      the phone leaves the bus, and is back at the next reopen / never comes back
///   repeat 3 ... end  the lines between, three times
/// `; label` and `# comment` are skipped. Tokens: a hexadecimal byte, BYTE*COUNT (count decimal),
/// {code N} (any N bytes from the host, zeros from the phone; N hexadecimal), {pattern N at O},
/// {partition P block B count C} as in docs/format/transcript.md.
class ScriptedPhone final : public Device {
 public:
  explicit ScriptedPhone(std::string_view script);

  bool connect(TimePoint now) override;
  bool on_bus() const override { return on_bus_; }
  void host_wrote(ByteView transfer, TimePoint now) override;
  std::size_t take(std::span<std::byte> into, TimePoint now) override;
  std::optional<TimePoint> next_event() const override;
  UsbIdentity identity() const override { return identity_; }

  void set_identity(UsbIdentity identity) { identity_ = identity; }
  /// The first byte that was not as written; empty when all were.
  const std::string& fault() const { return fault_; }
  /// The whole script was played.
  bool finished() const { return fault_.empty() && steps_.empty() && unread_.empty(); }
  /// What is wrong or still to come, for a test's message.
  std::string state() const;

 private:
  enum class Kind { host, transfer, phone, wait, leave, gone };
  struct Step {
    Kind kind;
    std::string line;
    Bytes bytes;
    std::vector<bool> any;  // host bytes that may have any value
    std::chrono::milliseconds time{};
  };

  void parse(std::vector<std::string> lines);
  static void append(Step& step, std::string_view token);
  void advance(TimePoint now);
  void compare(Step& step, ByteView& data);

  std::deque<Step> steps_;
  std::deque<std::byte> unread_;
  std::size_t matched_ = 0;  // bytes of the front step that the host has sent
  std::optional<TimePoint> due_;
  bool on_bus_ = false;
  bool left_for_good_ = false;
  UsbIdentity identity_ = UsbIdentity::unknown;
  std::string fault_;
};

}  // namespace mtk
