// SPDX-License-Identifier: Apache-2.0
// Writing storage.
// Source: docs/protocol/da-legacy.md#write
#include "da/bytes_sink.h"
#include "da/legacy/agent.h"
#include "da/legacy/commands.h"
#include "da/legacy/padded_source.h"
#include "da/packet_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk::legacy {
namespace {

constexpr std::uint64_t block_size = 512;
constexpr int max_repeats = 3;

/// What the numberings call a wrong sum, as a whole or by its halves.
bool is_wrong_sum(std::uint32_t code) {
  constexpr std::array codes{3058u, 3059u, 3060u, 3063u, 3064u, 3065u};
  return std::ranges::find(codes, code) != codes.end();
}

}  // namespace

Result<> LegacyAgent::begin_write(const Place& place) {
  MTK_TRY(link_.send(to_wire(WriteData{.storage = write_storage_,
                                       .part = place.part,
                                       .address = place.offset,
                                       .length = place.length,
                                       .packet_size = tuning_.packet_size})));
  return link_.expect_ack(wait_for::write_packet);
}

/// Three transfers: the agent reads a block by whole transfers and would drop what shares one with it.
Result<> LegacyAgent::send_packet(ByteView packet, std::uint16_t sum) {
  MTK_TRY(link_.send(ack));
  MTK_TRY(link_.send(packet, Content::withheld));
  ByteWriter tail;
  tail.be(sum);
  return link_.send(tail.view());
}

/// Takes the agent's word on a packet. After a wrong sum the agent waits for 96 and hangs on anything else;
/// after other refusals it is back among its commands, where 96 means nothing.
Result<LegacyAgent::Stored> LegacyAgent::packet_outcome(std::optional<Error>& refusal) {
  MTK_TRY_LET(const std::uint8_t answer, link_.byte(wait_for::write_packet));
  if (answer == packet_stored) return Stored::yes;
  if (answer != nack) return fail(link_.out_of_step(fmt::format("agent said {:02X} to a packet", answer)));
  refusal = link_.refusal(wait_for::write_packet);
  if (link_.lost()) return fail(*refusal);
  MTK_TRY(link_.send(stop_writing));
  if (!is_wrong_sum(refusal->device_status->code)) return fail(*refusal);
  return Stored::damaged_on_the_way;
}

Result<> LegacyAgent::write_place(const Place& place, Source& source, Progress& progress, OpContext& op) {
  PacketFeed feed{source, place.length, tuning_.packet_size, packet_, spare_packet_};
  MTK_TRY(feed.prepare_next());
  feed.advance();
  if (auto begun = begin_write(place); !begun) {
    if (begun.error().code != Errc::device_status || place.length % block_size == 0) return begun;
    MTK_TRY(source.rewind());
    return write_padded(place, source, progress, op);
  }
  Result<> prepared{};
  int repeats = 0;
  for (std::uint64_t done = 0; done < place.length;) {
    if (prepared && op.stop.stop_requested()) prepared = fail(Errc::cancelled, "stopped by the user");
    if (!prepared) {
      MTK_TRY(link_.send(stop_writing));
      return prepared;
    }
    const ByteView packet = feed.current();
    MTK_TRY(send_packet(packet, static_cast<std::uint16_t>(feed.current_sum())));
    prepared = feed.prepare_next();
    std::optional<Error> refusal;
    MTK_TRY_LET(const Stored stored, packet_outcome(refusal));
    if (stored == Stored::yes) {
      done += packet.size();
      repeats = 0;
      progress.done = std::min(progress.done + packet.size(), progress.total);
      op.observer.progress(progress);
      if (prepared) feed.advance();
      continue;
    }
    // There is no repeating a packet inside a command: a new one starts with it.
    if (!prepared) return prepared;
    if (++repeats > max_repeats) return fail(*refusal);
    MTK_TRY(begin_write({place.part, place.offset + done, place.length - done}));
  }
  return {};
}

/// For agents that refuse lengths with part of a block: the rest of the last block is read first and written
/// back unchanged.
Result<> LegacyAgent::write_padded(const Place& place, Source& source, Progress& progress, OpContext& op) {
  const std::uint64_t in_last_block = place.length % block_size;
  const std::uint64_t whole = place.length - in_last_block;
  BytesSink last_block;
  Progress unseen{};
  Observer nobody;
  OpContext quietly{op.stop, nobody};
  MTK_TRY(read_place({place.part, place.offset + whole, block_size}, last_block, unseen, quietly));
  last_block.bytes.erase(last_block.bytes.begin(),
                         last_block.bytes.begin() + static_cast<std::ptrdiff_t>(in_last_block));
  PaddedSource padded{source, std::move(last_block.bytes)};
  return write_place({place.part, place.offset, whole + block_size}, padded, progress, op);
}

Result<> LegacyAgent::write(const Region& region, Source& source, std::string_view item, OpContext& op) {
  return guarded(Stage::write, WriteData::name, [&]() -> Result<> {
    MTK_TRY_LET(const Place place, place_of(region));
    if (source.size() != region.length)
      return fail(Errc::usage,
                  fmt::format("image has {} bytes for a region of {}", source.size(), region.length));
    if (region.offset % block_size != 0)
      return fail(Errc::out_of_range, fmt::format("writing starts at {:#x}, not at a block", region.offset));
    // The command carries the part; whether it also selects it is not known.
    if (selected_part_ != place.part) selected_part_.reset();
    Progress progress{.stage = Stage::write, .item = std::string{item}, .total = region.length};
    return write_place(place, source, progress, op);
  });
}

}  // namespace mtk::legacy
