// SPDX-License-Identifier: Apache-2.0
// The first words of a legacy agent: what storage it found, and which build it is.
// Source: docs/protocol/da-legacy.md#greeting
#pragma once

#include "da/emi.h"
#include "da/legacy/agent_link.h"

#include <mtk/progress.h>

namespace mtk::legacy {

struct Greeting {
  FlashIds flash;
  std::uint8_t version_major = 0;
  std::uint8_t version_minor = 0;
  std::uint8_t chip_id = 0;  ///< the agent's own number for the chip; never compared
};

/// Which error numbering an agent with this NAND word uses. The version bytes do not tell.
StatusKind numbering_of(std::uint32_t nand_status);

/// Takes the greeting, acknowledges it and takes the version; sets the link's numbering.
/// \param patience  with an agent that says nothing, as of a phone without its battery
/// Errors: timeout (the agent does not run), protocol (no legacy agent), unsupported (an agent of the
/// feature-phone kind).
Result<Greeting> read_greeting(AgentLink& link, Clock::Duration patience, OpContext& op);

}  // namespace mtk::legacy
