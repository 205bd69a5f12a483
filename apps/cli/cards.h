// SPDX-License-Identifier: Apache-2.0
// What people read at the end of a run, and the tables of facts. Text only; who prints it decides where.
#pragma once

#include "apps/cli/console.h"

#include <mtk/explain.h>
#include <mtk/session.h>

#include <string>

namespace mtk::cli {

/// How long the work on the storage took: what the speed is told from.
using WorkTime = std::chrono::milliseconds;

/// After a flash, write or erase that went well.
/// \param next  what the phone does afterwards
std::string success_card(const Outcome& outcome, BootMode next, WorkTime work, const Style& style);
/// After a read: what was saved where.
std::string read_card(const Outcome& outcome, const ReadJob& job, WorkTime work, const Style& style);
/// After a failure: what happened, the phone now, what to do next, what was checked.
std::string failure_card(const Outcome& outcome, const Style& style);
/// Warnings that came along; empty without any.
std::string warnings_card(const std::vector<Warning>& warnings, const Style& style);

std::string phone_card(const PhoneCard& phone, const Style& style);
std::string partition_table(const PhoneCard& phone, const Style& style);
std::string plan_card(const Outcome& outcome, const Style& style);
std::string explanation_card(const CodeExplanation& explanation, const Style& style);

}  // namespace mtk::cli
