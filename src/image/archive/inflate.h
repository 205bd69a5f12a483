// SPDX-License-Identifier: Apache-2.0
// A deflated file inside an archive, read in place: forward without a copy on disk, and anywhere after the
// first pass with at most a few megabytes inflated again.
#pragma once

#include "image/source.h"

namespace mtk {

/// \param packed  the raw deflate stream
/// \param size    unpacked, as the archive says; a stream that ends elsewhere is an error when it is read
/// \param crc     CRC-32 of the content; compared once the end was reached
/// Reads: io; bad_image (damaged). Keeps up to 8 MiB to restart from.
ImagePtr open_deflated(ImagePtr packed, std::uint64_t size, std::uint32_t crc);

}  // namespace mtk
