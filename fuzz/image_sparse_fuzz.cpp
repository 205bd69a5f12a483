// SPDX-License-Identifier: Apache-2.0
// Any bytes as a sparse image: extents ascend inside the image, and reads anywhere in it work.
#include "image/sparse/sparse.h"
#include "image/sparse/split.h"

#include <algorithm>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  const auto opened = mtk::open_sparse(mtk::memory_image(mtk::Bytes(bytes.begin(), bytes.end())));
  if (!opened) return 0;
  const mtk::ImageSource& image = **opened;
  // As parts of one image, the second over or beside the first.
  if (const auto joined = mtk::join_sparse({*opened, *opened})) {
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < (*joined)->extent_count(); ++i) {
      const mtk::Extent extent = (*joined)->extent(i);
      if (extent.offset < end) std::abort();
      end = extent.offset + extent.length;
    }
    if (end > (*joined)->size()) std::abort();
  }
  std::uint64_t end = 0;
  mtk::Bytes buffer(4096);
  for (std::size_t i = 0; i < image.extent_count(); ++i) {
    const mtk::Extent extent = image.extent(i);
    if (extent.offset < end || extent.length == 0) std::abort();
    end = extent.offset + extent.length;
    // Around the start of every extent, where holes and pieces meet.
    const std::uint64_t start = extent.offset < 100 ? 0 : extent.offset - 100;
    const auto length =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), image.size() - start));
    if (!image.read_at(start, std::span{buffer}.first(length))) std::abort();
  }
  if (end > image.size()) std::abort();
  (void)mtk::ranges_to_write(image);
  if (image.size() <= (std::uint64_t{1} << 24)) {
    (void)mtk::open_sparse(mtk::memory_image(mtk::Bytes(bytes.begin(), bytes.end())), mtk::SparseCrc::verify);
  }
  return 0;
}
