// SPDX-License-Identifier: Apache-2.0
// `mtkflash trace`: a recorded conversation as text.
#include "apps/cli/commands.h"

#include <mtk/trace.h>

namespace mtk::cli {

int run_trace(const Context& context) {
  const auto problem = print_trace(context.run.arguments.front(), [&](std::string_view line) {
    context.console.out(std::string{line} + "\n");
  });
  return problem ? context.fail(*problem, exit_bad_file) : 0;
}

}  // namespace mtk::cli
