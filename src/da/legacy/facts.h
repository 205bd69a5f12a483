// SPDX-License-Identifier: Apache-2.0
// From what the agent says to what the layers above need.
#pragma once

#include "da/agent.h"
#include "da/legacy/greeting.h"
#include "da/legacy/report.h"

namespace mtk::legacy {

/// The card id is taken from the greeting, which has it in card order; the report swaps it on some agents.
AgentFacts facts_of(const Greeting& greeting, const Report& report);

/// Whether the report names the card of the greeting, in either byte order.
bool is_same_card(const Greeting& greeting, const Report& report);

}  // namespace mtk::legacy
