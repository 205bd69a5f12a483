// SPDX-License-Identifier: Apache-2.0
// What differs between XFlash agents: the table [agent] of a phone whose family is xflash
// (docs/format/phone.md).
#pragma once

#include "base/bytes.h"

#include <string>
#include <vector>

namespace mtk::sim {

class Table;
struct AgentModel;

enum class OtpZone { missing, locked, unlocked };

/// A NAND in place of the eMMC: the agent shows the user area and the boot areas as one. Agents of XML have
/// it too.
struct NandModel {
  std::uint32_t type = 0;  ///< 0x10 to 0x16; 0: there is none
  std::uint32_t page = 2048;
  std::uint32_t block = 0x20000;
  std::uint32_t spare = 64;
  std::uint32_t parity = 0;  ///< bytes of a page's spare that correct it; only XML tells
  bool bmt = true;
  Bytes id = Bytes(12);
};

struct XflashModel {
  NandModel nand;
  std::uint32_t da1_packet = 0x8000;          ///< reported by the first stage, both directions
  std::uint32_t write_packet = 0x200000;      ///< of the second stage
  std::uint32_t read_packet = 0x200000;       ///< for host OS 0
  std::uint32_t read_packet_linux = 0x10000;  ///< for host OS 1
  std::uint32_t shutdown_buffer = 24;         ///< bytes SHUTDOWN has room for
  bool login_codes = false;                   ///< knows SLA_ENABLED_STATUS; a phone with da_sla needs it
  bool ram_info_short = false;                ///< GET_RAM_INFO in 24 bytes instead of 48
  std::uint32_t emmc_info_size = 104;         ///< 96: ends behind the firmware version
  bool joined_ack = false;       ///< wants header and payload of a read acknowledgement in one transfer
  bool gp_sections = false;      ///< raw access to the eMMC sections 4 to 7
  bool newer_controls = false;   ///< SET_HOST_INFO, SET_UPDATE_FW, SET_UFS_CONFIG, GET_ERROR_DETAIL
  std::string expire_date = {};  ///< what a newer agent answers GET_EXPIRE_DATE; empty: it does not know it
  bool set_reboot_mode = true;
  bool set_cert_file = false;
  std::vector<std::uint32_t> emi_versions = {};  ///< empty: any
  std::uint32_t emi_refused = 0xc0010001;        ///< no record for this memory
  std::uint64_t sram_base = 0x200000;
  std::uint64_t sram_size = 0x80000;
  std::uint32_t chip_evolution = 0;
  Bytes hrid = Bytes(16);
  std::uint32_t battery_mv = 0;  ///< 0: none in
  bool rpmb_key = false;
  OtpZone otp = OtpZone::missing;
  std::uint8_t pre_eol = 1;
  std::uint8_t life_a = 1;
  std::uint8_t life_b = 1;
  std::uint32_t life_status = 0;  ///< 2 warning, 3 exhausted
  std::vector<std::uint32_t> readable_registers = {};
  std::vector<std::uint32_t> writable_registers = {};
  std::uint32_t error_lag = 1;             ///< packets between a storage error and its report
  std::uint64_t verify_limit = 0x4000000;  ///< largest image a secured phone verifies
};

/// The keys of [agent] that make the storage a NAND.
void read_nand(Table& in, NandModel& nand);
/// Reads [agent]; what all families have in common goes to `common`.
void read_xflash_agent(Table& in, AgentModel& common, XflashModel& agent);

}  // namespace mtk::sim
