// SPDX-License-Identifier: Apache-2.0
// Erasing storage, by place and by name.
// Source: docs/protocol/da-xflash.md#format, #format-partition
#include "da/xflash/agent.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::xflash {
namespace {

constexpr int max_progress_reports = 10000;

}  // namespace

/// Takes progress reports until another status comes, and yields that.
Result<std::uint32_t> XflashAgent::follow_erase(std::uint64_t length, Progress& progress, OpContext& op) {
  for (int reports = 0; reports < max_progress_reports; ++reports) {
    MTK_TRY_LET(const auto word, link_.status(wait_for::erase, op.observer));
    if (word != status::in_progress) return word;
    MTK_TRY_LET(const auto percent, link_.status(wait_for::command, op.observer));
    MTK_TRY(link_.acknowledge(status::ok));
    progress.done = length / 100 * std::min<std::uint32_t>(percent, 100);
    op.observer.progress(progress);
  }
  return fail(link_.packets().out_of_step("erasing does not come to an end"));
}

/// An erase that runs is not stopped: it is over when the agent asks.
Result<> XflashAgent::erase(const Region& region, std::string_view item, OpContext& op) {
  return guarded(Stage::erase, command::format, [&]() -> Result<> {
    MTK_TRY_LET(const Place place, place_to_change(region));
    if (region.offset % facts_.erase_unit != 0 || region.length % facts_.erase_unit != 0)
      return fail(Errc::out_of_range, fmt::format("{} is not made of whole blocks", to_string(region)));
    if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    Progress progress{.stage = Stage::erase, .item = std::string{item}, .total = region.length};
    MTK_TRY(announce_downloads(op));
    MTK_TRY(link_.begin(command::format, op.observer));
    MTK_TRY(send_place(place));
    MTK_TRY_LET(const auto accepted, link_.status(wait_for::command, op.observer));
    if (accepted != status::ok && link_.chip().refused_format_ends)
      return fail(AgentLink::status_error(accepted));
    MTK_TRY_LET(const auto end, follow_erase(region.length, progress, op));
    if (accepted != status::ok) {
      Error error = AgentLink::status_error(accepted);
      error.what += "; some agents erase all the same, so what was there may be gone";
      return fail(std::move(error));
    }
    if (end != status::complete) return fail(AgentLink::status_error(end));
    progress.done = progress.total;
    op.observer.progress(progress);
    return {};
  });
}

Result<> XflashAgent::erase_partition(std::string_view partition, OpContext& op) {
  return guarded(Stage::erase, command::format_partition, [&]() -> Result<> {
    MTK_TRY(check_name(partition));
    if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    Progress progress{.stage = Stage::erase, .item = std::string{partition}};  // of a size nobody says
    MTK_TRY(announce_downloads(op));
    MTK_TRY(link_.begin(command::format_partition, op.observer));
    MTK_TRY(send_name(partition));
    MTK_TRY_LET(const auto end, follow_erase(0, progress, op));
    if (end != status::complete && end != status::ok) return fail(AgentLink::status_error(end));
    return {};
  });
}

}  // namespace mtk::xflash
