// SPDX-License-Identifier: Apache-2.0
// READ_DATA, WRITE_DATA and FORMAT: ranges of the card, with the oddities of the genuine agent.
#include "base/checked.h"
#include "sim/policy.h"
#include "sim/xflash_da2.h"

#include <algorithm>

namespace mtk::sim {

namespace {

constexpr std::uint32_t storage_emmc = 1;
constexpr std::uint32_t storage_sd = 2;
constexpr std::uint32_t storage_nand = 0x10;
constexpr std::uint32_t last_nand = 0x16;
constexpr std::uint32_t storage_ufs = 0x30;

constexpr std::uint32_t storage_mismatch = 0xc0030006;
constexpr std::uint32_t unknown_section = 0xc003000c;
constexpr std::uint32_t unknown_storage = 0xc0040009;
constexpr std::uint32_t beyond_range = 0xc004000b;
constexpr std::uint32_t emmc_error = 0xc0040030;
constexpr std::uint32_t nand_error = 0xc0040040;
constexpr std::uint32_t ufs_error = 0xc0040060;
constexpr std::uint32_t aborted = 0xc0010002;
constexpr std::uint32_t write_not_allowed = 0xc002000c;
constexpr std::uint32_t whole_percent = 100;
/// Progress reports of a NAND erase.
constexpr std::uint32_t nand_steps = 4;

std::optional<std::uint8_t> emmc_part(std::uint32_t section, bool takes_gp) {
  const bool is_gp = section >= part_gp1 && section <= part_gp4;
  if (section != part_boot1 && section != part_boot2 && section != part_user && !(is_gp && takes_gp))
    return std::nullopt;
  return static_cast<std::uint8_t>(section);
}

std::optional<std::uint8_t> ufs_part(std::uint32_t section) {
  switch (section) {
    case 1:
      return part_boot1;
    case 2:
      return part_boot2;
    case 3:
      return part_user;
    default:
      return std::nullopt;
  }
}

/// A single section, and those of a NAND that is divided; hosts in the wild send the 8 of eMMC.
std::optional<std::uint8_t> nand_part(std::uint32_t section) {
  switch (section) {
    case 0:
    case 8:
    case 0x22:
      return part_user;
    case 0x20:
      return part_boot1;
    case 0x21:
      return part_boot2;
    default:
      return std::nullopt;
  }
}

}  // namespace

XflashDa2::Range XflashDa2::parse_range(ByteView parameter) {
  const Bytes whole = padded(parameter, xflash::range_size);
  ByteReader in{whole};
  Range range;
  range.storage = in.le<std::uint32_t>() & 0xff;
  range.section = in.le<std::uint32_t>();
  range.offset = in.le<std::uint64_t>();
  range.length = in.le<std::uint64_t>();
  return range;
}

std::uint32_t XflashDa2::validate(const Range& range, std::optional<Place>& place) const {
  const bool ufs = board_.card.kind() == StorageKind::ufs;
  const bool is_nand = range.storage >= storage_nand && range.storage <= last_nand;
  if (range.storage == 0) return unknown_storage;
  std::optional<std::uint8_t> part;
  if (has_nand() && is_nand) {
    part = nand_part(range.section);
  } else if (range.storage == storage_sd || range.storage == storage_nand) {
    return beyond_range;
  } else if (has_nand() || range.storage != (ufs ? storage_ufs : storage_emmc)) {
    return storage_mismatch;
  } else {
    part = ufs ? ufs_part(range.section) : emmc_part(range.section, board_.model.xflash.gp_sections);
  }
  if (!part) return unknown_section;
  const std::uint64_t size = board_.card.size(*part);
  const std::uint64_t begin = std::min(range.offset, size);
  place = Place{.part = *part, .offset = begin, .size = std::min(range.length, size - begin)};
  return fits(range.offset, range.length, size) ? xflash::ok : beyond_range;
}

void XflashDa2::read_data() {
  accept();
  packet(xflash::range_size, [this](Packet packet) {
    std::optional<Place> place;
    const std::uint32_t status = packet.fits ? validate(parse_range(packet.payload), place) : unknown_section;
    if (status != xflash::ok) return finish(status);
    send_word(status);
    send_message("reading");
    send_data(*place);
  });
}

void XflashDa2::send_data(Place place) {
  if (place.size == 0) return finish(xflash::ok);
  send_data_packet(place);
}

void XflashDa2::send_data_packet(Place place) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(place.size, read_length()));
  auto data = board_.card.read(place.part, place.offset, size);
  if (!data) {
    board_.log("da2: {}", data.error().what);
    return finish(card_error());
  }
  board_.take_card_time(size);
  send_word(xflash::ok);
  send_message("packet");
  send_packet(*data);
  const Place rest{.part = place.part, .offset = place.offset + size, .size = place.size - size};
  packet(4, [this, rest](Packet ack) {
    const auto value = ByteReader{padded(ack.payload, 4)}.le<std::uint32_t>();
    if (!ack.fits) return finish(xflash::too_long);
    if (board_.model.xflash.joined_ack && board_.transfer_borders && !ack.joined)
      return hang("header and payload of an acknowledgement came in two transfers");
    if (value != 0) {
      board_.log("da2: the host stops the read with {:08X}", value);
      return finish(value);
    }
    send_data(rest);
  });
}

