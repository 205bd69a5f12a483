// SPDX-License-Identifier: Apache-2.0
// What people read about a firmware package, two of them, or an agent file.
#pragma once

#include "apps/cli/console.h"
#include "apps/cli/json.h"

#include <mtk/firmware.h>

#include <string>

namespace mtk::cli {

std::string firmware_page(const FirmwareCard& card, const Style& style);
std::string comparison_page(const ComparedWith& with, const FirmwareCard& card, const Style& style);
std::string agent_page(const AgentCard& card, const Style& style);

}  // namespace mtk::cli
