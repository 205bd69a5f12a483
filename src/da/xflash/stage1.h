// SPDX-License-Identifier: Apache-2.0
// The first stage from its first byte until the second one runs.
// Source: docs/protocol/da-xflash.md#start
#pragma once

#include "brom/agent_image.h"
#include "brom/phone_info.h"
#include "da/emi.h"
#include "da/xflash/agent_link.h"

namespace mtk::xflash {

/// What the first stage is told about this host.
struct Environment {
  std::uint32_t log_channel = 0;
  bool large_read_packets = false;
};
/// Announcement, environment and hardware set-up; afterwards the stage takes commands.
Result<> greet(AgentLink& link, const Environment& environment, Clock::Duration patience, OpContext& op);

/// Who started the agent, in its own words: `brom` or `preloader`. Empty when it does not know the question.
Result<std::string> ask_connection_agent(AgentLink& link, Observer& log);

/// Storage ids by which memory settings are chosen.
Result<FlashIds> ask_flash_ids(AgentLink& link, Observer& log);
/// Errors: bad_image (no settings in the form such agents take), device_status (they do not fit the phone).
Result<> start_memory(AgentLink& link, const EmiSettings& settings, Observer& log);

/// Errors: bad_image (empty, or shorter than its signature).
Result<> check_stage2(const AgentImage& image);
/// Hands the second stage over, without its signature, and waits until it runs. Recordings do not keep it:
/// it is its maker's. Errors: device_status (not the stage that belongs to the first one; that still
/// answers).
Result<> boot_to(AgentLink& link, const AgentImage& image, OpContext& op);

}  // namespace mtk::xflash
