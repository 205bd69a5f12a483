// SPDX-License-Identifier: Apache-2.0
// A legacy agent that an earlier run left behind: found and brought back to its command loop. It tells the
// storage's id once, at its start, and has no command that would prove later which phone it is; so all that
// can be done with it is to restart the phone.
// Source: docs/protocol/da-legacy.md#left-behind
#pragma once

#include "da/leftover.h"
#include "da/legacy/agent.h"

namespace mtk::legacy {

/// Looks for the second stage of an agent behind the link; its facts are the family only. What boot ROMs and
/// preloaders make of the bytes that are sent is harmless. Errors: those of the link.
Result<FoundAgent> find_agent(Transport& link, const SearchAgent& search, OpContext& op);

}  // namespace mtk::legacy
