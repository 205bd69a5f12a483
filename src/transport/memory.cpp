// SPDX-License-Identifier: Apache-2.0
#include "transport/memory.h"

#include <algorithm>
#include <array>

namespace mtk {

MemoryTransport::MemoryTransport(Device& phone, FakeClock& clock) : phone_(phone), clock_(clock) {
  phone_.connect(clock_.now());
}

/// Jumps to what happens next. Errors: cancelled, timeout (nothing happens before the deadline).
Result<> MemoryTransport::pass_time(Clock::TimePoint deadline, const std::stop_token& stop,
                                    const char* what) {
  if (stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
  if (clock_.now() >= deadline) return fail(Errc::timeout, what);
  const auto event = phone_.next_event();
  MTK_ASSERT(!event || *event > clock_.now());
  clock_.advance_to(event ? std::min(*event, deadline) : deadline);
  return {};
}

Result<std::size_t> MemoryTransport::read_some(std::span<std::byte> into, const Wait& wait, Content) {
  const auto deadline = wait.deadline(clock_.now());
  for (;;) {
    if (const std::size_t size = phone_.take(into, clock_.now()); size > 0) return size;
    if (!phone_.on_bus()) return fail(Errc::disconnected, "phone left the bus");
    MTK_TRY(pass_time(deadline, wait.stop, "phone silent"));
  }
}

Result<> MemoryTransport::write(std::span<const ByteView> parts, const Wait&, Content) {
  if (!phone_.on_bus()) return fail(Errc::disconnected, "phone left the bus");
  ByteWriter transfer;
  for (const ByteView part : parts) transfer.bytes(part);
  phone_.host_wrote(transfer.view(), clock_.now());
  return {};
}

Result<> MemoryTransport::reopen(UsbIdentity, const Wait& wait) {
  const auto deadline = wait.deadline(clock_.now());
  std::array<std::byte, 512> dropped{};
  while (phone_.on_bus()) {
    if (phone_.take(dropped, clock_.now()) == 0 && phone_.on_bus())
      MTK_TRY(pass_time(deadline, wait.stop, "phone did not leave the bus"));
  }
  while (!phone_.connect(clock_.now())) {
    MTK_TRY(pass_time(deadline, wait.stop, "phone did not come back"));
  }
  return {};
}

}  // namespace mtk
