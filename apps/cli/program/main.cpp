// SPDX-License-Identifier: Apache-2.0
// mtkflash: writes firmware to MediaTek phones, reads it back, and explains what is wrong when that fails.
#include "apps/cli/commands.h"
#include "apps/cli/signals.h"

int main(int argc, char** argv) {
  mtk::cli::ignore_closed_pipes();
  const mtk::SystemClock clock;
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return mtk::cli::run_program(arguments, mtk::cli::system_console(), clock);
}
