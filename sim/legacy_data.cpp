// SPDX-License-Identifier: Apache-2.0
// Reading (D6), writing (62, 61) and erasing (D4), with the oddities of the genuine agent.
#include "base/checked.h"
#include "sim/legacy_da2.h"

#include <algorithm>

namespace mtk::sim {

namespace {
constexpr std::uint32_t image_packet = 0x2000;
constexpr std::uint8_t storage_nand = 1;
constexpr std::uint8_t storage_emmc = 2;
constexpr std::uint8_t storage_sd = 3;
constexpr std::uint8_t whole_percent = 100;
}  // namespace

bool LegacyDa2::range_fits(std::uint8_t part, std::uint64_t offset, std::uint64_t length) const {
  return length != 0 && fits(offset, length, board_.card.size(part));
}

void LegacyDa2::read_data() {
  field(18, [this](ByteView bytes) {
    ByteReader in{bytes};
    in.skip(1);
    const auto storage = in.u8();
    const auto offset = in.be<std::uint64_t>();
    const auto length = in.be<std::uint64_t>();
    next_command();
    if (storage != storage_emmc && storage != storage_sd) return refuse(legacy::wrong_storage);
    if (!range_fits(part_, offset, length)) return refuse(codes().bad_range);
    send_ack();
    field(4, [this, offset, length](ByteView size) {
      const auto packet = ByteReader{size}.be<std::uint32_t>();
      if (packet == 0 || packet > legacy::packet_limit)
        return hang(fmt::format("packet size 0x{:x}", packet));
      send_packet(offset, length, packet);
    });
  });
}

void LegacyDa2::send_packet(std::uint64_t offset, std::uint64_t left, std::uint32_t packet) {
  const auto size = static_cast<std::uint32_t>(std::min<std::uint64_t>(left, packet));
  auto data = board_.card.read(part_, offset, size);
  if (!data) return hang(data.error().what);
  const std::uint16_t sum = byte_sum(*data);
  board_.take_card_time(size);
  board_.send(std::move(*data));
  board_.send_be(sum);
  after_packet(offset, left, packet, size);
}

void LegacyDa2::after_packet(std::uint64_t offset, std::uint64_t left, std::uint32_t packet,
                             std::uint32_t sent) {
  field(1, [this, offset, left, packet, sent](ByteView answer) {
    switch (static_cast<std::uint8_t>(answer[0])) {
      case legacy::ack:
        return left > sent ? send_packet(offset + sent, left - sent, packet) : next_command();
      case legacy::nack:
        return send_packet(offset, left, packet);
      default:
        board_.log("da2: {} is swallowed while a read packet waits for its 5A", hex(answer));
        return after_packet(offset, left, packet, sent);
    }
  });
}

void LegacyDa2::write_data() {
  field(22, [this](ByteView bytes) {
    ByteReader in{bytes};
    const auto storage = in.u8();
    write_ = {.part = in.u8()};
    write_.offset = in.be<std::uint64_t>();
    write_.left = in.be<std::uint64_t>();
    write_.packet = in.be<std::uint32_t>();
    next_command();
    if (write_.part > part_user) {
      board_.log("da2: part {} is taken for the user area", write_.part);
      write_.part = part_user;
    }
    if (write_.part == 0 || write_.offset % block_size != 0) return refuse(codes().bad_start);
    if (!range_fits(write_.part, write_.offset, write_.left)) return refuse(codes().bad_range);
    if (!board_.model.agent.odd_writes && write_.left % block_size != 0) return refuse(codes().bad_range);
    send_ack();
    if (write_.packet == 0 || write_.packet > legacy::packet_limit)
      return hang(fmt::format("packet size 0x{:x}, storage {}", write_.packet, storage));
    next_packet();
  });
}

void LegacyDa2::write_image() {
  field(20, [this](ByteView bytes) {
    ByteReader in{bytes};
    in.skip(1);
    write_ = {.part = in.u8()};
    write_.offset = in.be<std::uint64_t>();
    write_.left = in.be<std::uint64_t>();
    write_.packet = image_packet;
    write_.is_image = true;
    next_command();
    board_.send_be(image_packet);
    if (write_.part == 0 || write_.offset % block_size != 0) return refuse(codes().bad_start);
    if (!range_fits(write_.part, write_.offset, write_.left)) return refuse(codes().bad_range);
    send_ack();
    next_packet();
  });
}

void LegacyDa2::next_packet() {
  if (write_.left == 0) return finish_write();
  field(1, [this](ByteView answer) {
    switch (static_cast<std::uint8_t>(answer[0])) {
      case legacy::ack: {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(write_.left, write_.packet));
        return block(size, [this](ByteView data) { take_packet(data); });
      }
      case legacy::stop:
        board_.log("da2: write stopped with 0x{:x} bytes left", write_.left);
        return next_command();
      default:
        return hang(fmt::format("{} before a write packet", hex(answer)));
    }
  });
}

