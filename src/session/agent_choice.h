// SPDX-License-Identifier: Apache-2.0
// Which of the agent files at hand serve a phone, and which to try first.
#pragma once

#include "brom/phone_info.h"
#include "image/da_file/da_file.h"

#include <mtk/chip.h>

namespace mtk {

/// The key of an agent file for this phone.
DaQuery agent_query(const PhoneInfo& phone, const Chip& chip);

struct AgentCandidate {
  std::filesystem::path path;
  std::string name;  ///< of the file, without its folder
  DaFile file;
  bool has_signature = false;  ///< its first stage carries one; whose it is, only the phone knows
};

/// Whether somebody chose the first file, or the order is only that in which files were found.
enum class AgentOrder : std::uint8_t { chosen, found };

/// The files with an agent for this phone. Of files that were only found, a phone that takes no others gets
/// those with a signature first; otherwise the order of `paths` stays. Errors: usage (no paths); unsupported
/// (none serves the phone, with what each holds); those of DaFile::load.
Result<std::vector<AgentCandidate>> agents_for(const PhoneInfo& phone, const Chip& chip,
                                               const std::vector<std::filesystem::path>& paths,
                                               AgentOrder order);

}  // namespace mtk
