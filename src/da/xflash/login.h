// SPDX-License-Identifier: Apache-2.0
// The login that newer second stages want before they do anything.
// Source: docs/protocol/da-xflash.md#login
#pragma once

#include "brom/signer.h"
#include "da/xflash/agent_link.h"

namespace mtk::xflash {

/// Does nothing on an agent that wants no login. Errors: unsupported (nobody to answer the challenge, or none
/// found in what the agent says), device_status (the answer is refused), the signer's.
Result<> log_in(AgentLink& link, const Signer& signer, Observer& log);

}  // namespace mtk::xflash
