// SPDX-License-Identifier: Apache-2.0
// How much memory an archive wants while it is unpacked. Its own head states the size of the dictionary, and
// a few bytes there may demand gigabytes. Source: docs/format/package.md#memory
#pragma once

#include "image/source.h"

namespace mtk {

/// 7-Zip's strongest usual setting takes 64 MiB, patient packers 256.
inline constexpr std::uint64_t most_unpacking_memory = 256 << 20;

/// Passes archives of every kind that keep to the limit; what is no archive passes, too.
/// Errors: unsupported (wants more, and how much), bad_image (the list that would tell is damaged), io.
Result<> check_memory_need(const ImagePtr& archive, std::uint64_t limit = most_unpacking_memory);

}  // namespace mtk
