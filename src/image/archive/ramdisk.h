// SPDX-License-Identifier: Apache-2.0
// Ramdisks of boot images: cpio archives in the form that the kernel unpacks, mostly packed.
// Source: docs/format/android.md#properties
#pragma once

#include "image/source.h"

#include <optional>

namespace mtk {

/// One file out of a ramdisk, packed or not: the first whose name is among `names`; nothing when there is
/// none. Errors: bad_image, out_of_range (the file is larger than `limit`, or the ramdisk than a phone's
/// memory), unsupported (wants too much memory to unpack), io.
Result<std::optional<Bytes>> read_ramdisk_file(ImagePtr ramdisk, std::span<const std::string_view> names,
                                               std::uint64_t limit);

}  // namespace mtk
