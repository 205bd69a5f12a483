// SPDX-License-Identifier: Apache-2.0
// Reading storage.
// Source: docs/protocol/da-legacy.md#read
#include "da/legacy/agent.h"
#include "da/legacy/byte_sum.h"
#include "da/legacy/commands.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::legacy {
namespace {

constexpr int max_repeats = 3;
/// The slowest link worth waiting for: full-speed USB through a bad hub.
constexpr std::uint64_t least_bytes_per_second = 65536;

Clock::Duration packet_time(std::size_t size) {
  return wait_for::read_packet + std::chrono::seconds{size / least_bytes_per_second};
}

}  // namespace

/// One packet and its sum; a damaged one is asked for again. The packet is not acknowledged yet.
Result<> LegacyAgent::receive_packet(std::span<std::byte> into) {
  for (int repeats = 0;; ++repeats) {
    MTK_TRY(link_.receive(into, packet_time(into.size()), Content::withheld));
    MTK_TRY_LET(const auto sum, link_.field<std::uint16_t>(wait_for::read_packet));
    if (sum == byte_sum(into)) return {};
    if (repeats == max_repeats) return fail(Errc::protocol, "packet damaged on the way, four times over");
    MTK_TRY(link_.send(nack));
  }
}

/// One READ command. Once it runs it cannot be aborted: after a stop, or when the sink fails, the rest is
/// taken and dropped, so that the agent still answers.
Result<> LegacyAgent::read_piece(const Place& piece, Sink& sink, Progress& progress, OpContext& op) {
  MTK_TRY(
      link_.send(to_wire(ReadData{.storage = storage_, .address = piece.offset, .length = piece.length})));
  MTK_TRY(link_.expect_ack(wait_for::read_packet));
  // The phone sends one packet before it is asked again.
  const auto packet_size = static_cast<std::uint32_t>(
      std::min<std::size_t>(tuning_.packet_size, link_.transport().answer_limit()));
  ByteWriter field;
  field.be(packet_size);
  MTK_TRY(link_.send(field.view()));

  packet_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(packet_size, piece.length)));
  Result<> outcome{};
  for (std::uint64_t done = 0; done < piece.length;) {
    const std::span packet{packet_.data(), static_cast<std::size_t>(
                                               std::min<std::uint64_t>(packet_.size(), piece.length - done))};
    if (auto received = receive_packet(packet); !received) {
      if (link_.lost()) return received;
      if (outcome) outcome = received;
    }
    // The phone prepares the next packet while this one is stored.
    MTK_TRY(link_.send(ack));
    done += packet.size();
    if (outcome) outcome = sink.write(packet);
    if (outcome) {
      progress.done += packet.size();
      op.observer.progress(progress);
    }
    if (outcome && op.stop.stop_requested()) outcome = fail(Errc::cancelled, "stopped by the user");
  }
  return outcome;
}

Result<> LegacyAgent::read_place(const Place& place, Sink& sink, Progress& progress, OpContext& op) {
  for (std::uint64_t done = 0; done < place.length;) {
    if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    const Place piece{place.part, place.offset + done, std::min(tuning_.read_piece, place.length - done)};
    MTK_TRY(select_part(place.part));
    MTK_TRY(read_piece(piece, sink, progress, op));
    done += piece.length;
  }
  return {};
}

Result<> LegacyAgent::read(const Region& region, Sink& sink, std::string_view item, OpContext& op) {
  return guarded(Stage::da2, ReadData::name, [&]() -> Result<> {
    MTK_TRY_LET(const Place place, place_of(region));
    Progress progress{.stage = Stage::da2, .item = std::string{item}, .total = region.length};
    return read_place(place, sink, progress, op);
  });
}

}  // namespace mtk::legacy
