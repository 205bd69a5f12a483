// SPDX-License-Identifier: Apache-2.0
#include "sim/xflash_model.h"

#include "sim/description.h"
#include "sim/model.h"

#include <algorithm>

namespace mtk::sim {

namespace {

void use_newer_profile(XflashModel& agent) {
  agent.shutdown_buffer = 32;
  agent.login_codes = true;
  agent.newer_controls = true;
}

void read_facts(Table& in, XflashModel& agent) {
  in.number("sram_base", agent.sram_base);
  in.number("sram_size", agent.sram_size);
  in.number("chip_evolution", agent.chip_evolution);
  in.bytes("hrid", agent.hrid, 16);
  in.number("battery_mv", agent.battery_mv);
  in.flag("rpmb_key", agent.rpmb_key);
  in.choice("otp", agent.otp,
            {{"missing", OtpZone::missing}, {"locked", OtpZone::locked}, {"unlocked", OtpZone::unlocked}});
  in.number("pre_eol", agent.pre_eol);
  in.number("life_a", agent.life_a);
  in.number("life_b", agent.life_b);
  in.number("life_status", agent.life_status, 0, 3);
  in.numbers("readable_registers", agent.readable_registers);
  in.numbers("writable_registers", agent.writable_registers);
}

}  // namespace

void read_nand(Table& in, NandModel& nand) {
  in.number("nand_type", nand.type, 0x10, 0x16);
  in.number("nand_page", nand.page, 512, 0x10000);
  in.number("nand_block", nand.block, 0x1000, 0x1000000);
  in.number("nand_spare", nand.spare, 0, 0x1000);
  in.number("nand_parity", nand.parity, 0, 0x1000);
  in.flag("nand_bmt", nand.bmt);
  in.bytes("nand_id", nand.id, 12);
}

void read_xflash_agent(Table& in, AgentModel& common, XflashModel& agent) {
  in.required("profile");
  bool newer = false;
  in.choice("profile", newer, {{"2019", false}, {"newer", true}});
  if (newer) use_newer_profile(agent);
  in.number("da1_packet", agent.da1_packet, 1, 0x1000000);
  in.number("write_packet", agent.write_packet, 1, 0x1000000);
  in.number("read_packet", agent.read_packet, 1, 0x1000000);
  agent.read_packet_linux = std::min(agent.read_packet_linux, agent.read_packet);
  in.number("read_packet_linux", agent.read_packet_linux, 1, 0x1000000);
  in.number("shutdown_buffer", agent.shutdown_buffer, 24, 32);
  in.flag("login_codes", agent.login_codes);
  in.flag("ram_info_short", agent.ram_info_short);
  in.number("emmc_info_size", agent.emmc_info_size, 96, 104);
  in.flag("joined_ack", agent.joined_ack);
  in.flag("gp_sections", agent.gp_sections);
  in.flag("newer_controls", agent.newer_controls);
  in.text("expire_date", agent.expire_date);
  if (!agent.expire_date.empty() && !agent.newer_controls)
    in.complain("expire_date", "is told by agents with newer_controls only");
  in.flag("set_reboot_mode", agent.set_reboot_mode);
  in.flag("set_cert_file", agent.set_cert_file);
  in.numbers("emi_versions", agent.emi_versions);
  in.number("emi_refused", agent.emi_refused, 1);
  in.number("error_lag", agent.error_lag, 0, 2);
  in.number("verify_limit", agent.verify_limit, 1, 0x10000000);
  read_facts(in, agent);
  read_nand(in, agent.nand);
  common.da2_addresses = {0x40000000};
  in.numbers("da2_addresses", common.da2_addresses);
  in.flag("high_speed", common.high_speed);
  in.bytes("random_id", common.random_id, 16);
}

}  // namespace mtk::sim
