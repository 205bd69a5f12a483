// SPDX-License-Identifier: Apache-2.0
// What stands between this computer and a phone, and the repair of what can be repaired: `mtkflash doctor`.
// Looks only; no port is opened and nothing is sent. Part of the public API.
#pragma once

#include <mtk/error.h>
#include <mtk/session.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mtk {

enum class Verdict : std::uint8_t { fine, problem, not_applicable, cannot_tell };
std::string_view to_string(Verdict verdict);

/// One thing that was looked at.
struct Check {
  std::string id = {};       ///< stable: `udev_rule`, `permission` ...
  std::string label = {};    ///< for people
  std::string subject = {};  ///< `usb:1-2`; empty when it is about the computer
  Verdict verdict = Verdict::fine;
  std::string text = {};         ///< one sentence
  std::string next_action = {};  ///< what to do about it; empty when there is nothing to do
};

struct Examination {
  std::vector<Check> checks = {};
  std::vector<Fact> versions = {};  ///< of this program, the system and the libraries

  bool healthy() const;
};

/// \param program_version  told among the versions
Examination examine_computer(std::string_view program_version);

enum class RepairState : std::uint8_t {
  done,        ///< the rule was installed
  unchanged,   ///< it was there already; udev was told again
  needs_root,  ///< nothing was changed
  failed,      ///< `error` says why
  not_here     ///< this system has nothing to repair
};
std::string_view to_string(RepairState state);

struct Repair {
  RepairState state = RepairState::done;
  std::string text = {};  ///< what was done, or why not
  std::vector<std::string> next_actions = {};
  std::filesystem::path file = {};  ///< the rule; empty where nothing was installed
  std::optional<Error> error = {};
};

/// Installs the udev rule of this version and tells udev, for phones that are plugged in too. A rule of the
/// same name that differs is kept beside it as `60-mtkflash.rules.old`.
Repair repair_computer();

}  // namespace mtk
