// SPDX-License-Identifier: Apache-2.0
// The structures an XFlash agent answers device-control questions with (docs/protocol/da-xflash.md, Answers).
#pragma once

#include "sim/board.h"

namespace mtk::sim {

Bytes xflash_emmc_info(const Board& board);
Bytes xflash_ufs_info(const Board& board);
/// All zeros where there is no NAND.
Bytes xflash_nand_info(const Board& board);
Bytes xflash_ram_info(const Board& board);
Bytes xflash_chip_id(const Model& model);

}  // namespace mtk::sim
