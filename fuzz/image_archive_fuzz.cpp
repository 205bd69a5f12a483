// SPDX-License-Identifier: Apache-2.0
// Any bytes as an archive that has to be read from its start: entries come one after the other, and the end
// of each is reached.
#include "image/archive/stream.h"

#include <array>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::array formats{mtk::ArchiveFormats::packages, mtk::ArchiveFormats::ramdisk,
                               mtk::ArchiveFormats::single_file};
  const auto bytes = std::as_bytes(std::span{data + 1, size - 1});
  auto stream = mtk::ArchiveStream::open(mtk::memory_image(mtk::Bytes(bytes.begin(), bytes.end())),
                                         formats[data[0] % formats.size()]);
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
