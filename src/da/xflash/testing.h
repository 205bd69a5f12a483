// SPDX-License-Identifier: Apache-2.0
// For tests: a started agent behind a script of packets, and the packets that scripts are made of.
#pragma once

#include "brom/testing/bench.h"
#include "da/testing/framed_script.h"
#include "da/testing/images.h"
#include "da/xflash/agent.h"

namespace mtk::xflash {

constexpr std::string_view ok = "D> 00 00 00 00\n";
/// GET_HRID, for a look whether the agent still answers.
constexpr std::string_view question =
    "H> 09 00 01 00\n D> 00 00 00 00\n H> 14 00 04 00\n D> 00 00 00 00\n D> 00*16\n D> 00 00 00 00\n";

inline std::string script(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const auto part : parts) text += part;
  return text;
}

/// A device-control code up to its status, as two bytes of its low word and its kind.
inline std::string control_of(std::string_view code) {
  return script({"H> 09 00 01 00\n", ok, "H> ", code, "\n", ok});
}

/// The parameter of READ_DATA, WRITE_DATA and FORMAT for less than 64 KiB of the first 16 MiB.
inline std::string range(std::string_view storage_and_section, std::string_view offset3,
                         std::string_view length2) {
  return script({"H> ", storage_and_section, " ", offset3, " 00*5 ", length2, " 00*38\n"});
}
constexpr std::string_view emmc_user = "01 00 00 00 08 00 00 00";
/// What such a parameter of eight bytes means.
constexpr Region small_region{Area::user, 0x1000, 8};
constexpr std::string_view stopped = "T> 02 00 01 C0\n D> 02 00 01 C0\n";

/// A started agent on an eMMC phone of 64 MiB; `conversation` is what follows.
struct AgentBench : ScriptBench {
  explicit AgentBench(std::string_view conversation, const AgentTuning& tuning = {},
                      const XflashFacts& chip = {})
      : AgentBench(conversation, emmc_facts(), tuning, chip) {}
  AgentBench(std::string_view conversation, AgentFacts facts, const AgentTuning& tuning = {},
             const XflashFacts& chip = {})
      : ScriptBench(framed(conversation)), agent(AgentLink{link, chip}, std::move(facts), tuning, 0) {}

  static AgentFacts emmc_facts() {
    AgentFacts facts;
    facts.storage = StorageKind::emmc;
    facts.areas = {{Area::boot1, 0x400000}, {Area::rpmb, 0x400000}, {Area::user, 0x4000000}};
    facts.packet_size = max_packet_size;
    return facts;
  }
  static AgentFacts ufs_facts() {
    AgentFacts facts;
    facts.storage = StorageKind::ufs;
    facts.areas = {{Area::lu0, 0x400000}, {Area::lu1, 0x400000}, {Area::lu2, 0x4000000}};
    facts.sector_size = facts.write_unit = facts.erase_unit = 4096;
    facts.packet_size = max_packet_size;
    return facts;
  }

  /// The agent is in step: it answers the next question, the last of the script.
  bool still_answers() { return agent.hardware_random_id(op).has_value() && phone.finished(); }

  XflashAgent agent;
};

}  // namespace mtk::xflash
