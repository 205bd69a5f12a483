// SPDX-License-Identifier: Apache-2.0
// Whether an image may go into a partition, as far as its content tells.
#pragma once

#include "flash/planner.h"

namespace mtk {

struct ImageCheck {
  std::uint64_t bytes_on_phone = 0;
  std::optional<Refusal> refusal = {};
  std::vector<Warning> warnings = {};
};

/// \param preloader  the entry lies in a boot area: the image must be a preloader and gets the device header
/// \param phone      may be null; its storage id is compared with the memory a preloader knows
ImageCheck check_image(const ScatterEntry& entry, const FirmwareImage& image, bool preloader,
                       const PhoneFacts* phone, std::string_view project);

/// What a boot area must hold for a preloader file of any form. Errors: io, bad_image.
Result<Bytes> boot_area_content(const ImageSource& file);
/// The preloader without the header of a device. Errors: io, bad_image.
Result<Bytes> bare_preloader_content(const ImageSource& file);

}  // namespace mtk
