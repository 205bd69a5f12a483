// SPDX-License-Identifier: Apache-2.0
// The picture of a run: stage line, bars, waiting clock. A pure function from the model to lines of text.
#pragma once

#include "apps/cli/console.h"
#include "apps/cli/run_model.h"

#include <string>
#include <vector>

namespace mtk::cli {

/// Lines of at most `style.width` columns.
std::vector<std::string> render(const RunModel& run, const Style& style, Clock::TimePoint now);

/// `connect > brom > agent > ...`: what is behind, where the run is, what lies ahead, and what failed. Two
/// lines where one is too narrow.
std::vector<std::string> stage_lines(const RunModel& run, const Style& style);

}  // namespace mtk::cli
