// SPDX-License-Identifier: Apache-2.0
#include "image/table/mbr.h"

#include "base/checked.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

constexpr std::size_t table_at = 446;
constexpr std::size_t slots = 4;
constexpr std::size_t entry_size = 16;
constexpr std::uint16_t signature = 0xaa55;
constexpr std::uint8_t protective = 0xee;
/// Phones have two; a chain that does not end is a loop.
constexpr std::size_t longest_chain = 32;

/// Type, start and length in sectors; the rest of an entry says nothing on phones.
struct Slot {
  std::uint8_t type = 0;
  std::uint32_t start = 0;
  std::uint32_t length = 0;

  bool is_extended() const { return type == 0x05 || type == 0x0f || type == 0x85; }
};
using Slots = std::array<Slot, slots>;

Result<Slots> read_slots(const ReadSector& read, std::uint64_t offset, std::string_view what) {
  MTK_TRY_LET(const Bytes sector, read(offset));
  ByteReader in{sector, Errc::bad_image};
  in.seek(table_at + slots * entry_size);
  if (in.le<std::uint16_t>() != signature || in.failed()) {
    return fail(Errc::bad_image, fmt::format("no {} at byte 0x{:x}", what, offset));
  }
  Slots out;
  in.seek(table_at);
  for (Slot& slot : out) {
    in.skip(4);
    slot.type = in.u8();
    in.skip(3);
    slot.start = in.le<std::uint32_t>();
    slot.length = in.le<std::uint32_t>();
  }
  MTK_TRY(in.ok());
  return out;
}

class Chain {
 public:
  Chain(const ReadSector& read, std::uint64_t disk_size) : read_(read), disk_size_(disk_size) {}

  Result<Mbr> run() {
    MTK_TRY_LET(const Slots first, read_slots(read_, 0, "MBR"));
    out_.boot_records.push_back(0);
    if (std::ranges::any_of(first, [](const Slot& slot) { return slot.type == protective; })) {
      return fail(Errc::bad_image, "the MBR belongs to a GPT");
    }
    std::uint64_t extended = 0;
    for (std::size_t i = 0; i < slots; ++i) {
      const Slot& slot = first[i];
      if (slot.type == 0) continue;
      if (!slot.is_extended()) {
        add(slot, 0, static_cast<unsigned>(i + 1));
      } else if (extended == 0) {
        extended = slot.start * mbr_sector_size;
      }
    }
    if (extended != 0) MTK_TRY(follow(extended));
    if (out_.partitions.empty()) return fail(Errc::bad_image, "an MBR without partitions");
    std::ranges::stable_sort(out_.partitions, {}, &MbrPartition::offset);
    note_overlaps();
    return std::move(out_);
  }

 private:
  /// Partitions of an EBR count from it, its link counts from the first EBR.
  Result<> follow(std::uint64_t first) {
    unsigned number = slots + 1;
    for (std::uint64_t at = first; at != 0;) {
      const bool seen = std::ranges::find(out_.boot_records, at) != out_.boot_records.end();
      if (seen || out_.boot_records.size() > longest_chain || !fits(at, mbr_sector_size, disk_size_)) {
        out_.problems.push_back(fmt::format("the chain of partitions leads astray at byte 0x{:x}", at));
        return {};
      }
      const auto table = read_slots(read_, at, "EBR");
      if (!table) {
        if (table.error().code != Errc::bad_image) return fail(table.error());
        out_.problems.push_back(table.error().what);
        return {};
      }
      out_.boot_records.push_back(at);
      std::uint64_t next = 0;
      for (const Slot& slot : *table) {
        if (slot.type == 0) continue;
        if (!slot.is_extended()) {
          add(slot, at, number++);
        } else if (next == 0) {
          next = first + slot.start * mbr_sector_size;
        }
      }
      at = next;
    }
    return {};
  }

  void add(const Slot& slot, std::uint64_t base, unsigned number) {
    const std::uint64_t offset = base + slot.start * mbr_sector_size;
    std::uint64_t size = slot.length * mbr_sector_size;
    // The last one is written as large as the format can say, whatever the disk.
    const bool to_the_end = std::uint64_t{slot.start} + slot.length >= 0xffffffff;
    if (to_the_end && offset < disk_size_) size = disk_size_ - offset;
    if (size == 0 || !fits(offset, size, disk_size_)) {
      out_.problems.push_back(
          fmt::format("partition {} at 0x{:x}+0x{:x} lies outside the disk", number, offset, size));
      return;
    }
    out_.partitions.push_back({.number = number, .type = slot.type, .offset = offset, .size = size});
  }

  void note_overlaps() {
    for (std::size_t i = 1; i < out_.partitions.size(); ++i) {
      const MbrPartition& before = out_.partitions[i - 1];
      if (before.offset + before.size <= out_.partitions[i].offset) continue;
      out_.problems.push_back(
          fmt::format("partitions {} and {} overlap", before.number, out_.partitions[i].number));
    }
  }

  const ReadSector& read_;
  std::uint64_t disk_size_;
  Mbr out_;
};

}  // namespace

Result<Mbr> read_mbr(const ReadSector& read, std::uint64_t disk_size) { return Chain{read, disk_size}.run(); }

}  // namespace mtk
