// SPDX-License-Identifier: Apache-2.0
// For tests: an agent behind a script.
#pragma once

#include "brom/testing/bench.h"
#include "da/legacy/agent.h"
#include "da/testing/images.h"

namespace mtk::legacy {

/// The connection to an agent, before or after it has started.
struct LinkBench : ScriptBench {
  using ScriptBench::ScriptBench;
  AgentLink agent{link};
};

/// A started agent on an eMMC phone of 64 MiB; `script` is what follows.
struct AgentBench : ScriptBench {
  explicit AgentBench(std::string_view script, const AgentTuning& tuning = {})
      : ScriptBench(script), agent(AgentLink{link}, emmc_facts(), tuning) {}

  static AgentFacts emmc_facts() {
    AgentFacts facts;
    facts.storage = StorageKind::emmc;
    facts.areas = {{Area::boot1, 0x400000}, {Area::user, 0x4000000}};
    return facts;
  }

  LegacyAgent agent;
};

}  // namespace mtk::legacy
