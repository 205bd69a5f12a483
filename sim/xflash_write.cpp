// SPDX-License-Identifier: Apache-2.0
// The packets of WRITE_DATA and DOWNLOAD: host status, sum, data, one status each; errors of the storage come
// late.
#include "sim/xflash_da2.h"

#include <algorithm>

namespace mtk::sim {

namespace {

constexpr std::uint32_t sum_differs = 0xc0040003;
constexpr std::uint32_t level_packets = 1;
constexpr std::uint32_t level_storage = 2;

/// The agent's own sum, with its slip on odd lengths.
std::uint32_t packet_sum(ByteView data) {
  const unsigned slip = data.size() % 2 != 0 ? 0xffU : 0U;
  return static_cast<std::uint16_t>(byte_sum(data) + slip);
}

std::uint32_t word_of(ByteView payload) { return ByteReader{padded(payload, 4)}.le<std::uint32_t>(); }

}  // namespace

ReadBack XflashDa2::read_back() const {
  return (board_.agent.checksum_level & level_storage) != 0 ? ReadBack::yes : ReadBack::no;
}

void XflashDa2::begin_write(Write write) {
  write_ = std::move(write);
  send_message("writing");
  next_packet();
}

void XflashDa2::next_packet() {
  if (write_.left == 0) {
    const Stored stored = write_.sink->end();
    write_.sink.reset();
    return finish(write_.error != 0 ? write_.error : xflash_status(stored, write_.is_preloader));
  }
  packet(4, [this](Packet host_status) {
    if (!host_status.fits) return finish(xflash::too_long);
    if (const std::uint32_t status = word_of(host_status.payload); status != 0) {
      board_.log("da2: the host stops the write with {:08X}, 0x{:x} bytes left", status, write_.left);
      return finish(status);
    }
    take_sum();
  });
}

void XflashDa2::take_sum() {
  packet(4, [this](Packet sum) {
    if (!sum.fits) return finish(xflash::too_long);
    take_packet(word_of(sum.payload));
  });
}

void XflashDa2::take_packet(std::uint32_t sum) {
  const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(write_.left, write_length()));
  packet(room, [this, sum](Packet data) {
    if (!data.fits) return finish(xflash::too_long);
    store(data.payload, sum);
  });
}

void XflashDa2::store(ByteView data, std::uint32_t sum) {
  ++board_.packets_written;
  ++write_.packets;
  const std::uint32_t own = packet_sum(data);
  if ((board_.agent.checksum_level & level_packets) != 0 && own != sum) {
    board_.log("da2: sum {:08X} announced, {:08X} counted", sum, own);
    send_word(sum_differs);
    return finish(sum_differs);
  }
  if (board_.battery_gives_out()) {
    board_.log("da2: the battery gives out");
    return board_.leave(Exit::off);
  }
  const auto& faults = board_.faults;
  if (faults.nack_status && board_.packets_written == faults.nack_packet) note_error(*faults.nack_status);
  if (write_.error == 0) note_error(xflash_status(write_.sink->take(data), write_.is_preloader));
  write_.left -= data.size();
  send_message("packet");
  if (write_.error != 0 && write_.packets >= write_.error_due) {
    send_word(write_.error);
    return finish(write_.error);
  }
  send_word(xflash::ok);
  next_packet();
}

void XflashDa2::note_error(std::uint32_t status) {
  if (status == xflash::ok) return;
  board_.log("da2: the storage reports {:08X} for packet {}", status, write_.packets);
  write_.error = status;
  write_.error_due = write_.packets + board_.model.xflash.error_lag;
}

}  // namespace mtk::sim
