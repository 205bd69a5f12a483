// SPDX-License-Identifier: Apache-2.0
// The lines on stdout that scripts read.
#pragma once

#include "sim/boot_check.h"

#include <string>

namespace mtk::phone {

/// Where the phone listens.
void announce(const std::string& model, const std::string& address);

/// How far the phone would start.
void announce(const std::string& model, const sim::BootReport& report);

}  // namespace mtk::phone
