// SPDX-License-Identifier: Apache-2.0
// Reads single small files out of an ext4 image: build.prop tells which Android a firmware is. No writing, no
// encryption, no journal: images of firmware packages are clean.
// Source: docs/format/android.md#ext4
#pragma once

#include "image/source.h"

#include <optional>

namespace mtk {

/// \param path   `system/build.prop`, from the root of the file system
/// \param limit  larger files are refused
/// \return nothing when there is no such file
/// Errors: bad_image (no ext4, or one that contradicts itself), unsupported (a layout not read here),
/// out_of_range (larger than `limit`), io.
Result<std::optional<Bytes>> read_ext4_file(const ImageSource& image, std::string_view path,
                                            std::uint64_t limit);

}  // namespace mtk
