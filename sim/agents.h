// SPDX-License-Identifier: Apache-2.0
// The agent's stages for the phone's family.
#pragma once

#include "sim/stage.h"

namespace mtk::sim {

std::unique_ptr<Stage> make_first_stage(Board& board);
std::unique_ptr<Stage> make_second_stage(Board& board);

}  // namespace mtk::sim
