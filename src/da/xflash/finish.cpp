// SPDX-License-Identifier: Apache-2.0
// How the agent is left.
// Source: docs/protocol/da-xflash.md#shutdown
#include "da/xflash/agent.h"

#include <array>

namespace mtk::xflash {
namespace {

/// The words of the parameter; agents that take 24 bytes know the first six.
struct Shutdown {
  std::uint32_t restart = 0;  ///< 0: leave the bus and wait; the words below then mean nothing
  std::uint32_t timeout_ms = 0;
  std::uint32_t leave_before_restart = 0;
  std::uint32_t boot_into = 0;
  std::uint32_t wait_in_preloader = 0;
  std::uint32_t keep_clock = 0;
  std::uint32_t keep_usb = 0;
  std::uint32_t reserved = 0;
};
constexpr std::uint32_t boot_into_home = 1;
constexpr std::uint32_t boot_into_fastboot = 2;
// META, over USB, as a single interface.
constexpr std::array<std::uint8_t, 3> meta_over_usb{1, 2, 0};

Shutdown shutdown_for(BootMode next, bool keep_clock) {
  Shutdown out;
  if (next == BootMode::off) return out;
  out.restart = 1;
  out.keep_clock = keep_clock ? 1 : 0;
  if (next == BootMode::home) out.boot_into = boot_into_home;
  if (next == BootMode::fastboot) out.boot_into = boot_into_fastboot;
  if (next == BootMode::preloader) out.wait_in_preloader = 1;
  return out;
}

Bytes to_wire(const Shutdown& shutdown, std::size_t size) {
  ByteWriter out;
  out.le(shutdown.restart).le(shutdown.timeout_ms).le(shutdown.leave_before_restart).le(shutdown.boot_into);
  out.le(shutdown.wait_in_preloader).le(shutdown.keep_clock).le(shutdown.keep_usb).le(shutdown.reserved);
  Bytes bytes = std::move(out).take();
  bytes.resize(size);
  return bytes;
}

}  // namespace

/// The status is no proof: an agent that wants another length answers 0 and does nothing.
Result<> XflashAgent::see_it_leave(OpContext& op) {
  const auto more = link_.packets().receive_if_any(sizeof(std::uint32_t), wait_for::leaving, op.observer);
  if (!more && more.error().code == Errc::disconnected) return {};
  if (!more) return fail(more.error());
  return fail(
      Errc::timeout,
      "phone took the command and did not restart: hold its power key for 15 s, or pull the cable and "
      "take the battery out");
}

Result<> XflashAgent::shut_down(BootMode next, OpContext& op) {
  MTK_TRY(link_.begin(command::shutdown, op.observer));
  const Shutdown shutdown = shutdown_for(next, tuning_.keep_clock);
  MTK_TRY(link_.packets().send(to_wire(shutdown, link_.chip().shutdown_bytes)));
  auto answered = link_.expect_ok(wait_for::command, op.observer);
  // The phone may be gone before its last word is read.
  if (!answered && answered.error().code == Errc::disconnected) return {};
  if (!answered || shutdown.restart == 0) return answered;
  return see_it_leave(op);
}

Result<> XflashAgent::finish(BootMode next, OpContext& op) {
  auto finished = guarded(Stage::reboot, command::shutdown, [&]() -> Result<> {
    if (next == BootMode::stay) return {};
    if (downloads_announced_) {
      const auto told = link_.act(control::end_downloads, op.observer);
      if (!told && !is_refusal(told.error())) return told;
    }
    if (next == BootMode::meta)
      MTK_TRY(link_.set(control::set_meta_boot_mode, std::as_bytes(std::span{meta_over_usb}), op.observer));
    return shut_down(next, op);
  });
  link_.packets().give_up();
  return finished;
}

}  // namespace mtk::xflash
