// SPDX-License-Identifier: Apache-2.0
#include "sim/agents.h"

#include "sim/legacy_da1.h"
#include "sim/legacy_da2.h"
#include "sim/xflash_da1.h"
#include "sim/xflash_da2.h"
#include "sim/xml_da1.h"
#include "sim/xml_da2.h"

namespace mtk::sim {

std::unique_ptr<Stage> make_first_stage(Board& board) {
  if (board.model.chip.family == "xflash") return std::make_unique<XflashDa1>(board);
  if (board.model.chip.family == "xml") return std::make_unique<XmlDa1>(board);
  return std::make_unique<LegacyDa1>(board);
}

std::unique_ptr<Stage> make_second_stage(Board& board) {
  if (board.model.chip.family == "xflash") return std::make_unique<XflashDa2>(board);
  if (board.model.chip.family == "xml") return std::make_unique<XmlDa2>(board);
  return std::make_unique<LegacyDa2>(board);
}

}  // namespace mtk::sim
