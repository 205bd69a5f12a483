// SPDX-License-Identifier: Apache-2.0
// What the LZMA family says of itself: the memory its decoders take, and small packed lists unpacked.
#pragma once

#include "image/source.h"

namespace mtk {

enum class LzmaKind : std::uint8_t { lzma1, lzma2 };

/// Memory for decoding with these properties, as 7z and zip store them. Errors: bad_image.
Result<std::uint64_t> lzma_need(LzmaKind kind, ByteView properties);
/// The most that any block of an xz file takes. Errors: bad_image, io.
Result<std::uint64_t> xz_need(const ImageSource& xz);
/// `size` bytes out of a bare stream without framing. Errors: bad_image.
Result<Bytes> unpack_bare_lzma(LzmaKind kind, ByteView properties, ByteView packed, std::size_t size);

}  // namespace mtk
