// SPDX-License-Identifier: Apache-2.0
// Giving an agent the memory settings it asks for.
// Source: docs/protocol/da-legacy.md#memory
#pragma once

#include "da/emi.h"
#include "da/legacy/agent_link.h"

#include <mtk/progress.h>

namespace mtk::legacy {

/// Whether this status of stage 1 asks for memory settings. The two numberings say it with different codes.
bool asks_for_memory_settings(std::uint32_t status);

struct EmiQuirks {
  bool sends_length = true;  ///< agents of one chip take the records without their length
};

struct MemoryFacts {
  std::uint8_t type = 0;
  std::uint8_t chip_select = 0;
  std::uint64_t size = 0;
};

/// Takes the storage ids that follow the request. Nothing else may be sent before.
Result<FlashIds> read_memory_request(AgentLink& link);

/// Sends the settings and waits until memory runs. There is no second try: after an error only a power cycle
/// helps.
/// Errors: unsupported (no exchange is known for this version), device_status (version, records or memory
/// refused), protocol.
Result<MemoryFacts> enable_dram(AgentLink& link, const EmiSettings& settings, const EmiQuirks& quirks);

}  // namespace mtk::legacy
