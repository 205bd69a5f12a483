// SPDX-License-Identifier: Apache-2.0
// What the reader of EROFS knows of a file: its place, and the pieces of its compressed content.
// Source: docs/format/android.md#erofs
#pragma once

#include "image/source.h"

namespace mtk::erofs {

struct Superblock {
  std::uint64_t block_size = 0;
  std::uint64_t metadata_at = 0;  ///< byte offset of inode 0
  std::uint32_t incompatible = 0;
  std::uint64_t root = 0;  ///< inode number

  bool has(std::uint32_t feature) const { return (incompatible & feature) != 0; }
};
inline constexpr std::uint32_t zero_padding = 0x1;  ///< compressed data ends with its blocks

enum class Layout : std::uint8_t {
  plain = 0,
  compressed_full = 1,
  inline_tail = 2,
  compressed_compact = 3,
  chunks = 4
};

struct Inode {
  Layout layout = Layout::plain;
  std::uint16_t mode = 0;
  std::uint64_t size = 0;
  std::uint32_t data = 0;     ///< first block, or how chunks are described
  std::uint64_t body_at = 0;  ///< byte offset of what follows inode and attributes
};

/// Content of a file whose layout is one of the two compressed ones; its size was compared with a limit.
/// Errors: bad_image, unsupported, io.
Result<Bytes> read_compressed(const ImageSource& image, const Superblock& about, const Inode& inode);

/// Like ImageSource::read_at(), but what lies outside the image is damage. Errors: bad_image, io.
Result<Bytes> read_bytes(const ImageSource& image, std::uint64_t offset, std::uint64_t length);

}  // namespace mtk::erofs
