// SPDX-License-Identifier: Apache-2.0
// Reading a partition table: every number comes from a phone and is checked before it is used.
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

Result<> check_geometry(const DiskGeometry& disk) {
  if ((disk.sector_size != 512 && disk.sector_size != 4096) || disk.disk_size == 0 ||
      disk.disk_size % disk.sector_size != 0) {
    return fail(Errc::out_of_range,
                fmt::format("a disk of {} bytes with sectors of {}", disk.disk_size, disk.sector_size));
  }
  return {};
}

/// A window of the disk: `bytes` stands at byte `at` of it.
struct Window {
  ByteView bytes;
  std::uint64_t at = 0;

  Result<ByteView> part(std::uint64_t offset, std::uint64_t length, std::string_view what) const {
    if (offset >= at && fits(offset - at, length, bytes.size())) {
      return bytes.subspan(static_cast<std::size_t>(offset - at), static_cast<std::size_t>(length));
    }
    return fail(Errc::bad_image, fmt::format("{} at byte 0x{:x}+0x{:x} is not among the bytes that were read",
                                             what, offset, length));
  }
};

Result<Header> read_header(const Window& window, std::uint64_t lba, const DiskGeometry& disk) {
  MTK_TRY_LET(const ByteView sector, window.part(lba * disk.sector_size, disk.sector_size, "the header"));
  ByteReader in{sector, Errc::bad_image};
  const Header header = read<Header>(in);
  MTK_TRY(in.ok());
  if (!std::ranges::equal(header.signature, to_bytes(gpt_format::signature))) {
    return fail(Errc::bad_image, "no table header");
  }
  if (header.header_size < wire_size<Header>() || header.header_size > disk.sector_size) {
    return fail(Errc::bad_image, fmt::format("header size {}", header.header_size));
  }
  Bytes summed(sector.begin(), sector.begin() + header.header_size);
  std::fill_n(summed.begin() + gpt_format::header_crc_offset, sizeof header.header_crc, std::byte{0});
  if (crc32(summed) != header.header_crc) return fail(Errc::bad_image, "header checksum is wrong");
  if (header.my_lba != lba) {
    return fail(Errc::bad_image,
                fmt::format("header says it stands in sector {}, not {}", header.my_lba, lba));
  }
  if (header.entry_size < wire_size<Entry>() || header.entry_size > 4096 ||
      header.entry_count > max_gpt_entries) {
    return fail(Errc::bad_image,
                fmt::format("table of {} entries of {} bytes", header.entry_count, header.entry_size));
  }
  if (header.entries_lba >= disk.disk_size / disk.sector_size) {
    return fail(Errc::bad_image, fmt::format("entries in sector {}, outside the disk", header.entries_lba));
  }
  return header;
}

std::string name_of(const Entry& entry) {
  std::u16string name;
  ByteReader in{entry.name};
  for (std::size_t i = 0; i < gpt_format::name_units; ++i) {
    const auto unit = static_cast<char16_t>(in.le<std::uint16_t>());
    if (unit == 0) break;
    name += unit;
  }
  return utf8_from_utf16(name);
}

bool is_used(const Entry& entry) {
  return std::ranges::any_of(entry.type, [](std::byte b) { return b != std::byte{0}; });
}

void add_entry(Gpt& table, const Entry& entry, const DiskGeometry& disk) {
  const std::string name = name_of(entry);
  if (entry.first_lba > entry.last_lba || entry.last_lba >= disk.disk_size / disk.sector_size) {
    table.problems.push_back(fmt::format("partition '{}' in sectors {}-{} lies outside the disk", name,
                                         entry.first_lba, entry.last_lba));
    return;
  }
  table.partitions.push_back({.name = name,
                              .offset = entry.first_lba * disk.sector_size,
                              .size = (entry.last_lba - entry.first_lba + 1) * disk.sector_size,
                              .type = {entry.type},
                              .unique = {entry.unique},
                              .attributes = entry.attributes});
}

void note_overlaps(Gpt& table) {
  std::vector<const Partition*> by_offset;
  for (const Partition& partition : table.partitions) by_offset.push_back(&partition);
  std::ranges::sort(by_offset, {}, &Partition::offset);
  for (std::size_t i = 1; i < by_offset.size(); ++i) {
    const Partition& before = *by_offset[i - 1];
    if (before.offset + before.size > by_offset[i]->offset) {
      table.problems.push_back(
          fmt::format("partitions '{}' and '{}' overlap", before.name, by_offset[i]->name));
    }
  }
}

