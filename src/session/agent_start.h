// SPDX-License-Identifier: Apache-2.0
// Putting together what an agent needs to start: its stages, the chip's facts, and memory settings.
#pragma once

#include "brom/phone_info.h"
#include "da/agent.h"
#include "image/da_file/da_file.h"
#include "transport/transport.h"

#include <mtk/chip.h>

#include <filesystem>

namespace mtk {

/// The key of an agent file for this phone.
DaQuery agent_query(const PhoneInfo& phone, const Chip& chip);

/// \param preloaders  where memory settings may come from when the phone asks for them, best first
/// \param battery     whether one is in; nothing lets the agent find out
Result<std::unique_ptr<Agent>> start_legacy(Transport& link, const PhoneInfo& phone, const Chip& chip,
                                            const DaFile& file,
                                            const std::vector<std::filesystem::path>& preloaders,
                                            std::optional<bool> battery, OpContext& op);

}  // namespace mtk
