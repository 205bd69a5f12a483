// SPDX-License-Identifier: Apache-2.0
// The records of a sparse file, shared by its reader and its builder.
#pragma once

#include "base/wire.h"

namespace mtk {

namespace sparse_format {

inline constexpr std::uint16_t raw_chunk = 0xcac1;
inline constexpr std::uint16_t fill_chunk = 0xcac2;
inline constexpr std::uint16_t dont_care_chunk = 0xcac3;
inline constexpr std::uint16_t crc_chunk = 0xcac4;

struct Header {
  std::uint32_t magic;
  std::uint16_t major;
  std::uint16_t minor;
  std::uint16_t header_size;
  std::uint16_t chunk_header_size;
  std::uint32_t block_size;
  std::uint32_t total_blocks;
  std::uint32_t total_chunks;
  std::uint32_t checksum;
};

struct ChunkHeader {
  std::uint16_t type;
  std::uint16_t reserved;
  std::uint32_t blocks;
  std::uint32_t total_size;
};

}  // namespace sparse_format

template <>
struct Wire<sparse_format::Header> {
  static constexpr auto order = std::endian::little;
  static constexpr auto fields =
      std::tuple{Field{"magic", &sparse_format::Header::magic},
                 Field{"major", &sparse_format::Header::major},
                 Field{"minor", &sparse_format::Header::minor},
                 Field{"header_size", &sparse_format::Header::header_size},
                 Field{"chunk_header_size", &sparse_format::Header::chunk_header_size},
                 Field{"block_size", &sparse_format::Header::block_size},
                 Field{"total_blocks", &sparse_format::Header::total_blocks},
                 Field{"total_chunks", &sparse_format::Header::total_chunks},
                 Field{"checksum", &sparse_format::Header::checksum}};
};

template <>
struct Wire<sparse_format::ChunkHeader> {
  static constexpr auto order = std::endian::little;
  static constexpr auto fields = std::tuple{Field{"type", &sparse_format::ChunkHeader::type},
                                            Field{"reserved", &sparse_format::ChunkHeader::reserved},
                                            Field{"blocks", &sparse_format::ChunkHeader::blocks},
                                            Field{"total_size", &sparse_format::ChunkHeader::total_size}};
};

}  // namespace mtk
