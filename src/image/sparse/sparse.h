// SPDX-License-Identifier: Apache-2.0
// Android sparse images, expanded while they are read. Source: docs/format/sparse.md
#pragma once

#include "image/source.h"

namespace mtk {

inline constexpr std::uint32_t sparse_magic = 0xed26ff3a;
/// Images with more stretches of content than this are refused: each takes 24 bytes of memory.
inline constexpr std::size_t max_sparse_extents = std::size_t{1} << 20;

/// Whether CRC chunks are compared with the content: that reads the whole image once.
enum class SparseCrc : std::uint8_t { ignore, verify };

bool is_sparse(ByteView head);

/// Reads the chunk table of a stored image; its content is read later, piece by piece.
/// Errors: bad_image (header, chunk or totals that contradict each other or the file's size), io,
/// out_of_range (more than max_sparse_extents).
Result<ImagePtr> open_sparse(ImagePtr stored, SparseCrc crc = SparseCrc::ignore);

/// A piece for build_sparse(); `kind` data takes `data`, everything else `blocks`.
struct SparseChunk {
  enum class Kind : std::uint8_t { raw, fill, dont_care, crc32 } kind = Kind::raw;
  Bytes data = {};           ///< raw: a multiple of the block size
  std::uint32_t blocks = 0;  ///< fill and dont_care
  std::uint32_t value = 0;   ///< fill pattern or checksum
};
/// Builds a sparse image, for tests and firmware made for virtual phones.
/// Errors: out_of_range (a raw chunk that is no multiple of the block size, block size not a multiple of 4).
Result<Bytes> build_sparse(const std::vector<SparseChunk>& chunks, std::uint32_t block_size = 4096);

}  // namespace mtk
