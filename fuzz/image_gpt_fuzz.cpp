// SPDX-License-Identifier: Apache-2.0
// Any bytes as a partition table, checksums put right so that the fields behind them are reached: every
// partition lies inside the disk. The first byte chooses the sector size.
#include "base/hash.h"
#include "image/gpt/gpt.h"

#include <algorithm>
#include <cstdlib>

namespace {

void put(mtk::Bytes& bytes, std::size_t at, std::uint32_t value) {
  const mtk::Bytes word = std::move(mtk::ByteWriter().le(value)).take();
  std::ranges::copy(word, bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

void sign(mtk::Bytes& bytes, std::size_t header) {
  constexpr std::size_t header_size = 92;
  if (bytes.size() < header + header_size) return;
  mtk::ByteReader in{mtk::ByteView(bytes).subspan(header)};
  in.seek(72);
  const std::uint64_t entries = in.le<std::uint64_t>() * header;
  const std::uint64_t table = std::uint64_t{in.le<std::uint32_t>()} * in.le<std::uint32_t>();
  if (entries <= bytes.size() && table <= bytes.size() - entries) {
    const auto first = static_cast<std::size_t>(entries);
    put(bytes, header + 88, mtk::crc32(mtk::ByteView(bytes).subspan(first, static_cast<std::size_t>(table))));
  }
  put(bytes, header + 16, 0);
  put(bytes, header + 16, mtk::crc32(mtk::ByteView(bytes).subspan(header, header_size)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const mtk::DiskGeometry disk{.sector_size = data[0] % 2 == 0 ? 512U : 4096U, .disk_size = 64 << 20};
  const auto given = std::as_bytes(std::span{data + 1, size - 1});
  mtk::Bytes bytes(given.begin(), given.end());
  sign(bytes, disk.sector_size);
  for (const auto& table :
       {mtk::read_gpt(bytes, given, disk), mtk::read_gpt_copy(given, mtk::GptCopy::backup, disk)}) {
    if (!table) continue;
    for (const mtk::Partition& partition : table->partitions) {
      if (partition.size == 0 || partition.offset > disk.disk_size ||
          partition.size > disk.disk_size - partition.offset) {
        std::abort();
      }
    }
    (void)mtk::encode_gpt(*table, disk);
  }
  return 0;
}
