// SPDX-License-Identifier: Apache-2.0
// Any bytes as a partition list of an agent and as a table block: what is accepted is divided inside its
// area, and a block that is written again reads the same.
#include "image/table/table.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  constexpr std::uint64_t area_size = 0x747c00000;
  if (const auto list = mtk::parse_pmt_list(bytes)) {
    for (const mtk::Area area : {mtk::Area::user, mtk::Area::nand}) {
      for (const mtk::TableEntry& entry : mtk::table_of(*list, area, area_size).partitions) {
        const mtk::Region& region = entry.region;
        if (region.area != area) continue;  // boot areas: their size is not known here
        if (region.offset > area_size || region.length > area_size - region.offset) std::abort();
      }
    }
  }
  const auto block = mtk::parse_pmt_block(bytes);
  if (!block) return 0;
  const auto written = mtk::encode_pmt_block(*block);
  if (!written) return 0;  // names may be longer than what is written
  const auto again = mtk::parse_pmt_block(*written);
  if (!again || again->entries.size() != block->entries.size()) std::abort();
  return 0;
}
