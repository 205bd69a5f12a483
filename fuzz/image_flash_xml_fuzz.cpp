// SPDX-License-Identifier: Apache-2.0
// Any text as a package file of the V6 tool: what is accepted names files.
#include "image/package/flash_xml.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(data[i]);
  const auto about = mtk::parse_flash_xml(text);
  if (about && about->scatter.empty()) std::abort();
  const auto list = mtk::parse_download_list(text);
  if (!list) return 0;
  for (const auto& [partition, file] : list->images) {
    if (partition.empty() || file.empty()) std::abort();
  }
  return 0;
}
