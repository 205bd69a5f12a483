// SPDX-License-Identifier: Apache-2.0
// Writing storage, by place and by name.
// Source: docs/protocol/da-xflash.md#write-data, #download
#include "da/xflash/agent.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::xflash {
namespace {

constexpr int max_repeats = 3;

std::uint32_t checksum(ByteView packet, std::uint32_t sum, const XflashFacts& chip) {
  if (packet.size() % 2 != 0 && chip.odd_checksum_adds_ff) sum += 0xff;
  return chip.checksum_bits == 16 ? sum & 0xffff : sum;
}

bool is_wrong_checksum(const Error& error) {
  return error.device_status && error.device_status->code == status::wrong_checksum;
}

}  // namespace

Result<> XflashAgent::announce_downloads(OpContext& op) {
  if (!link_.chip().announces_downloads || downloads_announced_) return {};
  downloads_announced_ = true;
  auto told = link_.act(control::start_downloads, op.observer);
  if (!told && is_refusal(told.error())) return {};
  return told;
}

/// No status comes between the three: one answers them together.
Result<> XflashAgent::send_packet(ByteView packet, std::uint32_t sum) {
  MTK_TRY(link_.send_word(status::ok));
  MTK_TRY(link_.send_word(checksum(packet, sum, link_.chip())));
  return link_.packets().send(packet, Content::withheld);
}

/// The packets of one command and its final status, which alone says that everything is stored: the agent
/// writes behind its answers, so the status of a packet may be that of an earlier one.
Result<> XflashAgent::send_packets(PacketFeed& feed, std::uint64_t length, Progress& progress,
                                   OpContext& op) {
  Result<> prepared{};
  for (std::uint64_t done = 0; done < length;) {
    if (prepared && op.stop.stop_requested()) prepared = fail(Errc::cancelled, "stopped by the user");
    if (!prepared) {
      MTK_TRY(link_.send_word(status::aborted));
      MTK_TRY(link_.status(wait_for::write_packet, op.observer));
      return prepared;
    }
    const ByteView packet = feed.current();
    MTK_TRY(send_packet(packet, feed.current_sum()));
    prepared = feed.prepare_next();
    MTK_TRY_LET(const auto word, link_.status(wait_for::write_packet, op.observer));
    if (status::is_error(word)) {
      MTK_TRY(link_.status(wait_for::write_end, op.observer));
      return fail(AgentLink::status_error(word));
    }
    done += packet.size();
    progress.done = done;
    op.observer.progress(progress);
    if (prepared) feed.advance();
  }
  return link_.expect_ok(wait_for::write_end, op.observer);
}

/// A packet damaged on the way ends the command, and there is no going on in the middle of one: it is all
/// sent again.
template <class Begin>
Result<> XflashAgent::send_image(Source& source, Progress& progress, OpContext& op, Begin begin) {
  const auto packet_size =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(facts_.packet_size, tuning_.write_packet));
  MTK_TRY(announce_downloads(op));
  for (int repeats = 0;; ++repeats) {
    PacketFeed feed{source, source.size(), packet_size, packet_, spare_packet_};
    MTK_TRY(feed.prepare_next());
    feed.advance();
    MTK_TRY(begin());
    auto sent = send_packets(feed, source.size(), progress, op);
    if (sent || !is_wrong_checksum(sent.error()) || repeats == max_repeats) return sent;
    op.observer.write(LogLevel::warning, "a packet was damaged on the way; sending all of it again");
    MTK_TRY(source.rewind());
    progress.done = 0;
  }
}

Result<> XflashAgent::write(const Region& region, Source& source, std::string_view item, OpContext& op) {
  return guarded(Stage::write, command::write_data, [&]() -> Result<> {
    MTK_TRY_LET(const Place place, place_to_change(region));
    if (source.size() != region.length)
      return fail(Errc::usage,
                  fmt::format("image has {} bytes for a region of {}", source.size(), region.length));
    if (region.offset % facts_.write_unit != 0)
      return fail(Errc::out_of_range, fmt::format("writing starts at {:#x}, not at a block", region.offset));
    if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    Progress progress{.stage = Stage::write, .item = std::string{item}, .total = region.length};
    return send_image(source, progress, op, [&]() -> Result<> {
      MTK_TRY(link_.begin(command::write_data, op.observer));
      MTK_TRY(send_place(place));
      return link_.expect_ok(wait_for::write_packet, op.observer);
    });
  });
}

Result<> XflashAgent::write_partition(std::string_view partition, Source& image, OpContext& op) {
  return guarded(Stage::write, command::download, [&]() -> Result<> {
    MTK_TRY(check_name(partition));
    if (image.size() == 0) return fail(Errc::usage, "image is empty");
    if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    Progress progress{.stage = Stage::write, .item = std::string{partition}, .total = image.size()};
    return send_image(image, progress, op, [&]() -> Result<> {
      MTK_TRY(link_.begin(command::download, op.observer));
      MTK_TRY(send_name(partition));
      ByteWriter length;
      length.le(image.size());
      MTK_TRY(link_.packets().send(length.view()));
      return link_.expect_ok(wait_for::write_packet, op.observer);
    });
  });
}

}  // namespace mtk::xflash
