// SPDX-License-Identifier: Apache-2.0
// Feeds any bytes to `explain`.
#include "diagnose/explain.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string typed(data, data + size);
  (void)mtk::to_string(mtk::explain(typed));
  return 0;
}
