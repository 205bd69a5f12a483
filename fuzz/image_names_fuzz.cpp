// SPDX-License-Identifier: Apache-2.0
// Any text as a name in a package, a Checksum.ini or a property file: no name leads out of its package.
#include "image/android/properties.h"
#include "image/package/checksum.h"
#include "image/sparse/split.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  std::string text;
  for (const std::byte byte : bytes) text += std::to_integer<char>(byte);
  for (const char* folder : {"", "rom/images"}) {
    const auto name = mtk::resolve_name(text, folder);
    if (name && (name->starts_with('/') || ("/" + *name + "/").find("/../") != std::string::npos))
      std::abort();
  }
  if (const auto part = mtk::split_name(text); part && part->whole.empty()) std::abort();
  if (const auto sums = mtk::parse_checksums(text)) {
    for (const auto& [partition, sum] : sums->sums) (void)sums->expected(partition);
  }
  (void)mtk::build_facts(mtk::parse_properties(bytes));
  return 0;
}
