// SPDX-License-Identifier: Apache-2.0
// The generic file header chain that opens boot-ROM loadable files: preloaders, authentication files, stubs.
// Source: docs/format/preloader.md
#pragma once

#include "base/bytes.h"

#include <optional>

namespace mtk {

enum class GfhFileType : std::uint16_t {
  arm_bl = 1,  ///< preloader
  arm_ext_bl = 2,
  certificate = 4,
  tool_auth = 5,
  da_stub = 7
};

/// FILE_INFO, the first header of a file.
struct GfhFileInfo {
  std::uint16_t file_type = 0;      ///< see GfhFileType
  std::uint8_t flash_device = 0;    ///< 0 none, 2 NAND, 5 eMMC, 0x0c UFS or generic
  std::uint8_t signature_type = 0;  ///< 0 none, 1 hash, 2 single, 3 single and hash, 5 certificate chain
  std::uint32_t load_address = 0;   ///< of the header itself
  std::uint32_t file_length = 0;    ///< header to end of signature
  std::uint32_t max_size = 0;
  std::uint32_t content_offset = 0;
  std::uint32_t signature_length = 0;
  std::uint32_t jump_offset = 0;
  std::uint32_t attributes = 0;
};

struct GfhHeader {
  std::size_t offset = 0;  ///< from FILE_INFO
  std::uint8_t version = 0;
  std::uint16_t size = 0;
  std::uint16_t type = 0;  ///< 0 FILE_INFO, 1 BL_INFO, 2 ANTI_CLONE, 3 BL_SEC_KEY, 7 BROM_CFG, 8 BROM_SEC_CFG
};

/// Whether the bytes start with a FILE_INFO header.
bool starts_with_gfh(ByteView bytes);
/// Where the first FILE_INFO header starts: behind the longest device header at most.
std::optional<std::size_t> find_gfh(ByteView bytes);

/// Errors: bad_image (cut short, or lengths that contradict each other or the bytes that are there).
Result<GfhFileInfo> read_file_info(ByteView file);
/// All headers, FILE_INFO first; ends where the magic ends. Errors: bad_image.
Result<std::vector<GfhHeader>> read_gfh_chain(ByteView file);

}  // namespace mtk
