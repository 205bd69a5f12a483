// SPDX-License-Identifier: Apache-2.0
#include "sim/xflash_facts.h"

#include "sim/xflash.h"

namespace mtk::sim {

namespace {

constexpr std::size_t emmc_info_size = 104;
constexpr std::size_t ufs_info_size = 208;
constexpr std::size_t nand_info_size = 48;
constexpr std::uint32_t type_emmc = 1;
constexpr std::uint32_t type_ufs = 0x30;
constexpr std::uint32_t type_dram = 1;
constexpr std::uint32_t type_sram = 2;
constexpr std::uint64_t hostile_size = 0xfffffffffffffe00;

std::uint64_t user_size(const Board& board) {
  return board.faults.hostile_counts ? hostile_size : board.card.size(part_user);
}

/// A field of fixed size, cut or filled with zeros.
void fixed(ByteWriter& out, ByteView data, std::size_t size) {
  Bytes field{data.begin(), data.end()};
  field.resize(size);
  out.bytes(field);
}

}  // namespace

Bytes xflash_emmc_info(const Board& board) {
  const auto& agent = board.model.xflash;
  if (board.card.kind() != StorageKind::emmc || agent.nand.type != 0) return Bytes(agent.emmc_info_size);
  ByteWriter out;
  out.le(type_emmc).le(board.card.sector());
  out.le(board.card.size(part_boot1)).le(board.card.size(part_boot2)).le(board.card.size(part_rpmb));
  for (const std::uint64_t size : board.model.storage.gp) out.le(size);
  out.le(user_size(board));
  fixed(out, board.memory_id(), 16);
  fixed(out, board.model.storage.fw_version, 8);
  out.u8(agent.pre_eol).u8(agent.life_a).u8(agent.life_b).u8(0).le(agent.life_status);
  MTK_ASSERT(out.size() == emmc_info_size);
  Bytes info = std::move(out).take();
  info.resize(agent.emmc_info_size);
  return info;
}

Bytes xflash_ufs_info(const Board& board) {
  const auto& agent = board.model.xflash;
  if (board.card.kind() != StorageKind::ufs || agent.nand.type != 0) return Bytes(ufs_info_size);
  const auto& storage = board.model.storage;
  ByteWriter out;
  out.le(type_ufs).le(board.card.sector());
  out.le(board.card.size(part_boot1)).le(board.card.size(part_boot2)).le(user_size(board));
  out.le(storage.ufs_vendor);
  fixed(out, board.memory_id(), 20);
  fixed(out, storage.fw_version, 8);
  fixed(out, to_bytes(hex_compact(board.model.chip.me_id)), 132);
  out.u8(agent.pre_eol).u8(agent.life_a).u8(agent.life_b).u8(0).fill(2).le(agent.life_status).fill(4);
  MTK_ASSERT(out.size() == ufs_info_size);
  return std::move(out).take();
}

Bytes xflash_nand_info(const Board& board) {
  const NandModel& nand = board.model.xflash.nand;
  if (nand.type == 0) return Bytes(nand_info_size);
  ByteWriter out;
  out.le(nand.type).le(nand.page).le(nand.block).le(nand.spare);
  out.le(user_size(board)).le(user_size(board)).u8(nand.bmt ? 1 : 0);
  fixed(out, nand.id, 12);
  out.fill(3);
  MTK_ASSERT(out.size() == nand_info_size);
  return std::move(out).take();
}

Bytes xflash_ram_info(const Board& board) {
  const auto& agent = board.model.xflash;
  const bool runs = board.agent.memory_runs;
  const std::uint32_t dram_type = runs ? type_dram : 0;
  const std::uint64_t dram_size = runs ? board.model.memory.size : 0;
  ByteWriter out;
  if (agent.ram_info_short) {
    out.le(type_sram).le(static_cast<std::uint32_t>(agent.sram_base));
    out.le(static_cast<std::uint32_t>(agent.sram_size));
    out.le(dram_type)
        .le(static_cast<std::uint32_t>(xflash::dram_base))
        .le(static_cast<std::uint32_t>(dram_size));
  } else {
    out.le(type_sram).fill(4).le(agent.sram_base).le(agent.sram_size);
    out.le(dram_type).fill(4).le(xflash::dram_base).le(dram_size);
  }
  return std::move(out).take();
}

Bytes xflash_chip_id(const Model& model) {
  ByteWriter out;
  out.le(model.chip.hw_code).le(model.chip.hw_sub_code).le(model.chip.hw_version).le(model.chip.sw_version);
  out.le(model.xflash.chip_evolution);
  return std::move(out).take();
}

}  // namespace mtk::sim
