// SPDX-License-Identifier: Apache-2.0
// The card of the connected phone: every fact with its label.
#include "base/text.h"
#include "base/units.h"
#include "session/connection.h"

namespace mtk {

namespace {

void add(PhoneCard& card, std::string id, Text label, std::string value) {
  card.facts.push_back({std::move(id), std::string{text(label)}, std::move(value)});
}

std::string flags_of(const TargetConfig& config) {
  std::string on;
  const auto name = [&](bool set, std::string_view flag) {
    if (set) on += (on.empty() ? "" : ", ") + std::string{flag};
  };
  name(config.sbc(), "SBC");
  name(config.sla(), "SLA");
  name(config.daa(), "DAA");
  name(config.certificate_needed(), "CERT");
  return on.empty() ? std::string{text(Text::fact_open)} : on;
}

}  // namespace

void describe_phone(const PhoneInfo& phone, const Chip* chip, PhoneCard& card) {
  card.chip = chip == nullptr ? "" : std::string{chip->name};
  card.hw_code = phone.hw_code;
  card.entry = phone.stage == BootStage::brom ? "brom" : "preloader";
  card.facts.clear();
  add(card, "chip", Text::fact_chip,
      card.chip.empty() ? std::string{text(Text::fact_unknown_chip)} : card.chip);
  add(card, "hw_code", Text::fact_hw_code, fmt::format("0x{:04x}", phone.hw_code));
  add(card, "hw_subcode", Text::fact_hw_subcode, fmt::format("0x{:04x}", phone.hw_subcode));
  add(card, "hw_version", Text::fact_hw_version, fmt::format("0x{:04x}", phone.hw_version));
  add(card, "sw_version", Text::fact_sw_version, fmt::format("0x{:04x}", phone.sw_version));
  add(card, "entry", Text::fact_entry, card.entry);
  if (phone.stage == BootStage::preloader) {
    add(card, "bl_version", Text::fact_bl_version, fmt::format("{}", phone.bl_version));
  } else {
    add(card, "brom_version", Text::fact_brom_version, fmt::format("0x{:02x}", phone.brom_version));
  }
  add(card, "target_config", Text::fact_target_config,
      fmt::format("0x{:x} ({})", phone.target_config.flags, flags_of(phone.target_config)));
  if (!phone.me_id.empty()) add(card, "me_id", Text::fact_me_id, hex_compact(phone.me_id));
  if (!phone.soc_id.empty()) add(card, "soc_id", Text::fact_soc_id, hex_compact(phone.soc_id));
}

void describe_agent(const AgentFacts& facts, PhoneCard& card) {
  card.agent = facts.family + " " + facts.version;
  add(card, "agent", Text::fact_agent, card.agent);
  add(card, "storage", Text::fact_storage, std::string{to_string(facts.storage)});
  if (!facts.storage_id.empty())
    add(card, "storage_id", Text::fact_storage_id, hex_compact(facts.storage_id));
  for (const AreaFacts& area : facts.areas) {
    if (area.size == 0) continue;
    card.facts.push_back({"area_" + std::string{to_string(area.area)},
                          say(Text::fact_area, fmt::arg("area", to_string(area.area))),
                          human_bytes(area.size)});
  }
  if (facts.ram_size != 0) add(card, "ram", Text::fact_ram, human_bytes(facts.ram_size));
  add(card, "usb", Text::fact_usb,
      std::string{text(facts.usb_high_speed ? Text::fact_usb_high : Text::fact_usb_full)});
  describe_further(facts.more, card);
}

void describe_further(const FactTexts& facts, PhoneCard& card) {
  for (const auto& [label, value] : facts) card.facts.push_back({label, label, value});
}

void describe_table(const TableReading& table, PhoneCard& card) {
  card.partitions.clear();
  card.table_problem = table.problem;
  if (!table.table) return;
  for (const TableEntry& partition : table.table->partitions) {
    card.partitions.push_back({partition.name, partition.region});
  }
}

}  // namespace mtk
