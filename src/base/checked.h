// SPDX-License-Identifier: Apache-2.0
// Arithmetic on sizes and offsets that came from a phone or a file.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <limits>

namespace mtk {

inline Result<std::uint64_t> checked_add(std::uint64_t a, std::uint64_t b) {
  if (b > std::numeric_limits<std::uint64_t>::max() - a)
    return fail(Errc::out_of_range, "size overflows 64 bits");
  return a + b;
}

inline Result<std::uint64_t> checked_multiply(std::uint64_t a, std::uint64_t b) {
  if (a != 0 && b > std::numeric_limits<std::uint64_t>::max() / a) {
    return fail(Errc::out_of_range, "size overflows 64 bits");
  }
  return a * b;
}

/// Whether [offset, offset + length) lies inside [0, size), without overflow.
inline bool fits(std::uint64_t offset, std::uint64_t length, std::uint64_t size) {
  return offset <= size && length <= size - offset;
}

/// `value` up to the next multiple of `unit`; `unit` is not 0 and the result must fit 64 bits.
inline Result<std::uint64_t> round_up(std::uint64_t value, std::uint64_t unit) {
  MTK_TRY_LET(const auto padded, checked_add(value, unit - 1));
  return padded / unit * unit;
}

}  // namespace mtk
