// SPDX-License-Identifier: Apache-2.0
// From a phone in boot ROM or preloader to a running XFlash agent.
// Source: docs/protocol/da-xflash.md#start
#pragma once

#include "brom/boot_rom.h"
#include "brom/signer.h"
#include "da/agent_stages.h"
#include "da/emi.h"
#include "da/first_word.h"
#include "da/xflash/agent.h"

#include <mtk/chip.h>

#include <memory>

namespace mtk::xflash {

/// What the agent believes about the phone's power.
enum class PowerSource : std::uint32_t { battery = 0, usb = 1, detect = 2 };
/// Where the agent's own messages go; over USB they end in the observer's debug log.
enum class LogChannel : std::uint32_t { none = 0, uart = 1, usb = 2, both = 3 };

struct XflashOptions {
  XflashFacts chip = {};  ///< what is special about the agents of this chip
  PowerSource power = PowerSource::detect;
  LogChannel log_channel = LogChannel::uart;
  bool check_storage = false;  ///< the agent reads back and compares what it stores
  bool raise_usb_speed = true;
  std::string host_info = {};  ///< told to agents that keep a record of who wrote them; empty: nothing
  AgentTuning tuning = {};
  EmiProvider memory_settings = {};                 ///< asked only when the phone's memory does not run
  Signer signer = {};                               ///< asked only when the agent wants a login
  Clock::Duration patience = first_word::patience;  ///< with an agent that does not speak
};

/// Uploads and starts both stages on a phone that was identified. The link must outlive the agent. After an
/// error at stage da1 or later the phone must be power-cycled. Errors: bad_image (before anything is sent);
/// those of SEND_DA and JUMP_DA; stage dram when memory settings are missing or do not fit; at stage da2
/// unsupported (no login possible); device_status, timeout, disconnected, protocol, cancelled.
Result<std::unique_ptr<XflashAgent>> start_agent(Transport& link, const PhoneInfo& phone,
                                                 const AgentStages& stages, const XflashOptions& options,
                                                 OpContext& op);

}  // namespace mtk::xflash
