// SPDX-License-Identifier: Apache-2.0
// Any bytes as a scatter file: whatever is accepted can be placed inside its area and printed.
#include "image/scatter/scatter.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  const auto scatter = mtk::parse_scatter(bytes, "MT6580_Android_scatter.txt");
  if (!scatter) return 0;
  constexpr std::uint64_t area_size = 0x747c00000;
  for (const mtk::ScatterSection& section : scatter->sections) {
    for (const mtk::ScatterEntry& entry : section.entries) {
      const auto placed = mtk::place(entry, section, area_size);
      if (!placed) continue;
      const mtk::Region& region = placed->region;
      if (region.offset > area_size || region.length > area_size - region.offset) std::abort();
    }
  }
  if (const auto text = mtk::print_scatter(*scatter)) {
    (void)mtk::parse_scatter(std::as_bytes(std::span{text->data(), text->size()}), "again.txt");
  }
  return 0;
}
