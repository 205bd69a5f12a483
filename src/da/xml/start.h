// SPDX-License-Identifier: Apache-2.0
// From a phone in boot ROM or preloader to a running XML agent.
// Source: docs/protocol/da-xml.md#start
#pragma once

#include "brom/boot_rom.h"
#include "brom/signer.h"
#include "da/agent_stages.h"
#include "da/first_word.h"
#include "da/xml/agent.h"

#include <memory>

namespace mtk::xml {

struct XmlOptions {
  XmlFacts variant = {};  ///< what is special about this agent
  SetRuntimeParameter settings = {};
  std::string host_info = "mtkflash";  ///< up to 127 characters, which the agent keeps
  Signer signer = {};                  ///< for agents that want a login
  bool raise_usb_speed = true;
  Clock::Duration patience = first_word::patience;  ///< with an agent that does not speak
};

/// Uploads and starts both stages on a phone that was identified. The link must outlive the agent. Stage 1
/// sets up memory by itself: agents of this family carry the settings. After an error at stage da1 or later
/// the phone must be power-cycled. Errors: those of SEND_DA and JUMP_DA; stage dram when memory does not
/// start; unsupported (a login is wanted and there is no signer); bad_image (a second stage without
/// contents); device_status (also when stage 1 does not know this second stage), timeout, disconnected,
/// protocol, cancelled.
Result<std::unique_ptr<XmlAgent>> start_agent(Transport& link, const PhoneInfo& phone,
                                              const AgentStages& stages, const XmlOptions& options,
                                              OpContext& op);

}  // namespace mtk::xml
