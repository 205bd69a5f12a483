// SPDX-License-Identifier: Apache-2.0
// Putting together what an agent needs to start: its stages, the chip's facts, and memory settings.
#pragma once

#include "brom/phone_info.h"
#include "brom/signer.h"
#include "da/agent.h"
#include "da/first_word.h"
#include "session/agent_choice.h"
#include "transport/transport.h"

#include <mtk/chip.h>

#include <filesystem>

namespace mtk {

/// Which family an agent file belongs to: XML files say so, the others are told apart by the chip.
DaProtocol family_of(const DaFile& file, const Chip& chip);

/// What starting an agent takes besides the link.
struct AgentStart {
  const PhoneInfo& phone;
  const Chip& chip;
  const DaFile& file;
  const std::vector<std::filesystem::path>& preloaders;  ///< for memory settings, best first
  std::optional<bool> battery = {};                      ///< whether one is in; nothing: the agent finds out
  bool agent_messages = false;                           ///< the agent sends its log along, where it can
  bool check_storage = false;                            ///< the agent compares what it stores, where it can
  Signer signer = {};                                    ///< for agents that want a login
  Clock::Duration patience = first_word::patience;       ///< with an agent that does not speak
};

/// Starts the agent in the protocol of its family. Errors: those of the family's start; unsupported (no entry
/// for this phone).
Result<std::unique_ptr<Agent>> start_agent(Transport& link, const AgentStart& how, OpContext& op);

}  // namespace mtk
