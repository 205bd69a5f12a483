// SPDX-License-Identifier: Apache-2.0
// Preloader images: the forms they come in, and the device header a boot area needs in front of them.
// Source: docs/format/preloader.md
#pragma once

#include "image/preloader/emi.h"
#include "image/preloader/gfh.h"

#include <filesystem>

namespace mtk {

enum class PreloaderForm : std::uint8_t {
  bare,          ///< GFH image as packaged
  emmc_boot,     ///< eMMC boot area: device header in front
  ufs_boot,      ///< UFS boot LUN
  sdmmc_boot,    ///< SD card
  sf_boot,       ///< serial flash
  nand_boot,     ///< NAND
  other_header,  ///< something unknown before the GFH image
  emi_block      ///< no code, only the memory settings
};
std::string_view to_string(PreloaderForm form);

struct Preloader {
  PreloaderForm form = PreloaderForm::bare;
  Bytes file;                    ///< as given
  std::size_t image_offset = 0;  ///< of the GFH image in the file
  GfhFileInfo info;              ///< zero for emi_block
  std::vector<GfhHeader> headers;
  std::optional<EmiBlock> emi;
  std::string emi_problem;  ///< why there is no emi
  std::vector<std::string> warnings;

  /// The bare image, header to end of signature: what goes to an agent that builds the device header itself.
  ByteView image() const;
  ByteView code() const;  ///< between the headers and the signature
  ByteView signature() const;
  /// `k80_bsp` from `preloader_k80_bsp.bin`; empty without memory settings.
  std::string project() const;
};

/// Errors: bad_image (no GFH image and no memory settings, or lengths that do not fit).
Result<Preloader> parse_preloader(Bytes file);
/// Errors: io; bad_image; out_of_range (larger than a boot area).
Result<Preloader> load_preloader(const std::filesystem::path& path);

/// Puts the eMMC device header in front of a bare image and pads it: what a boot area must hold byte for
/// byte. The image is cut to its file length first. Errors: bad_image (not a bare GFH image).
Result<Bytes> add_emmc_header(ByteView bare);
/// The bare image out of any form; a bare image comes back cut to its file length.
/// Errors: bad_image (no GFH image).
Result<Bytes> strip_device_header(ByteView file);

}  // namespace mtk
