// SPDX-License-Identifier: Apache-2.0
// Reading single files out of an EROFS file system, as system partitions since Android 12 are: plain and
// LZ4-compressed ones. Nothing is written.
// Source: docs/format/android.md#erofs
#pragma once

#include "image/source.h"

#include <optional>

namespace mtk {

/// The content of one file; nothing when there is none at that path.
/// \param path   from the root, `/` between, none in front
/// \param limit  larger files are refused with out_of_range
/// Errors: bad_image (no EROFS, or damaged), unsupported (a layout or compression this does not read), io.
Result<std::optional<Bytes>> read_erofs_file(const ImageSource& image, std::string_view path,
                                             std::uint64_t limit);

}  // namespace mtk
