// SPDX-License-Identifier: Apache-2.0
// Any bytes as an archive that has to be read from its start: entries come one after the other, and the end
// of each is reached.
#include "image/archive/ramdisk.h"
#include "image/archive/stream.h"

#include <array>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto bytes = std::as_bytes(std::span{data + 1, size - 1});
  const mtk::ImagePtr image = mtk::memory_image(mtk::Bytes(bytes.begin(), bytes.end()));
  if (data[0] % 3 == 1) {
    constexpr std::array<std::string_view, 2> names{"prop.default", "a"};
    (void)mtk::read_ramdisk_file(image, names, std::uint64_t{1} << 20);
    return 0;
  }
  auto stream = mtk::ArchiveStream::open(
      image, data[0] % 3 == 0 ? mtk::ArchiveFormats::packages : mtk::ArchiveFormats::single_file);
  if (!stream) return 0;
  constexpr std::size_t enough = std::size_t{1} << 22;
  std::size_t done = 0;
  mtk::Bytes part(65536);
  for (int entries = 0; entries < 1000 && done < enough; ++entries) {
    const auto entry = stream->next();
    if (!entry || !*entry) return 0;
    while (done < enough) {
      const auto got = stream->read(part);
      if (!got || *got == 0) break;
      done += *got;
    }
  }
  return 0;
}
