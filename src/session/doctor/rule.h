// SPDX-License-Identifier: Apache-2.0
// The udev rule: where it lies, whether it is the one of this version, and how it gets there.
#pragma once

#include "session/doctor/computer.h"

#include <mtk/doctor.h>

namespace mtk::doctor {

inline constexpr std::string_view rule_name = "60-mtkflash.rules";
/// What puts it there; the finding port_no_permission says the same.
inline constexpr std::string_view fix_command = "sudo mtkflash doctor --fix";

/// data/udev/60-mtkflash.rules, as it was when this program was built.
std::string_view rule_text();

enum class RuleState : std::uint8_t { missing, differs, same, unreadable };
struct InstalledRule {
  RuleState state = RuleState::missing;
  std::filesystem::path file = {};  ///< the one that udev goes by: the first of its folders that has it
};
InstalledRule installed_rule(const Computer& computer);
/// Whether udevd runs; in most containers it does not.
bool has_udev(const Computer& computer);

/// repair_computer(), for Linux.
Repair install_rule(const Computer& computer);

}  // namespace mtk::doctor
