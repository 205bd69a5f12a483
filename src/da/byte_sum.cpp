// SPDX-License-Identifier: Apache-2.0
#include "da/byte_sum.h"

#include <array>

namespace mtk {

std::uint32_t byte_sum(ByteView data) {
  // Sums of equal length side by side, so that the compiler can add many bytes at once.
  constexpr std::size_t lanes = 32;
  std::array<std::uint32_t, lanes> sums{};
  std::size_t i = 0;
  for (; i + lanes <= data.size(); i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += static_cast<std::uint32_t>(data[i + lane]);
  std::uint32_t sum = 0;
  for (; i < data.size(); ++i) sum += static_cast<std::uint32_t>(data[i]);
  for (const std::uint32_t part : sums) sum += part;
  return sum;
}

}  // namespace mtk
