// SPDX-License-Identifier: Apache-2.0
// The report of the second stage, field by field in wire order.
#include "sim/legacy_da2.h"

namespace mtk::sim {

namespace {
constexpr std::uint32_t internal_ram = 0x20000;
constexpr std::uint8_t type_dram = 2;
constexpr std::uint8_t soc_ok = 0xc1;
}  // namespace

Bytes legacy_report(const Model& model, ByteView memory_id) {
  const auto& agent = model.agent;
  ByteWriter out;
  out.be(agent.report_nor).be<std::uint16_t>(0x0008).be<std::uint16_t>(0xffff);
  out.be<std::uint32_t>(0).fill(8).be<std::uint32_t>(0).be<std::uint32_t>(0);

  out.be(agent.report_nand).u8(0).be<std::uint16_t>(0xffff).fill(agent.report_nand64 ? 8 : 4);
  out.be(agent.nand_ids).fill(std::size_t{agent.nand_ids} * 2).fill(9);

  const auto& storage = model.storage;
  out.be<std::uint32_t>(0).be(storage.boot1).be(storage.boot2).be(storage.rpmb);
  for (const std::uint64_t size : storage.gp) out.be(size);
  out.be(storage.user);
  for (std::size_t i = 0; i < 16; ++i)
    out.u8(static_cast<std::uint8_t>(memory_id[agent.swap_cid ? (i & ~std::size_t{3}) + 3 - (i & 3) : i]));
  out.bytes(storage.fw_version);

  out.be(agent.report_sd).fill(8).fill(16);

  out.be<std::uint32_t>(0).be(internal_ram);
  out.be<std::uint32_t>(0).u8(type_dram).u8(0).be(model.memory.size).bytes(agent.random_id);
  if (agent.report_extra) out.be<std::uint32_t>(0);
  out.u8(legacy::ack).be(agent.download_status).be(agent.boot_style).u8(soc_ok);
  return std::move(out).take();
}

}  // namespace mtk::sim
