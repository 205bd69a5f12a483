// SPDX-License-Identifier: Apache-2.0
// The numbers of the XFlash agent protocol and their names, and how long the host waits.
// Source: docs/protocol/da-xflash.md#commands, #device-control, #timing
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace mtk::xflash {

constexpr std::uint8_t announcement = 0xc0;
/// "SYNC": the host's first word, and the agent's when a stage runs.
constexpr std::uint32_t sync_word = 0x434e5953;

/// A word that tells the agent what to do, with the name errors carry.
struct Code {
  std::uint32_t value;
  std::string_view name;
};

/// What GET_USB_SPEED says of a link that could be faster.
constexpr std::string_view full_speed = "full-speed";

namespace command {
inline constexpr Code download{0x010001, "DOWNLOAD"};
inline constexpr Code upload{0x010002, "UPLOAD"};
inline constexpr Code format{0x010003, "FORMAT"};
inline constexpr Code write_data{0x010004, "WRITE_DATA"};
inline constexpr Code read_data{0x010005, "READ_DATA"};
inline constexpr Code format_partition{0x010006, "FORMAT_PARTITION"};
inline constexpr Code shutdown{0x010007, "SHUTDOWN"};
inline constexpr Code boot_to{0x010008, "BOOT_TO"};
inline constexpr Code device_control{0x010009, "DEVICE_CTRL"};
inline constexpr Code init_ext_ram{0x01000a, "INIT_EXT_RAM"};
inline constexpr Code switch_usb_speed{0x01000b, "SWITCH_USB_SPEED"};
inline constexpr Code setup_environment{0x010100, "SETUP_ENVIRONMENT"};
inline constexpr Code setup_hw_init{0x010101, "SETUP_HW_INIT_PARAMS"};
}  // namespace command

namespace control {
inline constexpr Code set_battery{0x020002, "SET_BATTERY_OPT"};
inline constexpr Code set_checksum_level{0x020003, "SET_CHECKSUM_LEVEL"};
inline constexpr Code set_reset_key{0x020004, "SET_RESET_KEY"};
inline constexpr Code set_host_info{0x020005, "SET_HOST_INFO"};
inline constexpr Code set_meta_boot_mode{0x020006, "SET_META_BOOT_MODE"};
inline constexpr Code set_register{0x020009, "SET_REGISTER_VALUE"};
inline constexpr Code set_remote_sec_policy{0x02000b, "SET_REMOTE_SEC_POLICY"};
inline constexpr Code set_all_in_one_signature{0x02000c, "SET_ALL_IN_ONE_SIG"};
inline constexpr Code emmc_info{0x040001, "GET_EMMC_INFO"};
inline constexpr Code nand_info{0x040002, "GET_NAND_INFO"};
inline constexpr Code nor_info{0x040003, "GET_NOR_INFO"};
inline constexpr Code ufs_info{0x040004, "GET_UFS_INFO"};
inline constexpr Code da_version{0x040005, "GET_DA_VERSION"};
inline constexpr Code packet_length{0x040007, "GET_PACKET_LENGTH"};
inline constexpr Code random_id{0x040008, "GET_RANDOM_ID"};
inline constexpr Code partition_table_kind{0x040009, "GET_PARTITION_TBL_CATA"};
inline constexpr Code connection_agent{0x04000a, "GET_CONNECTION_AGENT"};
inline constexpr Code usb_speed{0x04000b, "GET_USB_SPEED"};
inline constexpr Code ram_info{0x04000c, "GET_RAM_INFO"};
inline constexpr Code chip_id{0x04000d, "GET_CHIP_ID"};
inline constexpr Code otp_lock_status{0x04000e, "GET_OTP_LOCK_STATUS"};
inline constexpr Code battery_voltage{0x04000f, "GET_BATTERY_VOLTAGE"};
inline constexpr Code rpmb_status{0x040010, "GET_RPMB_STATUS"};
inline constexpr Code expire_date{0x040011, "GET_EXPIRE_DATE"};
inline constexpr Code dram_type{0x040012, "GET_DRAM_TYPE"};
inline constexpr Code dev_fw_info{0x040013, "GET_DEV_FW_INFO"};
inline constexpr Code hrid{0x040014, "GET_HRID"};
inline constexpr Code sla_enabled{0x040016, "SLA_ENABLED_STATUS"};
inline constexpr Code start_downloads{0x080001, "START_DL_INFO"};
inline constexpr Code end_downloads{0x080002, "END_DL_INFO"};
inline constexpr Code storage_life{0x080007, "DA_STOR_LIFE_CYCLE_CHECK"};
inline constexpr Code read_register{0x0e0003, "DEVICE_CTRL_READ_REGISTER"};
}  // namespace control

namespace status {
constexpr std::uint32_t ok = 0;
constexpr std::uint32_t otp_locked = 0x40040002;
constexpr std::uint32_t otp_unlocked = 0x40040003;
constexpr std::uint32_t in_progress = 0x40040004;  ///< CONTINUE: a percentage follows
constexpr std::uint32_t complete = 0x40040005;
constexpr std::uint32_t aborted = 0xc0010002;
constexpr std::uint32_t unknown_command = 0xc0010003;
constexpr std::uint32_t unknown_control = 0xc0010004;
constexpr std::uint32_t write_not_allowed = 0xc002000c;
constexpr std::uint32_t storage_worn = 0xc003001c;
constexpr std::uint32_t storage_worn_out = 0xc003001d;
constexpr std::uint32_t wrong_checksum = 0xc0040003;
constexpr std::uint32_t memory_settings_version = 0xc0040050;
constexpr std::uint32_t wrong_stage2 = 0xc0070004;

constexpr bool is_error(std::uint32_t word) { return (word & 0x80000000U) != 0; }
}  // namespace status

/// Names of partitions travel in this many bytes, a NUL included.
constexpr std::size_t name_size = 64;
/// No packet of the data commands is larger, whatever an agent says; buffers of this size are kept.
constexpr std::uint32_t max_packet_size = 0x200000;

namespace wait_for {
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
constexpr milliseconds before_jump{200};
constexpr seconds hardware{10};
constexpr seconds command{5};
constexpr seconds memory{30};
constexpr seconds stage2_running{10};
constexpr seconds read_packet{10};
constexpr seconds late_status{1};
constexpr seconds unknown_name{5};
constexpr seconds write_packet{30};
constexpr minutes write_end{2};
constexpr minutes erase{10};
constexpr seconds new_usb_speed{20};
constexpr seconds leaving{5};
}  // namespace wait_for

}  // namespace mtk::xflash
