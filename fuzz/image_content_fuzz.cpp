// SPDX-License-Identifier: Apache-2.0
// Any bytes as an image of a firmware package: boot image, vbmeta, super, ext4, vendor header, update
// payload. Whatever is made of them lies inside them.
#include "image/android/boot_image.h"
#include "image/android/ota_payload.h"
#include "image/android/super.h"
#include "image/mtk_header/mtk_header.h"
#include "image/package/image_facts.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  const mtk::ImagePtr image = mtk::memory_image(mtk::Bytes(bytes.begin(), bytes.end()));
  (void)mtk::look_at_image(image, mtk::Look::deep);
  if (const auto boot = mtk::read_boot_image(*image)) {
    for (const mtk::BootPart& part : boot->parts) {
      if (!mtk::slice_image(image, part.offset, part.size)) std::abort();
    }
  }
  if (const auto file = mtk::read_mtk_file(*image)) {
    for (const mtk::MtkImage& part : file->images) {
      if (!mtk::slice_image(image, part.offset, part.size)) std::abort();
    }
  }
  if (const auto table = mtk::read_super(*image)) {
    for (const mtk::LogicalPartition& partition : table->partitions) {
      const auto content = mtk::open_logical(image, partition);
      if (!content || (*content)->size() == 0) continue;
      std::array<std::byte, 16> some{};
      const auto length = static_cast<std::size_t>(std::min<std::uint64_t>((*content)->size(), some.size()));
      if (!(*content)->read_at((*content)->size() - length, std::span{some}.first(length))) std::abort();
    }
  }
  (void)mtk::read_ota_payload(*image);
  return 0;
}
