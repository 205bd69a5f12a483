// SPDX-License-Identifier: Apache-2.0
// From a phone in boot ROM or preloader to a running legacy agent.
// Source: docs/protocol/da-legacy.md#start
#pragma once

#include "brom/boot_rom.h"
#include "da/agent_stages.h"
#include "da/emi.h"
#include "da/first_word.h"
#include "da/legacy/agent.h"
#include "da/legacy/configuration.h"

#include <mtk/chip.h>

#include <memory>

namespace mtk::legacy {

struct LegacyOptions {
  LegacyFacts chip = {};             ///< what is special about the agents of this chip
  bool agent_takes_no_tail = false;  ///< remembered of this agent file, see on_tail_refused
  ForceCharge force_charge = ForceCharge::on;
  bool raise_usb_speed = true;
  AgentTuning tuning = {};
  EmiProvider memory_settings = {};                 ///< asked only when the agent asks
  Clock::Duration patience = first_word::patience;  ///< with an agent that does not speak
  /// Called when this agent file turns out to take no configuration tail, which it takes a failed start to
  /// learn. Whoever remembers it sets agent_takes_no_tail next time.
  std::function<void()> on_tail_refused = {};
};

/// Uploads and starts both stages on a phone that was identified. The link must outlive the agent. After an
/// error at stage da1 or later the phone must be power-cycled. Errors: those of SEND_DA and JUMP_DA;
/// unsupported (an agent of the feature-phone kind); stage dram when memory settings are missing or do not
/// fit; timeout, disconnected, protocol, cancelled.
Result<std::unique_ptr<LegacyAgent>> start_agent(Transport& link, const PhoneInfo& phone,
                                                 const AgentStages& stages, const LegacyOptions& options,
                                                 OpContext& op);

}  // namespace mtk::legacy
