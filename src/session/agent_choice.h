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
  std::string name;  ///< of the file
  DaFile file;
  bool has_signature = false;  ///< its first stage carries one; whose it is, only the phone knows
};

/// The files with an agent for this phone. A phone that takes only signed agents gets those with a signature
/// first; otherwise the order of `paths` stays. Errors: usage (no paths); unsupported (none serves the phone,
/// with what each holds); those of DaFile::load.
Result<std::vector<AgentCandidate>> agents_for(const PhoneInfo& phone, const Chip& chip,
                                               const std::vector<std::filesystem::path>& paths);

}  // namespace mtk
