// SPDX-License-Identifier: Apache-2.0
// The records of an agent container, shared by its reader and its builder.
#pragma once

#include "base/wire.h"

namespace mtk {

namespace da_format {

inline constexpr std::string_view name = "MTK_DOWNLOAD_AGENT";
inline constexpr std::uint32_t info_version = 4;
inline constexpr std::uint32_t header_magic = 0x22668899;
inline constexpr std::uint16_t entry_magic = 0xdada;
inline constexpr std::size_t version_text_size = 64;
inline constexpr std::size_t region_slots = 10;
inline constexpr std::uint32_t max_entries = 256;

struct Header {
  std::array<std::byte, 32> name;
  std::array<std::byte, version_text_size> version_text;
  std::uint32_t info_version;
  std::uint32_t magic;
  std::uint32_t entry_count;
};

struct EntryHead {
  std::uint16_t magic;
  std::uint16_t hw_code;
  std::uint16_t hw_sub_code;
  std::uint16_t hw_version;
  std::uint16_t sw_version;
  std::uint16_t reserved1;
  std::uint16_t page_size;
  std::uint16_t reserved2;
  std::uint16_t entry_region_index;
  std::uint16_t entry_region_count;
};

/// Entry head of very old files, which lack sw_version and the first reserved field.
struct OldEntryHead {
  std::uint16_t magic;
  std::uint16_t hw_code;
  std::uint16_t hw_sub_code;
  std::uint16_t hw_version;
  std::uint16_t page_size;
  std::uint16_t reserved;
  std::uint16_t entry_region_index;
  std::uint16_t entry_region_count;
};

struct Region {
  std::uint32_t file_offset;
  std::uint32_t length;
  std::uint32_t load_address;
  std::uint32_t signature_offset;
  std::uint32_t signature_length;
};

}  // namespace da_format

template <>
struct Wire<da_format::Header> {
  using H = da_format::Header;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields = std::tuple{Field{"name", &H::name}, Field{"version_text", &H::version_text},
                                            Field{"info_version", &H::info_version},
                                            Field{"magic", &H::magic}, Field{"entry_count", &H::entry_count}};
};
template <>
struct Wire<da_format::EntryHead> {
  using E = da_format::EntryHead;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields = std::tuple{Field{"magic", &E::magic},
                                            Field{"hw_code", &E::hw_code},
                                            Field{"hw_sub_code", &E::hw_sub_code},
                                            Field{"hw_version", &E::hw_version},
                                            Field{"sw_version", &E::sw_version},
                                            Field{"reserved1", &E::reserved1},
                                            Field{"page_size", &E::page_size},
                                            Field{"reserved2", &E::reserved2},
                                            Field{"entry_region_index", &E::entry_region_index},
                                            Field{"entry_region_count", &E::entry_region_count}};
};
template <>
struct Wire<da_format::OldEntryHead> {
  using E = da_format::OldEntryHead;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields = std::tuple{Field{"magic", &E::magic},
                                            Field{"hw_code", &E::hw_code},
                                            Field{"hw_sub_code", &E::hw_sub_code},
                                            Field{"hw_version", &E::hw_version},
                                            Field{"page_size", &E::page_size},
                                            Field{"reserved", &E::reserved},
                                            Field{"entry_region_index", &E::entry_region_index},
                                            Field{"entry_region_count", &E::entry_region_count}};
};
template <>
struct Wire<da_format::Region> {
  using R = da_format::Region;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields =
      std::tuple{Field{"file_offset", &R::file_offset}, Field{"length", &R::length},
                 Field{"load_address", &R::load_address}, Field{"signature_offset", &R::signature_offset},
                 Field{"signature_length", &R::signature_length}};
};

namespace da_format {
inline constexpr std::size_t stride = wire_size<EntryHead>() + region_slots * wire_size<Region>();
inline constexpr std::size_t old_stride = stride - (wire_size<EntryHead>() - wire_size<OldEntryHead>());
static_assert(stride == 0xdc && old_stride == 0xd8);
static_assert(wire_size<Header>() == 0x6c);
}  // namespace da_format

}  // namespace mtk
