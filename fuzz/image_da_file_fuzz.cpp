// SPDX-License-Identifier: Apache-2.0
// Any bytes as an agent container: whatever is accepted has all its regions inside the file.
#include "image/da_file/da_file.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  const auto file = mtk::DaFile::parse(mtk::Bytes(bytes.begin(), bytes.end()));
  if (!file) return 0;
  for (const mtk::DaEntry& entry : file->entries()) {
    for (const mtk::DaRegion& region : entry.regions) {
      if (file->bytes(region).size() != region.length) std::abort();
    }
    (void)file->stages(entry);
    const auto chosen = file->choose({.hw_code = entry.hw_code});
    if (!chosen || chosen->hw_code != entry.hw_code) std::abort();
  }
  return 0;
}
