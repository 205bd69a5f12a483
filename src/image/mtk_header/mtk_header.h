// SPDX-License-Identifier: Apache-2.0
// The 512-byte header in front of lk, logo, tee, modem and the other small images, and the chain of images
// that a newer file holds.
// Source: docs/format/mtk-header.md
#pragma once

#include "image/source.h"

#include <optional>

namespace mtk {

struct MtkImage {
  std::string name = {};     ///< `lk`, `logo`, `cert1` ...
  std::uint64_t offset = 0;  ///< of the content, bytes
  std::uint64_t size = 0;
  std::uint64_t load_address = 0;
  std::uint32_t type = 0;  ///< 0 for files with the short header of old phones
};

struct MtkFile {
  std::vector<MtkImage> images = {};  ///< at least one, in file order
  bool has_certificates = false;      ///< newer signing: the chain ends in cert1 and cert2
  std::uint64_t trailing = 0;         ///< bytes behind the chain that are not padding: an old-style signature
  std::vector<std::string> warnings = {};  ///< sentences without a full stop

  bool is_signed() const { return has_certificates || trailing != 0; }
};

/// Errors: bad_image (no such header, or cut inside the first image), io.
Result<MtkFile> read_mtk_file(const ImageSource& image);
/// How many pictures a logo image holds; nothing when its table contradicts itself. Errors: io.
Result<std::optional<std::uint32_t>> logo_pictures(const ImageSource& image, const MtkImage& logo);

}  // namespace mtk
