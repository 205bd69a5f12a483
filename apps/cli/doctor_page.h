// SPDX-License-Identifier: Apache-2.0
// What `mtkflash doctor` found, for people.
#pragma once

#include "apps/cli/console.h"

#include <mtk/doctor.h>

#include <string>

namespace mtk::cli {

/// One line a check: verdict, what it is about, the sentence, and below it what to do. What does not apply
/// comes folded at the end.
std::string doctor_page(const Examination& examination, const Style& style);
std::string repair_page(const Repair& repair, const Style& style);

}  // namespace mtk::cli
