// SPDX-License-Identifier: Apache-2.0
#include "brom/xor16.h"

namespace mtk::brom {

std::uint16_t xor16(ByteView data) {
  unsigned low = 0;
  unsigned high = 0;
  std::size_t i = 0;
  for (; i + 1 < data.size(); i += 2) {
    low ^= static_cast<unsigned>(data[i]);
    high ^= static_cast<unsigned>(data[i + 1]);
  }
  if (i < data.size()) low ^= static_cast<unsigned>(data[i]);
  return static_cast<std::uint16_t>(high << 8 | low);
}

}  // namespace mtk::brom
