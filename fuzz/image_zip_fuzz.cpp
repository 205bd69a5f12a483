// SPDX-License-Identifier: Apache-2.0
// Any bytes as a zip archive: members lie inside it, and reading one backwards gives what reading it forwards
// gave.
#include "image/archive/entry_name.h"
#include "image/archive/zip.h"

#include <algorithm>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  const mtk::ImagePtr zip = mtk::memory_image(mtk::Bytes(bytes.begin(), bytes.end()));
  const auto members = mtk::read_zip_directory(*zip);
  if (!members) return 0;
  mtk::EntryNames names;
  for (const mtk::ZipMember& member : *members) {
    const auto name = names.take(member.name);
    if (name && (name->starts_with('/') || ("/" + *name + "/").find("/../") != std::string::npos))
      std::abort();
    const auto content = mtk::open_zip_member(zip, member);
    constexpr std::uint64_t enough = 1 << 20;
    if (!content || (*content)->size() > enough) continue;
    const auto whole = mtk::read_all(**content, enough);
    if (!whole || whole->empty()) continue;
    mtk::Bytes back(whole->size() / 2 + 1);
    if (!(*content)->read_at(0, back) || !std::equal(back.begin(), back.end(), whole->begin())) std::abort();
  }
  return 0;
}
