// SPDX-License-Identifier: Apache-2.0
// From what the agent says to what the layers above need.
#include "da/xml/agent.h"
#include "da/xml/token.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

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

struct Words {
  std::string_view element;
  std::string_view label;
  std::string_view unit = "";  ///< of a number
};
constexpr std::array<Words, 9> hardware_words{{{"version", "Report version"},
                                               {"battery_voltage", "Battery", "mV"},
                                               {"product_id", "Product id"},
                                               {"ufs_vendor_id", "UFS vendor"},
                                               {"ufs_fwver", "UFS firmware"},
                                               {"page_size", "NAND page", "bytes"},
                                               {"spare_size", "NAND spare", "bytes"},
                                               {"page_parity_size", "NAND page parity", "bytes"},
                                               {"sub_type", "NAND kind"}}};
constexpr std::array<Words, 1> agent_words{{{"version", "Agent report version"}}};

using Labels = std::vector<std::pair<std::string, std::string>>;

/// An element without words of its own keeps its name.
void add_in_words(const FurtherElements& elements, std::span<const Words> words, Labels& labels) {
  for (const auto& [element, text] : elements) {
    const auto known = std::ranges::find(words, element, &Words::element);
    if (known == words.end()) {
      labels.emplace_back(element, text);
      continue;
    }
    const auto number = parse_number(text);
    const bool has_unit = number && !known->unit.empty();
    labels.emplace_back(known->label, has_unit ? fmt::format("{} {}", *number, known->unit) : text);
  }
}

Labels in_words(const HwInfo& info, const DaInfo& agent) {
  Labels labels;
  if (!agent.build.empty()) labels.emplace_back("Agent build", agent.build);
  add_in_words(agent.more, agent_words, labels);
  if (!info.random_id.empty()) labels.emplace_back("Random id", hex_compact(info.random_id));
  if (info.block_size > 0) labels.emplace_back("Storage block", fmt::format("{} bytes", info.block_size));
  add_in_words(info.more, hardware_words, labels);
  return labels;
}

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
  facts.writes_by_name = info.storage == StorageKind::nand;
  facts.more = in_words(info, agent);
  return facts;
}

}  // namespace mtk::xml
