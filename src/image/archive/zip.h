// SPDX-License-Identifier: Apache-2.0
// Zip archives read in place: the list of members, and each stored or deflated member as an image.
// Source: docs/format/package.md#zip
#pragma once

#include "image/source.h"

namespace mtk {

struct ZipMember {
  std::string name = {};  ///< as written
  std::uint64_t size = 0;
  std::uint64_t packed_size = 0;
  std::uint64_t header_at = 0;  ///< of the member's own header
  std::uint32_t crc = 0;
  std::uint16_t method = 0;
  bool encrypted = false;
  bool is_folder = false;
  bool is_link = false;

  /// Whether open_zip_member() can read it.
  bool in_place() const { return !encrypted && (method == 0 || method == 8); }
};

/// Archives with more members are refused.
inline constexpr std::size_t max_zip_members = 20000;

/// Errors: bad_image (no zip, cut short, several volumes, members that overlap or unpack to more than deflate
/// can hold), out_of_range (too many members), io.
Result<std::vector<ZipMember>> read_zip_directory(const ImageSource& zip);
/// The member as it lies in the archive. Errors: bad_image (its header contradicts the list), io.
Result<ImagePtr> packed_zip_member(const ImagePtr& zip, const ZipMember& member);
/// Errors: bad_image (its header contradicts the list), unsupported (encrypted, another method), io.
Result<ImagePtr> open_zip_member(const ImagePtr& zip, const ZipMember& member);

}  // namespace mtk
