// SPDX-License-Identifier: Apache-2.0
// Feeds any bytes to the reader of chip records; a record that inherits finds itself as its parent.
#include "chip/chip_file.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto parents = [&](const std::string&) -> mtk::Result<std::string> { return text; };
  (void)mtk::ChipFile::parse(text, "fuzz.toml", parents);
  return 0;
}
