// SPDX-License-Identifier: Apache-2.0
#include "image/archive/memory_need.h"

#include "base/units.h"
#include "image/archive/lzma_need.h"
#include "image/archive/seven_zip.h"
#include "image/archive/zip.h"
#include "image/kind.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

/// Members packed by LZMA or xz; the rest keeps to what its method allows, which is little.
Result<std::uint64_t> zip_need(const ImagePtr& zip) {
  constexpr std::uint16_t lzma = 14;
  constexpr std::uint16_t xz = 95;
  MTK_TRY_LET(const auto members, read_zip_directory(*zip));
  std::uint64_t most = 0;
  for (const ZipMember& member : members) {
    // The library goes by the member's own header, so that has to say what the list says.
    MTK_TRY_LET(const ImagePtr packed, packed_zip_member(zip, member));
    if (member.method != lzma && member.method != xz) continue;
    std::uint64_t need = 0;
    if (member.method == xz) {
      MTK_TRY_LET(need, xz_need(*packed));
    } else {
      constexpr std::size_t head_size = 4;  // version of the packer, size of what follows
      constexpr std::size_t properties = 5;
      if (packed->size() < head_size + properties)
        return fail(Errc::bad_image, "the zip archive is cut short");
      Bytes head(head_size + properties);
      MTK_TRY(packed->read_at(0, head));
      MTK_TRY_LET(need, lzma_need(LzmaKind::lzma1, ByteView(head).subspan(head_size)));
    }
    most = std::max(most, need);
  }
  return most;
}

Result<std::uint64_t> need_of(const ImagePtr& archive, std::uint64_t limit) {
  Bytes head(static_cast<std::size_t>(std::min<std::uint64_t>(archive->size(), kind_head_size)));
  MTK_TRY(archive->read_at(0, head));
  switch (kind_of(head)) {
    case FileKind::xz:
      return xz_need(*archive);
    case FileKind::seven_zip:
      return seven_zip_need(*archive, limit);
    case FileKind::zip:
      return zip_need(archive);
    default:
      return 0;  // RAR, zstd and the others are held to less by the archive library
  }
}

}  // namespace

Result<> check_memory_need(const ImagePtr& archive, std::uint64_t limit) {
  MTK_TRY_LET(const std::uint64_t need, need_of(archive, limit));
  // The dictionary itself and some working space; nobody is refused for the latter.
  constexpr std::uint64_t working_space = 4 * mib;
  if (need <= limit + working_space) return {};
  return fail(Errc::unsupported,
              fmt::format("unpacking the archive would take {} MiB of memory, more than the {} MiB this tool "
                          "takes: unpack it with the program it was made with, and name the folder",
                          need / mib, limit / mib));
}

}  // namespace mtk