void LegacyDa2::take_packet(ByteView data) {
  packet_.assign(data.begin(), data.end());
  field(2, [this](ByteView sum) { take_sum(ByteReader{sum}.be<std::uint16_t>()); });
}

void LegacyDa2::take_sum(std::uint16_t sum) {
  ++board_.packets_written;
  const auto& faults = board_.faults;
  if (faults.nack_status && board_.packets_written == faults.nack_packet)
    return refuse_packet(*faults.nack_status);
  const std::uint16_t own = byte_sum(packet_);
  if (own != sum) {
    board_.log("da2: sum {:04X} announced, {:04X} counted", sum, own);
    return refuse_packet(codes().bad_sum);
  }
  if (board_.battery_gives_out()) {
    board_.log("da2: the battery gives out");
    return board_.leave(Exit::off);
  }
  write_.whole_sum = static_cast<std::uint16_t>(write_.whole_sum + own);
  store_packet();
}

void LegacyDa2::store_packet() {
  board_.take_card_time(packet_.size());
  const auto rotten = board_.faults.rotten_byte;
  if (rotten && write_.part == part_user && *rotten >= write_.offset &&
      *rotten - write_.offset < packet_.size()) {
    board_.log("fault: the card stores byte 0x{:x} wrong", *rotten);
    packet_[static_cast<std::size_t>(*rotten - write_.offset)] ^= std::byte{1};
  }
  if (const auto stored = board_.card.write(write_.part, write_.offset, packet_); !stored)
    return hang(stored.error().what);
  write_.offset += packet_.size();
  write_.left -= packet_.size();
  board_.send_u8(legacy::cont);
  next_packet();
}

void LegacyDa2::refuse_packet(std::uint32_t word) {
  next_command();
  refuse(word);
  if (word != codes().bad_sum) return;
  field(1, [this](ByteView answer) {
    if (answer[0] != std::byte{legacy::stop})
      return hang(fmt::format("{} instead of 96 after a wrong sum", hex(answer)));
    next_command();
  });
}

void LegacyDa2::finish_write() {
  if (!write_.is_image) return next_command();
  field(2, [this](ByteView bytes) {
    next_command();
    if (ByteReader{bytes}.be<std::uint16_t>() != write_.whole_sum) return refuse(codes().bad_sum);
    send_ack();
  });
}

void LegacyDa2::format() {
  field(20, [this](ByteView bytes) {
    ByteReader in{bytes};
    const auto storage = in.u8();
    in.skip(3);
    const Format job{.offset = in.be<std::uint64_t>(), .length = in.be<std::uint64_t>()};
    if (storage != storage_emmc && storage != storage_sd)
      return hang(storage == storage_nand ? "the NAND formatter runs on a phone without NAND"
                                          : fmt::format("format of storage {}", storage));
    next_command();
    if (job.offset % block_size != 0) {
      refuse(codes().bad_start);
      return send_ack();
    }
    send_ack();
    if (!range_fits(part_, job.offset, job.length)) {
      refuse(codes().bad_range);
      return send_ack();
    }
    send_ack();
    format_round(job);
  });
}

void LegacyDa2::format_round(Format job) {
  const std::uint32_t rounds = board_.model.agent.format_rounds;
  const bool last = job.round >= rounds;
  if (last) {
    const std::uint64_t group = board_.model.agent.erase_group;
    std::uint64_t begin = job.offset;
    std::uint64_t end = job.offset + job.length;
    if (group != 0) {
      begin = (begin + group - 1) / group * group;
      end = end / group * group;
    }
    if (begin < end) {
      if (const auto erased = board_.card.erase(part_, begin, end - begin); !erased)
        return hang(erased.error().what);
    }
  }
  board_.send_be(last ? 0U : codes().in_progress);
  board_.send_u8(last ? whole_percent : static_cast<unsigned>(job.round * whole_percent / rounds));
  field(1, [this, job, last](ByteView answer) mutable {
    if (answer[0] != std::byte{legacy::ack})
      return hang(fmt::format("{} instead of 5A after a progress message", hex(answer)));
    if (!last) {
      ++job.round;
      return format_round(job);
    }
    send_ack();
    send_ack();
    next_command();
  });
}

}  // namespace mtk::sim
