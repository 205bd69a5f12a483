// SPDX-License-Identifier: Apache-2.0
// A phone in the same process and on the same thread, for tests: no wait takes real time.
#pragma once

#include "transport/transport.h"

#include <optional>

namespace mtk {

/// The phone's end of a MemoryTransport. Every call that carries `now` first does what fell due until then.
class Device {
 public:
  using TimePoint = Clock::TimePoint;
  virtual ~Device() = default;

  /// The host opens the port: plugging in and SET_LINE_CODING. False while the phone is not on the bus.
  virtual bool connect(TimePoint now) = 0;
  /// False from the moment the phone leaves until the next connect(), even if it is back meanwhile: a phone
  /// that enumerated again is a new device.
  virtual bool on_bus() const = 0;
  /// One transfer of the host.
  virtual void host_wrote(ByteView transfer, TimePoint now) = 0;
  /// Moves what the phone has sent by now into `into`; 0 when it has nothing to say.
  virtual std::size_t take(std::span<std::byte> into, TimePoint now) = 0;
  /// When the phone will do something by itself: later than the last `now` it was given, or never.
  virtual std::optional<TimePoint> next_event() const = 0;
  virtual UsbIdentity identity() const { return UsbIdentity::unknown; }
};

/// A host read pumps the phone; when the phone has nothing to say, the clock jumps to the phone's next event
/// or to the deadline, whichever comes first.
class MemoryTransport final : public Transport {
 public:
  /// Connects at once; when the phone is not on the bus yet, reopen() waits for it.
  MemoryTransport(Device& phone, FakeClock& clock);

  Result<std::size_t> read_some(std::span<std::byte> into, const Wait& wait, Content content) override;
  using Transport::write;
  Result<> write(std::span<const ByteView> parts, const Wait& wait, Content content) override;
  Result<> reopen(UsbIdentity expected, const Wait& wait) override;
  Clock& clock() override { return clock_; }
  std::string name() const override { return "memory"; }
  UsbIdentity identity() const override { return phone_.identity(); }
  std::size_t answer_limit() const override { return answer_limit_; }
  void set_answer_limit(std::size_t limit) { answer_limit_ = limit; }

 private:
  Result<> pass_time(Clock::TimePoint deadline, const std::stop_token& stop, const char* what);

  Device& phone_;
  FakeClock& clock_;
  std::size_t answer_limit_ = Transport::answer_limit();
};

}  // namespace mtk
