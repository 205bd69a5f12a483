// SPDX-License-Identifier: Apache-2.0
// From what the agent says to what the layers above need.
#include "da/xml/agent.h"

#include <algorithm>
#include <array>

namespace mtk::xml {
namespace {

constexpr std::uint32_t emmc_block = 512;
/// What stage 2 names; the phone's own word counts in each transfer.
constexpr std::uint64_t usual_packet_size = 0x200000;

struct AreaOf {
  Area area;
  StorageKind storage;
  std::string_view name;
};
constexpr std::array<AreaOf, 14> areas{{{Area::boot1, StorageKind::emmc, "EMMC-BOOT1"},
                                        {Area::boot2, StorageKind::emmc, "EMMC-BOOT2"},
                                        {Area::user, StorageKind::emmc, "EMMC-USER"},
                                        {Area::gp1, StorageKind::emmc, "EMMC-GP1"},
                                        {Area::gp2, StorageKind::emmc, "EMMC-GP2"},
                                        {Area::gp3, StorageKind::emmc, "EMMC-GP3"},
                                        {Area::gp4, StorageKind::emmc, "EMMC-GP4"},
                                        {Area::rpmb, StorageKind::emmc, "EMMC-RPMB"},
                                        {Area::lu0, StorageKind::ufs, "UFS-LUA0"},
                                        {Area::lu1, StorageKind::ufs, "UFS-LUA1"},
                                        {Area::lu2, StorageKind::ufs, "UFS-LUA2"},
                                        {Area::lu3, StorageKind::ufs, "UFS-LUA3"},
                                        {Area::nand, StorageKind::nand, "NAND-WHOLE"},
                                        {Area::nor, StorageKind::nor, "NOR-WHOLE"}}};

}  // namespace

std::optional<std::string_view> area_name(Area area, StorageKind storage) {
  const auto found = std::ranges::find_if(
      areas, [&](const AreaOf& known) { return known.area == area && known.storage == storage; });
  if (found == areas.end()) return std::nullopt;
  return found->name;
}

AgentFacts facts_of(const HwInfo& info, const DaInfo& agent) {
  const bool is_ufs = info.storage == StorageKind::ufs;
  AgentFacts facts;
  facts.family = "xml";
  facts.version = agent.version;
  facts.storage = info.storage;
  facts.areas = info.areas;
  facts.sector_size = info.block_size > 0 ? info.block_size : (is_ufs ? ufs_erase_block : emmc_block);
  facts.write_unit = is_ufs ? std::max(facts.sector_size, ufs_erase_block) : facts.sector_size;
  facts.erase_unit = facts.write_unit;
  facts.packet_size = usual_packet_size;
  facts.storage_id = info.storage_id;
  facts.random_id = info.random_id;
  facts.ram_size = info.ram_size;
  facts.preloader_by_name = true;
  facts.more = info.more;
  if (!agent.build.empty()) facts.more.emplace_back("agent build", agent.build);
  return facts;
}

}  // namespace mtk::xml
