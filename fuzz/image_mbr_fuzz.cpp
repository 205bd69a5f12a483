// SPDX-License-Identifier: Apache-2.0
// Any bytes as a disk with an MBR: every partition lies inside the disk, and following the chain ends.
#include "image/table/mbr.h"

#include <algorithm>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto given = std::as_bytes(std::span{data, size});
  constexpr std::uint64_t disk_size = 0x4000000;
  std::size_t reads = 0;
  // Sectors follow one another in the input whatever their number, so that a chain is easily found.
  const auto read = [&](std::uint64_t offset) -> mtk::Result<mtk::Bytes> {
    if (offset > disk_size - mtk::mbr_sector_size) std::abort();
    const std::size_t at = std::min(reads++ * mtk::mbr_sector_size, given.size());
    const auto rest = given.subspan(at);
    mtk::Bytes sector(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                                       rest.size(), mtk::mbr_sector_size)));
    sector.resize(mtk::mbr_sector_size);
    return sector;
  };
  const auto mbr = mtk::read_mbr(read, disk_size);
  if (!mbr) return 0;
  for (const mtk::MbrPartition& partition : mbr->partitions) {
    if (partition.size == 0 || partition.offset > disk_size ||
        partition.size > disk_size - partition.offset) {
      std::abort();
    }
  }
  return 0;
}
