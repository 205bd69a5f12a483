// SPDX-License-Identifier: Apache-2.0
// From what the agent says to what the layers above need.
#include "da/xflash/questions.h"

#include <algorithm>

namespace mtk::xflash {
namespace {

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

/// The id of a UFS names the model only; its serial number names the device.
Bytes ufs_id(const UfsInfo& ufs) {
  Bytes id{ufs.cid.begin(), ufs.cid.end()};
  id.insert(id.end(), ufs.serial.begin(), ufs.serial.end());
  while (id.size() > ufs.cid.size() && id.back() == std::byte{0}) id.pop_back();
  return id;
}

/// What the storage says, where it makes sense.
std::uint32_t sector_size_of(std::uint32_t said, std::uint32_t usual) {
  return said == emmc_sector || said == ufs_sector ? said : usual;
}

}  // namespace

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

Bytes storage_id_of(const Answers& answers, StorageKind storage) {
  const ByteView emmc{answers.emmc.cid};
  const ByteView nand{answers.nand.id};
  Bytes id = storage == StorageKind::ufs    ? ufs_id(answers.ufs)
             : storage == StorageKind::nand ? Bytes{nand.begin(), nand.end()}
             : storage == StorageKind::nor  ? Bytes{}
                                            : Bytes{emmc.begin(), emmc.end()};
  return is_set(id) ? id : Bytes{};
}

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
  facts.erase_unit = facts.storage == StorageKind::nand ? answers.nand.block_size : facts.sector_size;
  facts.packet_size = std::min(answers.packets.write, max_packet_size);
  facts.storage_id = storage_id_of(answers, facts.storage);
  facts.random_id = answers.random_id;
  facts.ram_size = answers.ram.dram.size;
  facts.usb_high_speed = answers.usb_speed != full_speed;
  facts.preloader_by_name = true;
  facts.writes_by_name = facts.storage == StorageKind::nand;
  facts.more = in_words(answers, facts.storage);
  return facts;
}

}  // namespace mtk::xflash
