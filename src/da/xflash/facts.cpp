// SPDX-License-Identifier: Apache-2.0
// From what the agent says to what the layers above need.
#include "da/xflash/questions.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::xflash {
namespace {

constexpr std::uint32_t type_emmc = 1;
constexpr std::uint32_t type_sd = 2;
constexpr std::uint32_t type_ufs = 0x30;
constexpr std::uint32_t emmc_sector = 512;
constexpr std::uint32_t ufs_sector = 4096;

bool is_set(ByteView id) {
  return std::ranges::any_of(id, [](std::byte byte) { return byte != std::byte{0}; });
}

StorageKind storage_of(const Answers& answers) {
  if (answers.emmc.type == type_emmc) return StorageKind::emmc;
  if (answers.ufs.type == type_ufs) return StorageKind::ufs;
  if (answers.emmc.type == type_sd) return StorageKind::sd;
  if (answers.nand.type != 0) return StorageKind::nand;
  if (answers.nor.type != 0) return StorageKind::nor;
  return StorageKind::unknown;
}

std::vector<AreaFacts> areas_of(const Answers& answers, StorageKind storage) {
  std::vector<AreaFacts> areas;
  const auto add = [&](Area area, std::uint64_t size) {
    if (size > 0) areas.push_back({area, size});
  };
  if (storage == StorageKind::emmc || storage == StorageKind::sd) {
    add(Area::boot1, answers.emmc.boot1);
    add(Area::boot2, answers.emmc.boot2);
    add(Area::rpmb, answers.emmc.rpmb);
    add(Area::gp1, answers.emmc.gp1);
    add(Area::gp2, answers.emmc.gp2);
    add(Area::gp3, answers.emmc.gp3);
    add(Area::gp4, answers.emmc.gp4);
    add(Area::user, answers.emmc.user);
  }
  if (storage == StorageKind::ufs) {
    add(Area::lu0, answers.ufs.lu0);
    add(Area::lu1, answers.ufs.lu1);
    add(Area::lu2, answers.ufs.lu2);
  }
  if (storage == StorageKind::nand) add(Area::nand, answers.nand.available);
  if (storage == StorageKind::nor) add(Area::nor, answers.nor.available);
  return areas;
}

/// The id of a UFS names the model only; its serial number names the device.
Bytes ufs_id(const UfsInfo& ufs) {
  Bytes id{ufs.cid.begin(), ufs.cid.end()};
  id.insert(id.end(), ufs.serial.begin(), ufs.serial.end());
  while (id.size() > ufs.cid.size() && id.back() == std::byte{0}) id.pop_back();
  return id;
}

Bytes storage_id_of(const Answers& answers, StorageKind storage) {
  const ByteView emmc{answers.emmc.cid};
  const ByteView nand{answers.nand.id};
  Bytes id = storage == StorageKind::ufs    ? ufs_id(answers.ufs)
             : storage == StorageKind::nand ? Bytes{nand.begin(), nand.end()}
                                            : Bytes{emmc.begin(), emmc.end()};
  return is_set(id) ? id : Bytes{};
}

std::string life_word(std::uint32_t status) {
  constexpr std::array<std::string_view, 4> words{"unknown", "normal", "warning", "end of life"};
  return status < words.size() ? std::string{words[status]} : fmt::format("0x{:x}", status);
}

std::string dram_name(std::uint64_t type) {
  switch (type) {
    case 3:
      return "LPDDR3";
    case 5:
      return "LPDDR4";
    case 6:
      return "LPDDR4X";
    case 7:
      return "LPDDR4P";
    default:
      return fmt::format("type {}", type);
  }
}

std::string table_name(std::uint64_t kind) {
  constexpr std::uint64_t gpt = 100;
  constexpr std::uint64_t pmt = 101;
  return kind == gpt ? "GPT" : kind == pmt ? "PMT" : fmt::format("kind {}", kind);
}

std::string rpmb_word(std::uint64_t status) {
  constexpr std::uint64_t programmed = 0x10;
  constexpr std::uint64_t not_programmed = 0x11;
  return status == programmed       ? "programmed"
         : status == not_programmed ? "not programmed"
                                    : fmt::format("0x{:x}", status);
}

std::string storage_life_word(std::uint32_t result) {
  return result == status::ok                 ? "good"
         : result == status::storage_worn     ? "worn"
         : result == status::storage_worn_out ? "worn out"
                                              : fmt::format("0x{:08X}", result);
}

std::string ram_item(const RamItem& item) {
  return fmt::format("{} bytes at 0x{:x}, type {}", item.size, item.base, item.type);
}

std::vector<std::pair<std::string, std::string>> more_of(const Answers& answers, StorageKind storage) {
  std::vector<std::pair<std::string, std::string>> more;
  const auto add = [&](std::string_view label, std::string text) {
    if (!text.empty()) more.emplace_back(label, std::move(text));
  };
  if (answers.chip) {
    add("chip", fmt::format("{:04X} {:04X} {:04X} {:04X}, evolution {}", answers.chip->hw_code,
                            answers.chip->hw_sub_code, answers.chip->hw_version, answers.chip->sw_version,
                            answers.chip->evolution));
  }
  add("connected through", answers.connection_agent);
  add("agent expires", answers.expire_date);
  add("usb speed", answers.usb_speed);
  if (storage == StorageKind::emmc || storage == StorageKind::sd) {
    const EmmcInfo& emmc = answers.emmc;
    add("storage firmware", hex_compact(emmc.firmware));
    add("storage life", fmt::format("pre-EOL {}, A {}, B {}, {}", emmc.pre_eol, emmc.life_a, emmc.life_b,
                                    life_word(emmc.life_status)));
  }
  if (storage == StorageKind::ufs) {
    const UfsInfo& ufs = answers.ufs;
    add("storage vendor", fmt::format("{:04X}", ufs.vendor_id));
    add("storage firmware", printable_text(ufs.firmware));
    add("storage life", fmt::format("pre-EOL {}, A {}, B {}, {}", ufs.pre_eol, ufs.life_a, ufs.life_b,
                                    life_word(ufs.life_status)));
  }
  if (storage == StorageKind::nand) {
    const NandInfo& nand = answers.nand;
    add("nand", fmt::format("type 0x{:x}, page {}+{} bytes, block {} bytes, {} in all, BMT {}", nand.type,
                            nand.page_size, nand.spare_size, nand.block_size, nand.total, nand.bmt_present));
  }
  if (storage == StorageKind::nor)
    add("nor", fmt::format("type 0x{:x}, page {} bytes", answers.nor.type, answers.nor.page_size));
  if (answers.storage_life) add("storage check", storage_life_word(*answers.storage_life));
  add("internal ram", ram_item(answers.ram.sram));
  add("external ram", ram_item(answers.ram.dram));
  if (answers.dram_type) add("dram type", dram_name(*answers.dram_type));
  if (answers.partition_table_kind) add("partition table", table_name(*answers.partition_table_kind));
  if (answers.rpmb_status) add("rpmb key", rpmb_word(*answers.rpmb_status));
  if (answers.battery_voltage) add("battery", fmt::format("{}", *answers.battery_voltage));
  add("read packet", fmt::format("{}", answers.packets.read));
  return more;
}

/// What the storage says, where it makes sense.
std::uint32_t sector_size_of(std::uint32_t said, std::uint32_t usual) {
  return said == emmc_sector || said == ufs_sector ? said : usual;
}

}  // namespace

