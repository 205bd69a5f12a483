// SPDX-License-Identifier: Apache-2.0
// Android boot, recovery and vendor_boot images: what they are made of and which Android they are for.
// Source: docs/format/android.md#boot-images
#pragma once

#include "image/source.h"

namespace mtk {

/// `kernel`, `ramdisk`, `second`, `recovery_dtbo`, `dtb`, `signature`, `vendor_ramdisk`, `bootconfig` ...
struct BootPart {
  std::string name;
  std::uint64_t offset = 0;  ///< of the content, behind a MediaTek header if it has one
  std::uint64_t size = 0;
  std::string mtk_name = {};  ///< of the MediaTek header: `KERNEL`, `ROOTFS`, `RECOVERY`; empty without one
};

struct BootImage {
  bool vendor = false;  ///< vendor_boot
  std::uint32_t header_version = 0;
  std::uint32_t page_size = 0;
  std::string name = {};  ///< of the board
  std::string cmdline = {};
  std::string os_version = {};   ///< `11.0.0`; empty when the image does not say
  std::string patch_level = {};  ///< `2021-05`; likewise
  std::vector<BootPart> parts = {};
  std::uint64_t end = 0;                   ///< bytes the image takes by its own header
  std::vector<std::string> warnings = {};  ///< sentences without a full stop

  const BootPart* part(std::string_view wanted) const;  ///< null when absent
};

/// Header versions 0 to 4. Errors: bad_image (none of them, cut inside the header, sizes that cannot be), io.
/// Parts that lie behind the end of the file are left out and told in `warnings`.
Result<BootImage> read_boot_image(const ImageSource& image);

}  // namespace mtk