void XflashDa2::write_data() {
  accept();
  packet(xflash::range_size, [this](Packet packet) {
    std::optional<Place> place;
    std::uint32_t status = packet.fits ? validate(parse_range(packet.payload), place) : unknown_section;
    const auto& security = board_.model.security;
    if (status == xflash::ok) {
      for (const auto* list : {&security.deny, &security.signed_parts}) {
        const auto name = touches_listed(board_, *list, *place);
        if (!name) continue;
        board_.log("da2: a raw write may not touch {}", *name);
        status = write_not_allowed;
      }
    }
    if (status != xflash::ok) return finish(status);
    send_word(status);
    begin_write({.sink = plain_sink(board_, *place, read_back()), .left = place->size});
  });
}

/// A validation that failed is told and does not stop the agent: what follows depends on the storage named.
void XflashDa2::format_range() {
  accept();
  packet(xflash::range_size, [this](Packet packet) {
    std::optional<Place> place;
    const Range range = parse_range(packet.payload);
    const std::uint32_t status = packet.fits ? validate(range, place) : unknown_section;
    send_word(status);
    send_message("formatting");
    if (!place) return finish(packet.fits ? end_of_failed_format(range) : xflash::bad_parameters);
    const auto& security = board_.model.security;
    for (const auto* list : {&security.deny, &security.signed_parts}) {
      if (const auto name = touches_listed(board_, *list, *place)) {
        board_.log("da2: an erase may not touch {}", *name);
        return finish(write_not_allowed);
      }
    }
    erase(*place);
  });
}

std::uint32_t XflashDa2::end_of_failed_format(const Range& range) const {
  const bool ufs = board_.card.kind() == StorageKind::ufs;
  switch (range.storage) {
    case storage_nand:
    case storage_sd:
      return has_nand() && range.storage == storage_nand ? xflash::bad_parameters : xflash::complete;
    case storage_emmc:
      return ufs || has_nand() ? emmc_error : xflash::bad_parameters;
    case storage_ufs:
      return ufs ? xflash::bad_parameters : ufs_error;
    default:
      return unknown_storage;
  }
}

std::uint32_t XflashDa2::card_error() const {
  if (has_nand()) return nand_error;
  return board_.card.kind() == StorageKind::ufs ? ufs_error : emmc_error;
}

void XflashDa2::erase(Place place) { erase_step(place, 0); }

/// eMMC and UFS report once, when all is done, so the host's answer changes nothing there.
void XflashDa2::erase_step(Place place, std::uint32_t step) {
  const std::uint32_t steps = has_nand() ? nand_steps : 1;
  const std::uint64_t unit = place.size / steps;
  const std::uint64_t begin = unit * step;
  const std::uint64_t length = step + 1 == steps ? place.size - begin : unit;
  if (!board_.card.erase(place.part, place.offset + begin, length)) return finish(card_error());
  send_word(xflash::proceed);
  send_word(whole_percent * (step + 1) / steps);
  packet(4, [this, place, step, steps](Packet ack) {
    const bool stop = ack.fits && ByteReader{padded(ack.payload, 4)}.le<std::uint32_t>() != 0;
    if (stop) board_.log("da2: the host would stop the erase");
    if (stop && has_nand()) return finish(aborted);
    if (step + 1 < steps) return erase_step(place, step + 1);
    finish(xflash::complete);
  });
}

}  // namespace mtk::sim
