// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/facts.h"

#include "da/legacy/flash_ids.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::legacy {
namespace {

bool is_set(ByteView id) {
  return std::ranges::any_of(id, [](std::byte byte) { return byte != std::byte{0}; });
}

StorageKind storage_of(const Report& report) {
  if (report.emmc.status == 0 && report.emmc.user > 0) return StorageKind::emmc;
  if (report.sd.status == 0 && report.sd.user > 0) return StorageKind::sd;
  if (report.nand.status == 0 && report.nand.size > 0) return StorageKind::nand;
  if (report.nor.status == 0 && report.nor.size > 0) return StorageKind::nor;
  return StorageKind::unknown;
}

std::vector<AreaFacts> areas_of(const Report& report, StorageKind storage) {
  std::vector<AreaFacts> areas;
  const auto add = [&](Area area, std::uint64_t size) {
    if (size > 0) areas.push_back({area, size});
  };
  if (storage == StorageKind::emmc) {
    add(Area::boot1, report.emmc.boot1);
    add(Area::boot2, report.emmc.boot2);
    add(Area::rpmb, report.emmc.rpmb);
    add(Area::gp1, report.emmc.gp1);
    add(Area::gp2, report.emmc.gp2);
    add(Area::gp3, report.emmc.gp3);
    add(Area::gp4, report.emmc.gp4);
    add(Area::user, report.emmc.user);
  }
  if (storage == StorageKind::sd) add(Area::user, report.sd.user);
  if (storage == StorageKind::nand) add(Area::nand, report.nand.size);
  if (storage == StorageKind::nor) add(Area::nor, report.nor.size);
  return areas;
}

Bytes storage_id_of(const Greeting& greeting, const Report& report) {
  if (greeting.flash.emmc_status == 0 && is_set(greeting.flash.emmc_id)) return greeting.flash.emmc_id;
  if (report.emmc.status == 0 && is_set(report.emmc.id)) return with_words_reversed(report.emmc.id);
  if (report.sd.status == 0 && is_set(report.sd.id)) return with_words_reversed(report.sd.id);
  return {};
}

}  // namespace

bool is_same_card(const Greeting& greeting, const Report& report) {
  return std::ranges::equal(greeting.flash.emmc_id, report.emmc.id) ||
         with_words_reversed(greeting.flash.emmc_id) == Bytes(report.emmc.id.begin(), report.emmc.id.end());
}

AgentFacts facts_of(const Greeting& greeting, const Report& report) {
  AgentFacts facts;
  facts.family = "legacy";
  facts.version = fmt::format("{}.{}", greeting.version_major, greeting.version_minor);
  facts.storage = storage_of(report);
  facts.areas = areas_of(report, facts.storage);
  facts.storage_id = storage_id_of(greeting, report);
  facts.random_id.assign(report.ram.random_id.begin(), report.ram.random_id.end());
  facts.ram_size = report.ram.external_size;
  facts.more = {
      {"Agent chip id", fmt::format("{:02X}", greeting.chip_id)},
      {"Error numbering", std::string{to_string(numbering_of(greeting.flash.nand_status))}},
      {"NOR status", fmt::format("{}", report.nor.status)},
      {"NAND status", fmt::format("{}", report.nand.status)},
      {"eMMC status", fmt::format("{}", report.emmc.status)},
      {"eMMC firmware", hex_compact(report.emmc.firmware_version)},
      {"SD status", fmt::format("{}", report.sd.status)},
      {"Internal memory",
       fmt::format("{} bytes, status {}", report.ram.internal_size, report.ram.internal_status)},
      {"External memory",
       fmt::format("type {}, status {}", report.ram.external_type, report.ram.external_status)},
      {"Download status", fmt::format("{}", report.download_status)},
      {"Boot style", fmt::format("{}", report.boot_style)},
  };
  if (report.extra) facts.more.emplace_back("Extra word", fmt::format("{:08X}", *report.extra));
  if (facts.storage == StorageKind::nand) {
    facts.more.emplace_back("NAND page", fmt::format("{}+{} bytes, {} per block", report.nand.page_size,
                                                     report.nand.spare_size, report.nand.pages_per_block));
  }
  return facts;
}

}  // namespace mtk::legacy