Result<gpt_format::RawTable> read_raw(const Window& window, std::uint64_t lba, const DiskGeometry& disk) {
  MTK_TRY_LET(const Header header, read_header(window, lba, disk));
  const std::uint64_t table_size = std::uint64_t{header.entry_count} * header.entry_size;
  MTK_TRY_LET(const ByteView entries,
              window.part(header.entries_lba * disk.sector_size, table_size, "the entry table"));
  if (crc32(entries) != header.entries_crc) return fail(Errc::bad_image, "checksum of the entries is wrong");
  return gpt_format::RawTable{.header = header, .entries = entries};
}

Gpt table_of(const gpt_format::RawTable& raw, GptCopy copy, const DiskGeometry& disk) {
  const Header& header = raw.header;
  const std::uint64_t sectors = disk.disk_size / disk.sector_size;
  Gpt table{.disk = {header.disk_guid}, .entry_count = header.entry_count, .read_from = copy};
  if (header.first_usable_lba > header.last_usable_lba || header.last_usable_lba >= sectors) {
    table.problems.push_back(fmt::format("usable sectors {}-{} do not fit the disk of {} sectors",
                                         header.first_usable_lba, header.last_usable_lba, sectors));
  }
  table.first_usable = std::min(header.first_usable_lba, sectors) * disk.sector_size;
  table.usable_end = (std::min(header.last_usable_lba, sectors - 1) + 1) * disk.sector_size;
  for (std::uint32_t i = 0; i < header.entry_count; ++i) {
    ByteReader in{raw.entries.subspan(std::size_t{i} * header.entry_size, wire_size<Entry>()),
                  Errc::bad_image};
    const Entry entry = read<Entry>(in);
    if (is_used(entry)) add_entry(table, entry, disk);
  }
  note_overlaps(table);
  return table;
}

/// The sector of the backup header: the last one that looks like a header, since phones do not always keep
/// it in the very last sector they report.
std::optional<std::uint64_t> find_backup(const Window& window, const DiskGeometry& disk) {
  for (std::uint64_t lba = disk.disk_size / disk.sector_size; lba-- > window.at / disk.sector_size;) {
    const auto sector = window.part(lba * disk.sector_size, disk.sector_size, "a sector");
    if (!sector) return std::nullopt;
    if (std::ranges::equal(sector->first(gpt_format::signature.size()), to_bytes(gpt_format::signature))) {
      return lba;
    }
  }
  return std::nullopt;
}

}  // namespace

std::uint64_t gpt_head_size(std::uint32_t sector_size) {
  return 2 * std::uint64_t{sector_size} + gpt_format::usual_entry_count * wire_size<Entry>();
}
std::uint64_t gpt_tail_size(std::uint32_t sector_size) {
  return sector_size + gpt_format::usual_entry_count * wire_size<Entry>();
}

Result<gpt_format::RawTable> gpt_format::read_raw_copy(ByteView bytes, GptCopy copy,
                                                       const DiskGeometry& disk) {
  MTK_TRY(check_geometry(disk));
  if (bytes.size() > disk.disk_size) return fail(Errc::out_of_range, "more bytes than the disk has");
  if (copy == GptCopy::primary) return read_raw({.bytes = bytes}, 1, disk);
  const Window window{.bytes = bytes, .at = disk.disk_size - bytes.size()};
  const auto lba = find_backup(window, disk);
  if (!lba) return fail(Errc::bad_image, "no table header");
  return read_raw(window, *lba, disk);
}

Result<Gpt> read_gpt_copy(ByteView bytes, GptCopy copy, const DiskGeometry& disk) {
  MTK_TRY_LET(const auto raw, gpt_format::read_raw_copy(bytes, copy, disk));
  return table_of(raw, copy, disk);
}

Result<Gpt> read_gpt(ByteView head, ByteView tail, const DiskGeometry& disk) {
  auto primary = read_gpt_copy(head, GptCopy::primary, disk);
  if (tail.empty()) return in(std::move(primary), "primary partition table");
  auto backup = read_gpt_copy(tail, GptCopy::backup, disk);
  if (primary) {
    if (!backup) {
      primary->problems.push_back("the backup copy is damaged: " + backup.error().what);
    } else if (backup->partitions != primary->partitions) {
      primary->problems.emplace_back("the backup copy holds another table");
    }
    return primary;
  }
  if (backup) {
    backup->problems.push_back("the primary copy is damaged: " + primary.error().what);
    return backup;
  }
  return fail(Errc::bad_image, fmt::format("no partition table: primary: {}; backup: {}",
                                           primary.error().what, backup.error().what));
}

}  // namespace mtk
