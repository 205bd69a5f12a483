// SPDX-License-Identifier: Apache-2.0
// Writing both copies of a partition table and the protective MBR.
#include "base/checked.h"
#include "base/hash.h"
#include "image/gpt/gpt.h"
#include "image/gpt/records.h"
#include "image/utf16.h"

#include <algorithm>

namespace mtk {

using gpt_format::Entry;
using gpt_format::Header;

namespace {

/// Where everything goes, in sectors.
struct Layout {
  std::uint64_t sectors = 0;
  std::uint64_t entry_sectors = 0;
  std::uint64_t first_usable = 0;
  std::uint64_t last_usable = 0;
  std::uint32_t entry_count = 0;
};

Result<Layout> plan_layout(const Gpt& table, const DiskGeometry& disk) {
  const std::uint64_t sector = disk.sector_size;
  if ((sector != 512 && sector != 4096) || disk.disk_size % sector != 0) {
    return fail(Errc::out_of_range,
                fmt::format("a disk of {} bytes with sectors of {}", disk.disk_size, sector));
  }
  Layout layout{.sectors = disk.disk_size / sector,
                .entry_count = table.entry_count != 0 ? table.entry_count : gpt_format::usual_entry_count};
  if (layout.entry_count > max_gpt_entries || table.partitions.size() > layout.entry_count) {
    return fail(Errc::out_of_range, fmt::format("{} partitions in a table of {} slots",
                                                table.partitions.size(), layout.entry_count));
  }
  layout.entry_sectors = (layout.entry_count * wire_size<Entry>() + sector - 1) / sector;
  const std::uint64_t lowest = 2 + layout.entry_sectors;
  if (layout.sectors <= 2 * lowest) return fail(Errc::out_of_range, "the disk is too small for a table");
  const std::uint64_t highest = layout.sectors - 2 - layout.entry_sectors;
  layout.first_usable = table.first_usable != 0 ? table.first_usable / sector : lowest;
  layout.last_usable = table.usable_end != 0 ? table.usable_end / sector - 1 : highest;
  if (table.first_usable % sector != 0 || table.usable_end % sector != 0 || layout.first_usable < lowest ||
      layout.last_usable > highest || layout.first_usable > layout.last_usable) {
    return fail(Errc::out_of_range, fmt::format("usable range 0x{:x}-0x{:x} does not fit the disk",
                                                table.first_usable, table.usable_end));
  }
  return layout;
}

Result<> check_partitions(const Gpt& table, const Layout& layout, std::uint64_t sector) {
  std::vector<const Partition*> by_offset;
  for (const Partition& partition : table.partitions) by_offset.push_back(&partition);
  std::ranges::sort(by_offset, {}, &Partition::offset);
  std::uint64_t free_from = layout.first_usable * sector;
  const std::uint64_t end = (layout.last_usable + 1) * sector;
  for (const Partition* partition : by_offset) {
    if (partition->size == 0 || partition->offset % sector != 0 || partition->size % sector != 0 ||
        !fits(partition->offset, partition->size, end)) {
      return fail(Errc::out_of_range, fmt::format("partition '{}' at 0x{:x}+0x{:x} does not fit the disk",
                                                  partition->name, partition->offset, partition->size));
    }
    if (partition->offset < free_from) {
      return fail(Errc::out_of_range, fmt::format("partition '{}' at 0x{:x} overlaps what is before it",
                                                  partition->name, partition->offset));
    }
    free_from = partition->offset + partition->size;
  }
  return {};
}

Result<Entry> encode_entry(const Partition& partition, std::uint64_t sector) {
  Entry entry{.type = partition.type.bytes,
              .unique = partition.unique.bytes,
              .first_lba = partition.offset / sector,
              .last_lba = (partition.offset + partition.size) / sector - 1,
              .attributes = partition.attributes,
              .name = {}};
  if (partition.type == Guid{}) {
    return fail(Errc::out_of_range, fmt::format("partition '{}' has no type", partition.name));
  }
  const std::u16string name = utf16_from_utf8(partition.name);
  if (name.size() > gpt_format::name_units) {
    return fail(Errc::out_of_range,
                fmt::format("partition name '{}' is longer than 36 characters", partition.name));
  }
  ByteWriter units;
  for (const char16_t unit : name) units.le(static_cast<std::uint16_t>(unit));
  std::ranges::copy(units.view(), entry.name.begin());
  return entry;
}

/// Header plus padding to a whole sector, checksummed.
Bytes encode_header(Header header, std::uint64_t sector) {
  header.header_crc = 0;
  header.header_crc = crc32(encode(header));
  ByteWriter out;
  write(out, header);
  out.fill(sector - out.size());
  return std::move(out).take();
}

Bytes protective_mbr(std::uint64_t sectors, std::uint64_t sector) {
  ByteWriter out;
  out.fill(446);
  out.bytes(to_bytes({0x00, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff}));
  out.le(std::uint32_t{1});
  out.le(static_cast<std::uint32_t>(std::min<std::uint64_t>(sectors - 1, 0xffffffff)));
  out.fill(48);
  out.bytes(to_bytes({0x55, 0xaa}));
  out.fill(sector - out.size());
  return std::move(out).take();
}

}  // namespace

Result<EncodedGpt> encode_gpt(const Gpt& table, const DiskGeometry& disk) {
  const std::uint64_t sector = disk.sector_size;
  MTK_TRY_LET(const Layout layout, plan_layout(table, disk));
  MTK_TRY(check_partitions(table, layout, sector));
  ByteWriter entries;
  for (const Partition& partition : table.partitions) {
    MTK_TRY_LET(const Entry entry, encode_entry(partition, sector));
    write(entries, entry);
  }
  entries.fill(layout.entry_count * wire_size<Entry>() - entries.size());
  Header header{.signature = {},
                .revision = gpt_format::revision,
                .header_size = static_cast<std::uint32_t>(wire_size<Header>()),
                .header_crc = 0,
                .reserved = 0,
                .my_lba = 1,
                .alternate_lba = layout.sectors - 1,
                .first_usable_lba = layout.first_usable,
                .last_usable_lba = layout.last_usable,
                .disk_guid = table.disk.bytes,
                .entries_lba = 2,
                .entry_count = layout.entry_count,
                .entry_size = static_cast<std::uint32_t>(wire_size<Entry>()),
                .entries_crc = crc32(entries.view())};
  std::ranges::copy(to_bytes(gpt_format::signature), header.signature.begin());
  entries.fill(layout.entry_sectors * sector - entries.size());

  EncodedGpt out;
  out.head = protective_mbr(layout.sectors, sector);
  const Bytes primary = encode_header(header, sector);
  out.head.insert(out.head.end(), primary.begin(), primary.end());
  out.head.insert(out.head.end(), entries.view().begin(), entries.view().end());

  std::swap(header.my_lba, header.alternate_lba);
  header.entries_lba = layout.sectors - 1 - layout.entry_sectors;
  out.tail_offset = header.entries_lba * sector;
  const Bytes backup = encode_header(header, sector);
  out.tail = std::move(entries).take();
  out.tail.insert(out.tail.end(), backup.begin(), backup.end());
  return out;
}

Result<GptPiece> rebuild_gpt_copy(ByteView good, GptCopy copy, const DiskGeometry& disk) {
  MTK_TRY_LET(const auto raw, gpt_format::read_raw_copy(good, copy, disk));
  const std::uint64_t sector = disk.sector_size;
  const std::uint64_t sectors = disk.disk_size / sector;
  const std::uint64_t entry_sectors = (raw.entries.size() + sector - 1) / sector;
  Header header = raw.header;
  std::swap(header.my_lba, header.alternate_lba);
  header.header_size = static_cast<std::uint32_t>(wire_size<Header>());
  if (copy == GptCopy::backup) {
    header.my_lba = 1;
    header.entries_lba = 2;
    if (header.first_usable_lba < header.entries_lba + entry_sectors) {
      return fail(Errc::out_of_range, "no room for the primary copy before the first partition");
    }
  } else {
    if (header.my_lba <= header.last_usable_lba || header.my_lba >= sectors) header.my_lba = sectors - 1;
    header.entries_lba = header.my_lba - std::min(entry_sectors, header.my_lba);
    if (header.entries_lba <= header.last_usable_lba) {
      return fail(Errc::out_of_range, "no room for the backup copy behind the last partition");
    }
  }
  ByteWriter entries;
  entries.bytes(raw.entries).fill(entry_sectors * sector - raw.entries.size());
  const Bytes head = encode_header(header, sector);
  ByteWriter out;
  if (copy == GptCopy::primary) {
    out.bytes(entries.view()).bytes(head);
    return GptPiece{.offset = header.entries_lba * sector, .bytes = std::move(out).take()};
  }
  out.bytes(protective_mbr(sectors, sector)).bytes(head).bytes(entries.view());
  return GptPiece{.offset = 0, .bytes = std::move(out).take()};
}

}  // namespace mtk
