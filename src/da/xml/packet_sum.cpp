// SPDX-License-Identifier: Apache-2.0
#include "da/xml/packet_sum.h"

namespace mtk::xml {

std::uint32_t packet_sum(ByteView data) {
  constexpr std::size_t word = sizeof(std::uint32_t);
  std::uint32_t sum = 0;
  std::size_t i = 0;
  for (; i + word <= data.size(); i += word) {
    sum += static_cast<std::uint32_t>(data[i]) | static_cast<std::uint32_t>(data[i + 1]) << 8 |
           static_cast<std::uint32_t>(data[i + 2]) << 16 | static_cast<std::uint32_t>(data[i + 3]) << 24;
  }
  for (; i < data.size(); ++i) sum += static_cast<std::uint32_t>(data[i]);
  return sum;
}

}  // namespace mtk::xml
