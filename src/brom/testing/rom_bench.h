// SPDX-License-Identifier: Apache-2.0
// For tests: a boot ROM or preloader with a script.
#pragma once

#include "brom/boot_rom.h"
#include "brom/testing/bench.h"

namespace mtk::brom {

struct RomBench : ScriptBench {
  using ScriptBench::ScriptBench;
  BootRom rom{link};
};

}  // namespace mtk::brom
