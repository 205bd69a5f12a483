// SPDX-License-Identifier: Apache-2.0
// Erasing storage.
// Source: docs/protocol/da-legacy.md#format
#include "da/legacy/agent.h"
#include "da/legacy/commands.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::legacy {
namespace {

constexpr std::uint64_t block_size = 512;
constexpr int max_progress_messages = 10000;
constexpr std::chrono::seconds quiet_time{1};
constexpr std::chrono::seconds drain_limit{10};

/// The two numberings say it with different codes.
bool is_in_progress(std::uint32_t status) { return status == 3021 || status == 3025; }

}  // namespace

/// A refusal closes with one more 5A.
Result<> LegacyAgent::expect_erase_accepted() {
  auto accepted = link_.expect_ack(wait_for::status);
  if (accepted || accepted.error().code != Errc::device_status) return accepted;
  MTK_TRY_LET(const auto closing, link_.byte_if_any(wait_for::unknown_command));
  if (closing && *closing != ack)
    return fail(link_.out_of_step(fmt::format("agent said {:02X} after refusing to erase", *closing)));
  return accepted;
}

/// How an error ends is known from other agents only, so everything it brings is dropped; one that answers a
/// question afterwards is still in step.
Error LegacyAgent::failed_erase(std::uint32_t status) {
  const auto quiet = link_.transport().drain(quiet_time, drain_limit);
  if (!quiet || !usb_speed()) link_.give_up();
  return link_.status_error(status, fmt::format("erasing failed with {}", status));
}

Result<> LegacyAgent::follow_erase(const Place& place, Progress& progress, OpContext& op) {
  Clock::Duration patience = wait_for::first_erase_progress;
  for (int messages = 0; messages < max_progress_messages; ++messages) {
    MTK_TRY_LET(const auto status, link_.field<std::uint32_t>(patience));
    if (status != 0 && !is_in_progress(status)) return fail(failed_erase(status));
    MTK_TRY_LET(const std::uint8_t percent, link_.byte(wait_for::erase_progress));
    MTK_TRY(link_.send(ack));
    progress.done = place.length / 100 * std::min<std::uint8_t>(percent, 100);
    if (status == 0) {
      MTK_TRY(link_.expect_ack(wait_for::erase_progress));
      MTK_TRY(link_.expect_ack(wait_for::erase_progress));
      progress.done = place.length;
      op.observer.progress(progress);
      return {};
    }
    op.observer.progress(progress);
    patience = wait_for::erase_progress;
  }
  return fail(link_.out_of_step("erasing does not come to an end"));
}

Result<> LegacyAgent::erase_place(const Place& place, Progress& progress, OpContext& op) {
  MTK_TRY(select_part(place.part));
  MTK_TRY(link_.send(to_wire(Format{.storage = storage_, .address = place.offset, .length = place.length})));
  MTK_TRY(expect_erase_accepted());
  MTK_TRY(expect_erase_accepted());
  return follow_erase(place, progress, op);
}

/// An erase that runs is not stopped: the protocol has no word for it.
Result<> LegacyAgent::erase(const Region& region, std::string_view item, OpContext& op) {
  return guarded(Stage::erase, Format::name, [&]() -> Result<> {
    MTK_TRY_LET(const Place place, place_of(region));
    if (region.offset % block_size != 0 || region.length % block_size != 0)
      return fail(Errc::out_of_range, fmt::format("{} is not made of whole blocks", to_string(region)));
    if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    Progress progress{.stage = Stage::erase, .item = std::string{item}, .total = region.length};
    return erase_place(place, progress, op);
  });
}

}  // namespace mtk::legacy
