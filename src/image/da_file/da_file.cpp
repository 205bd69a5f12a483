// SPDX-License-Identifier: Apache-2.0
#include "image/da_file/da_file.h"

#include "base/checked.h"
#include "base/file.h"
#include "image/da_file/records.h"

#include <algorithm>
#include <tuple>

namespace mtk {

using namespace da_format;

namespace {

constexpr std::uint64_t max_file_size = 64 * 1024 * 1024;

Result<DaRegion> read_region(ByteReader& reader, std::uint64_t file_size) {
  const auto raw = read<da_format::Region>(reader);
  MTK_TRY(reader.ok());
  // The offset of an empty region means nothing.
  if (raw.length != 0 && !fits(raw.file_offset, raw.length, file_size)) {
    return fail(Errc::bad_image, fmt::format("0x{:x}+0x{:x} lies outside the file of 0x{:x} bytes",
                                             raw.file_offset, raw.length, file_size));
  }
  if (raw.signature_length > raw.length) {
    return fail(Errc::bad_image, fmt::format("signature of 0x{:x} bytes in a region of 0x{:x}",
                                             raw.signature_length, raw.length));
  }
  return DaRegion{.file_offset = raw.file_offset,
                  .length = raw.length,
                  .load_address = raw.load_address,
                  .signature_offset = raw.signature_offset,
                  .signature_length = raw.signature_length};
}

/// Only the regions in use are read: in single-entry files the other slots do not exist.
Result<DaEntry> read_entry(ByteReader reader, bool old_layout, std::uint64_t file_size) {
  EntryHead head{};
  if (old_layout) {
    const auto old = read<OldEntryHead>(reader);
    head = {.magic = old.magic,
            .hw_code = old.hw_code,
            .hw_sub_code = old.hw_sub_code,
            .hw_version = old.hw_version,
            .sw_version = 0,
            .reserved1 = 0,
            .page_size = old.page_size,
            .reserved2 = old.reserved,
            .entry_region_index = old.entry_region_index,
            .entry_region_count = old.entry_region_count};
  } else {
    head = read<EntryHead>(reader);
  }
  MTK_TRY(reader.ok());
  if (head.magic != entry_magic) return fail(Errc::bad_image, fmt::format("magic 0x{:04x}", head.magic));
  if (head.entry_region_count > region_slots) {
    return fail(Errc::bad_image, fmt::format("{} regions", head.entry_region_count));
  }
  DaEntry entry{.hw_code = head.hw_code,
                .hw_sub_code = head.hw_sub_code,
                .hw_version = head.hw_version,
                .sw_version = head.sw_version,
                .page_size = head.page_size,
                .entry_region_index = head.entry_region_index};
  for (std::size_t i = 0; i < head.entry_region_count; ++i) {
    MTK_TRY_LET(const DaRegion region, in(read_region(reader, file_size), fmt::format("region {}", i)));
    entry.regions.push_back(region);
  }
  return entry;
}

/// Very old files have shorter entries; only a second entry shows it.
bool has_old_layout(ByteView file) {
  const auto magic_at = [&](std::size_t offset) {
    ByteReader reader{file};
    reader.seek(wire_size<Header>() + offset);
    return reader.le<std::uint16_t>() == entry_magic;
  };
  return !magic_at(stride) && magic_at(old_stride);
}

std::vector<std::string> oddities(const std::vector<DaEntry>& entries, std::uint64_t file_size) {
  std::vector<std::string> found;
  std::uint64_t end = 0;
  for (const DaEntry& entry : entries) {
    for (std::size_t i = 0; i < entry.regions.size(); ++i) {
      const DaRegion& region = entry.regions[i];
      if (region.length == 0) continue;
      end = std::max(end, std::uint64_t{region.file_offset} + region.length);
      const std::uint64_t relative = region.data_length();
      const bool known = region.signature_length == 0 || region.signature_offset == relative ||
                         region.signature_offset == region.file_offset + relative;
      if (!known) {
        found.push_back(fmt::format("chip 0x{:04x}: region {} places its signature at 0x{:x}, not at its end",
                                    entry.hw_code, i, region.signature_offset));
      }
    }
  }
  if (end < file_size) found.push_back(fmt::format("{} bytes after the last region", file_size - end));
  return found;
}

/// Larger is better: newest agent first, then the sub code made for this phone, then the general one.
std::tuple<std::uint16_t, std::uint16_t, int> rank(const DaEntry& entry, const DaQuery& phone) {
  const int sub = entry.hw_sub_code == phone.hw_sub_code ? 2 : entry.hw_sub_code == 0 ? 1 : 0;
  return {entry.hw_version, entry.sw_version, sub};
}

/// A phone that reports version 0 takes any.
bool not_above(std::uint16_t entry, std::uint16_t phone) { return phone == 0 || entry <= phone; }

Result<DaStage> stage(const DaFile& file, const DaEntry& entry, std::size_t index) {
  const DaRegion& region = entry.regions[index];
  if (region.data_length() == 0) return fail(Errc::bad_image, fmt::format("region {} is empty", index));
  return DaStage{.region = region, .bytes = file.bytes(region)};
}

}  // namespace

Result<DaFile> DaFile::parse(Bytes file) {
  ByteReader reader{file, Errc::bad_image};
  const auto header = read<Header>(reader);
  if (!reader.ok() || printable_text(header.name) != name || header.magic != header_magic) {
    return fail(Errc::bad_image, "not a download agent container");
  }
  if (header.info_version != info_version) {
    return fail(Errc::bad_image, fmt::format("container version {} is not known", header.info_version));
  }
  if (header.entry_count == 0 || header.entry_count > max_entries) {
    return fail(Errc::bad_image, fmt::format("container of {} agents", header.entry_count));
  }
  DaFile out;
  out.version_text_ = printable_text(header.version_text);
  const bool old_layout = has_old_layout(file);
  for (std::uint32_t i = 0; i < header.entry_count; ++i) {
    reader.seek(wire_size<Header>() + std::uint64_t{i} * (old_layout ? old_stride : stride));
    MTK_TRY_LET(DaEntry entry, in(read_entry(reader, old_layout, file.size()), fmt::format("agent {}", i)));
    out.entries_.push_back(std::move(entry));
  }
  out.warnings_ = oddities(out.entries_, file.size());
  out.file_ = std::move(file);
  return out;
}

Result<DaFile> DaFile::load(const std::filesystem::path& path) {
  MTK_TRY_LET(Bytes file, read_file(path, max_file_size));
  return in(parse(std::move(file)), path.filename().string());
}

bool DaFile::is_xml_family() const { return version_text_.find("MTK_DA_v6") != std::string::npos; }

Result<DaEntry> DaFile::choose(const DaQuery& phone) const {
  const DaEntry* best = nullptr;
  bool has_chip = false;
  for (const DaEntry& entry : entries_) {
    if (entry.hw_code != phone.hw_code) continue;
    has_chip = true;
    if (!not_above(entry.hw_version, phone.hw_version) || !not_above(entry.sw_version, phone.sw_version))
      continue;
    if (best == nullptr || rank(entry, phone) > rank(*best, phone)) best = &entry;
  }
  if (best != nullptr) return *best;
  if (has_chip) {
    return fail(
        Errc::unsupported,
        fmt::format("its agents for chip 0x{:04x} are newer than this phone ({:04x}/{:04x}); it holds {}",
                    phone.hw_code, phone.hw_version, phone.sw_version, chips_in(*this)));
  }
  return fail(Errc::unsupported,
              fmt::format("no agent for chip 0x{:04x}; it holds {}", phone.hw_code, chips_in(*this)));
}

ByteView DaFile::bytes(const DaRegion& region) const {
  if (region.length == 0 || !fits(region.file_offset, region.length, file_.size())) return {};
  return ByteView(file_).subspan(region.file_offset, region.length);
}

Result<DaStages> DaFile::stages(const DaEntry& entry) const {
  // Index 2 and more than three regions are measured on IoT chips only; their roles are not known.
  if (entry.entry_region_index > 1 || entry.regions.size() > 3) {
    return fail(Errc::unsupported,
                fmt::format("agent of chip 0x{:04x} has {} regions from index {}: not a phone's",
                            entry.hw_code, entry.regions.size(), entry.entry_region_index));
  }
  if (entry.regions.size() < 3) {
    return fail(Errc::bad_image, fmt::format("agent of chip 0x{:04x} has {} regions instead of 3",
                                             entry.hw_code, entry.regions.size()));
  }
  MTK_TRY_LET(const DaStage da1, stage(*this, entry, 1));
  MTK_TRY_LET(const DaStage da2, stage(*this, entry, 2));
  return DaStages{.da1 = da1, .da2 = da2};
}

std::string chips_in(const DaFile& file) {
  std::string text;
  for (const DaEntry& entry : file.entries()) {
    if (!text.empty()) text += ", ";
    text += fmt::format("0x{:04x}", entry.hw_code);
    const auto same_chip = [&](const DaEntry& other) { return other.hw_code == entry.hw_code; };
    if (std::ranges::count_if(file.entries(), same_chip) > 1) {
      text += fmt::format(" {:04x}/{:04x}", entry.hw_version, entry.sw_version);
    }
  }
  return text;
}

}  // namespace mtk
