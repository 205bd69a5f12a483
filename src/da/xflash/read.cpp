// SPDX-License-Identifier: Apache-2.0
// Reading storage, by place and by name.
// Source: docs/protocol/da-xflash.md#read-data, #upload
#include "da/xflash/agent.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::xflash {

/// The packet after its status, in packet_. Its length is the agent's choice.
Result<std::size_t> XflashAgent::receive_packet(std::uint64_t left, OpContext& op) {
  MTK_TRY_LET(const auto word, link_.status(wait_for::read_packet, op.observer));
  if (status::is_error(word)) {
    // Whether the final status still comes depends on where the storage failed.
    MTK_TRY(link_.status_if_any(wait_for::late_status, op.observer));
    return fail(AgentLink::status_error(word));
  }
  const std::span into{packet_.data(),
                       static_cast<std::size_t>(std::min<std::uint64_t>(packet_.size(), left))};
  MTK_TRY_LET(const std::size_t size,
              link_.packets().receive_into(into, wait_for::read_packet, op.observer, Content::withheld));
  if (size == 0) return fail(link_.packets().out_of_step("phone sent a packet of no data"));
  return size;
}

Result<> XflashAgent::abort_read(Error reason, OpContext& op) {
  MTK_TRY(link_.acknowledge(status::aborted));
  MTK_TRY(link_.status(wait_for::read_packet, op.observer));
  return fail(std::move(reason));
}

/// The phone prepares the next packet while this one is stored; so a sink that fails is known when the next
/// one is here already.
Result<> XflashAgent::receive_packets(std::uint64_t length, Sink& sink, Progress& progress, OpContext& op) {
  packet_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(max_packet_size, length)));
  Result<> stored{};
  for (std::uint64_t done = 0; done < length;) {
    MTK_TRY_LET(const std::size_t size, receive_packet(length - done, op));
    done += size;
    if (stored && op.stop.stop_requested() && done < length)
      stored = fail(Errc::cancelled, "stopped by the user");
    if (!stored) return abort_read(std::move(stored.error()), op);
    MTK_TRY(link_.acknowledge(status::ok));
    stored = sink.write(ByteView{packet_}.first(size));
    if (!stored) continue;
    progress.done += size;
    op.observer.progress(progress);
  }
  MTK_TRY(link_.expect_ok(wait_for::read_packet, op.observer));
  return stored;
}

Result<> XflashAgent::read(const Region& region, Sink& sink, std::string_view item, OpContext& op) {
  return guarded(Stage::da2, command::read_data, [&]() -> Result<> {
    MTK_TRY_LET(const Place place, place_of(region));
    if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    Progress progress{.stage = Stage::da2, .item = std::string{item}, .total = region.length};
    MTK_TRY(link_.begin(command::read_data, op.observer));
    MTK_TRY(send_place(place));
    MTK_TRY(link_.expect_ok(wait_for::read_packet, op.observer));
    return receive_packets(place.length, sink, progress, op);
  });
}

Result<> XflashAgent::read_partition(std::string_view partition, Sink& sink, OpContext& op) {
  return guarded(Stage::da2, command::upload, [&]() -> Result<> {
    MTK_TRY(check_name(partition));
    if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    MTK_TRY(link_.begin(command::upload, op.observer));
    MTK_TRY(send_name(partition));
    MTK_TRY_LET(const auto word, link_.status_if_any(wait_for::unknown_name, op.observer));
    if (!word) return fail(Errc::out_of_range, fmt::format("the agent knows no partition {}", partition));
    if (*word != status::ok) return fail(AgentLink::status_error(*word));
    MTK_TRY_LET(const Bytes raw,
                link_.packets().receive(sizeof(std::uint64_t), wait_for::command, op.observer));
    ByteReader in{raw};
    const auto length = in.le<std::uint64_t>();
    if (!in.done()) return fail(link_.packets().out_of_step("phone sent no partition length"));
    Progress progress{.stage = Stage::da2, .item = std::string{partition}, .total = length};
    if (length <= largest_area()) return receive_packets(length, sink, progress, op);
    // The first packet is on its way; the agent listens behind it.
    packet_.resize(max_packet_size);
    MTK_TRY(receive_packet(length, op));
    return abort_read(
        {.code = Errc::protocol, .what = fmt::format("agent announces a partition of {} bytes", length)}, op);
  });
}

}  // namespace mtk::xflash
