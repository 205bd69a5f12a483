// SPDX-License-Identifier: Apache-2.0
// Handing stage 2 of the agent to stage 1.
// Source: docs/protocol/da-legacy.md#stage-2
#pragma once

#include "brom/agent_image.h"
#include "da/legacy/agent_link.h"

#include <mtk/progress.h>

namespace mtk::legacy {

/// Returns when stage 2 runs. Recordings do not keep the image, which is its maker's. Errors: bad_image,
/// device_status, protocol, timeout (also when stage 1 refuses the image: it does so by silence, and only a
/// power cycle helps).
Result<> send_stage2(AgentLink& link, const AgentImage& image, OpContext& op);

}  // namespace mtk::legacy
