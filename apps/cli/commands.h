// SPDX-License-Identifier: Apache-2.0
// The commands. Each returns the exit code of the program (docs/user/exit-codes.md).
#pragma once

#include "apps/cli/runner.h"

namespace mtk::cli {

int run_flash(const Context& context);
int run_plan(const Context& context);
int run_check(const Context& context);
int run_info(const Context& context);
int run_parts(const Context& context);
int run_read(const Context& context);
int run_write(const Context& context);
int run_erase(const Context& context);
int run_reboot(const Context& context);
int run_wait(const Context& context);
int run_da(const Context& context);
int run_scatter(const Context& context);
int run_explain(const Context& context);
int run_doctor(const Context& context);
int run_trace(const Context& context);
int run_report(const Context& context);
int run_help(const Context& context);
int run_completion(const Context& context);
int run_man(const Context& context);

/// The whole program: reads the command line and runs the command.
int run_program(const std::vector<std::string>& arguments, const Console& console, const Clock& clock);

}  // namespace mtk::cli
