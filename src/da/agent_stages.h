// SPDX-License-Identifier: Apache-2.0
// The code of a download agent, as cut out of an agent file.
#pragma once

#include "brom/boot_rom.h"

namespace mtk {

/// Stage 1 is started by the boot ROM or preloader; stage 2 goes through stage 1.
struct AgentStages {
  AgentImage stage1;
  AgentImage stage2;
};

}  // namespace mtk