bool is_worn(const Answers& answers) {
  constexpr std::uint32_t life_warning = 2;
  constexpr std::uint32_t life_end = 3;
  const auto says_so = [](std::uint32_t life) { return life == life_warning || life == life_end; };
  return says_so(answers.emmc.life_status) || says_so(answers.ufs.life_status) ||
         answers.storage_life == status::storage_worn || answers.storage_life == status::storage_worn_out;
}

AgentFacts facts_of(const Answers& answers) {
  AgentFacts facts;
  facts.family = "xflash";
  facts.version = answers.version;
  facts.storage = storage_of(answers);
  facts.areas = areas_of(answers, facts.storage);
  facts.sector_size = facts.storage == StorageKind::ufs
                          ? sector_size_of(answers.ufs.block_size, ufs_sector)
                          : sector_size_of(answers.emmc.block_size, emmc_sector);
  facts.write_unit = facts.sector_size;
  facts.erase_unit = facts.sector_size;
  facts.packet_size = std::min(answers.packets.write, max_packet_size);
  facts.storage_id = storage_id_of(answers, facts.storage);
  facts.random_id = answers.random_id;
  facts.ram_size = answers.ram.dram.size;
  facts.usb_high_speed = answers.usb_speed != full_speed;
  facts.preloader_by_name = true;
  facts.more = more_of(answers, facts.storage);
  return facts;
}

}  // namespace mtk::xflash
