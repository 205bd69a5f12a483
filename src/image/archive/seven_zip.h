// SPDX-License-Identifier: Apache-2.0
// The head of a 7z archive, as far as it says how its content is packed. The content itself is the archive
// library's to read.
// Source: docs/format/package.md#memory
#pragma once

#include "image/source.h"

namespace mtk {

/// The most memory that unpacking any part of it takes; its list of files counts, too.
/// \param limit  a list that takes more to unpack is not unpacked; what it takes is the answer then
/// Errors: bad_image (damaged, or an unusually packed list), io.
Result<std::uint64_t> seven_zip_need(const ImageSource& archive, std::uint64_t limit);

}  // namespace mtk
