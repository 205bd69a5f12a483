// SPDX-License-Identifier: Apache-2.0
// A phone that was started at full speed comes back faster.
// Source: docs/protocol/da-xflash.md#switch-usb-speed
#pragma once

#include "da/xflash/agent_link.h"

namespace mtk::xflash {

/// Asks for the speed, raises it where that is wanted and possible, and yields what it is then, in the
/// agent's words. The session goes on as it was. Errors: timeout when the phone does not come back, which
/// loses the agent.
Result<std::string> settle_usb_speed(AgentLink& link, bool raise, OpContext& op);

}  // namespace mtk::xflash
