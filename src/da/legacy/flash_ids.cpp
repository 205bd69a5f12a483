// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/flash_ids.h"

#include "da/legacy/protocol.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::legacy {

Result<std::vector<std::uint16_t>> read_nand_ids(AgentLink& link) {
  MTK_TRY_LET(const auto count, link.field<std::uint16_t>(wait_for::greeting));
  if (count > max_nand_ids) return fail(link.out_of_step(fmt::format("agent announces {} NAND ids", count)));
  MTK_TRY_LET(const Bytes raw, link.bytes(std::size_t{count} * 2, wait_for::greeting));
  ByteReader in{raw};
  std::vector<std::uint16_t> ids;
  for (std::uint16_t i = 0; i < count; ++i) ids.push_back(in.be<std::uint16_t>());
  return ids;
}

Bytes with_words_reversed(ByteView id) {
  Bytes out(id.begin(), id.end());
  for (std::size_t i = 0; i + 4 <= out.size(); i += 4) {
    std::swap(out[i], out[i + 3]);
    std::swap(out[i + 1], out[i + 2]);
  }
  return out;
}

}  // namespace mtk::legacy
