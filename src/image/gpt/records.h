// SPDX-License-Identifier: Apache-2.0
// The records of a partition table on disk, shared by its reader and its writer.
#pragma once

#include "base/wire.h"
#include "image/gpt/gpt.h"

namespace mtk {

namespace gpt_format {

inline constexpr std::string_view signature = "EFI PART";
inline constexpr std::uint32_t revision = 0x00010000;
inline constexpr std::size_t name_units = 36;
inline constexpr std::uint32_t usual_entry_count = 128;

struct Header {
  std::array<std::byte, 8> signature;
  std::uint32_t revision;
  std::uint32_t header_size;
  std::uint32_t header_crc;
  std::uint32_t reserved;
  std::uint64_t my_lba;
  std::uint64_t alternate_lba;
  std::uint64_t first_usable_lba;
  std::uint64_t last_usable_lba;
  std::array<std::byte, 16> disk_guid;
  std::uint64_t entries_lba;
  std::uint32_t entry_count;
  std::uint32_t entry_size;
  std::uint32_t entries_crc;
};

struct Entry {
  std::array<std::byte, 16> type;
  std::array<std::byte, 16> unique;
  std::uint64_t first_lba;
  std::uint64_t last_lba;
  std::uint64_t attributes;
  std::array<std::byte, 2 * name_units> name;
};

/// A copy whose checksums are right.
struct RawTable {
  Header header;
  ByteView entries;
};
/// Errors: as read_gpt_copy().
Result<RawTable> read_raw_copy(ByteView bytes, GptCopy copy, const DiskGeometry& disk);

inline constexpr std::size_t header_crc_offset = 16;

}  // namespace gpt_format

template <>
struct Wire<gpt_format::Header> {
  using H = gpt_format::Header;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields = std::tuple{Field{"signature", &H::signature},
                                            Field{"revision", &H::revision},
                                            Field{"header_size", &H::header_size},
                                            Field{"header_crc", &H::header_crc},
                                            Field{"reserved", &H::reserved},
                                            Field{"my_lba", &H::my_lba},
                                            Field{"alternate_lba", &H::alternate_lba},
                                            Field{"first_usable_lba", &H::first_usable_lba},
                                            Field{"last_usable_lba", &H::last_usable_lba},
                                            Field{"disk_guid", &H::disk_guid},
                                            Field{"entries_lba", &H::entries_lba},
                                            Field{"entry_count", &H::entry_count},
                                            Field{"entry_size", &H::entry_size},
                                            Field{"entries_crc", &H::entries_crc}};
};

template <>
struct Wire<gpt_format::Entry> {
  using E = gpt_format::Entry;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields = std::tuple{
      Field{"type", &E::type},         Field{"unique", &E::unique},         Field{"first_lba", &E::first_lba},
      Field{"last_lba", &E::last_lba}, Field{"attributes", &E::attributes}, Field{"name", &E::name}};
};

}  // namespace mtk
