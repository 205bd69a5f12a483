// SPDX-License-Identifier: Apache-2.0
// --help, made from the option table.
#pragma once

#include "apps/cli/console.h"
#include "apps/cli/option_table.h"

#include <string>

namespace mtk::cli {

std::string program_help(const Style& style);
std::string command_help(const CommandSpec& command, const Style& style);
/// `-p, --port PORT`
std::string option_synopsis(const OptionSpec& option);

}  // namespace mtk::cli
