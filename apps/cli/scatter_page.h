// SPDX-License-Identifier: Apache-2.0
// What people read about a scatter file.
#pragma once

#include "apps/cli/console.h"

#include <mtk/scatter.h>

#include <string>

namespace mtk::cli {

std::string scatter_page(const ScatterCard& card, const Style& style);

}  // namespace mtk::cli
