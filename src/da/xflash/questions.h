// SPDX-License-Identifier: Apache-2.0
// Everything a started agent is asked about phone and storage, and what the layers above make of it.
// Source: docs/protocol/da-xflash.md#answers
#pragma once

#include "da/agent.h"
#include "da/xflash/agent_link.h"
#include "da/xflash/replies.h"

namespace mtk::xflash {

/// EmmcInfo::type and UfsInfo::type; 0 is none.
constexpr std::uint32_t type_emmc = 1;
constexpr std::uint32_t type_sd = 2;
constexpr std::uint32_t type_ufs = 0x30;

/// What is empty was not answered.
struct Answers {
  EmmcInfo emmc = {};
  UfsInfo ufs = {};
  NandInfo nand = {};
  NorInfo nor = {};
  RamInfo ram = {};
  std::optional<ChipId> chip = {};
  PacketLengths packets = {};
  std::string version = {};
  std::string usb_speed = {};         ///< not asked here
  std::string connection_agent = {};  ///< `brom` or `preloader`; stage 1 only
  std::string expire_date = {};       ///< stage 1 only
  Bytes random_id = {};
  Bytes hardware_random_id = {};
  std::optional<std::uint64_t> partition_table_kind = {};
  std::optional<std::uint64_t> dram_type = {};
  std::optional<std::uint64_t> rpmb_status = {};
  std::optional<std::uint64_t> battery_voltage = {};
  std::optional<std::uint32_t> storage_life = {};
};

/// Asks stage 2. Errors: the link's; a question that the agent refuses is left out, except the packet
/// lengths, without which nothing can be written.
Result<> ask_stage2(AgentLink& link, Answers& answers, Observer& log);
/// Whether the storage nears the end of its life, in its own words or the agent's.
bool is_worn(const Answers& answers);

AgentFacts facts_of(const Answers& answers);
/// What the answers say of that storage, whether it is the one in use or not. The id identifies the phone.
std::vector<AreaFacts> areas_of(const Answers& answers, StorageKind storage);
Bytes storage_id_of(const Answers& answers, StorageKind storage);
/// Every answer that AgentFacts has no member for, as label and text.
std::vector<std::pair<std::string, std::string>> in_words(const Answers& answers, StorageKind in_use);

}  // namespace mtk::xflash
