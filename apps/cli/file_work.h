// SPDX-License-Identifier: Apache-2.0
// Work on files that takes a while, such as unpacking and hashing a package: shown on a terminal, stopped
// when the user asks.
#pragma once

#include "apps/cli/run_model.h"
#include "apps/cli/runner.h"

namespace mtk::cli {

/// Runs it on a thread of its own and returns when it is over. The first request to stop goes to the work,
/// the second leaves the program.
void run_on_files(const Context& context, const std::function<void(const OpContext&)>& work);

/// `reading system.img, 43 %, 310.0 MiB/s, 8 s left`, at most as wide as the terminal.
std::string file_line(const RunModel& run, const Style& style);

}  // namespace mtk::cli
