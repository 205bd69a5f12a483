// SPDX-License-Identifier: Apache-2.0
// The commands this program gives to an XML agent: one type each, knowing its document and nothing of the
// link. Files are names of our own choosing, which the agent repeats when it asks for them.
// Source: docs/protocol/da-xml.md#commands
#pragma once

#include "da/xml/command.h"

namespace mtk::xml {

// What both stages take.

/// Stage 1 sets up DRAM, stage 2 storage and security.
struct NotifyInitHw {
  static constexpr std::string_view name = "NOTIFY-INIT-HW";
  void encode(Arguments&) const {}
};
/// The agent keeps up to 127 characters.
struct SetHostInfo {
  static constexpr std::string_view name = "SET-HOST-INFO";
  std::string_view info;
  void encode(Arguments& arg) const { arg.text("info", info); }
};
/// What this host can be used for.
struct HostSupportedCommands {
  static constexpr std::string_view name = "HOST-SUPPORTED-COMMANDS";
  void encode(Arguments& arg) const {
    arg.text("host_capability",
             "CMD:DOWNLOAD-FILE^1@CMD:FILE-SYS-OPERATION^1@CMD:PROGRESS-REPORT^1@CMD:UPLOAD-FILE^1@");
  }
};
struct Reboot {
  static constexpr std::string_view name = "REBOOT";
  static constexpr std::string_view immediate = "IMMEDIATE";
  static constexpr std::string_view warm_reset = "WARM-RESET";
  static constexpr std::string_view cold_reset = "COLD-RESET";  // through the power chip
  static constexpr std::string_view disconnect = "DISCONNECT";  // only leaves the bus
  std::string_view action = immediate;
  void encode(Arguments& arg) const { arg.text("action", action); }
};

// Stage 1.

enum class ChecksumLevel : std::uint8_t { none, usb, storage, usb_and_storage };
enum class BatteryExists : std::uint8_t { yes, no, detect };
enum class LogLevelOfAgent : std::uint8_t { trace, debug, info, warning, error };
enum class LogChannel : std::uint8_t { uart, usb };
enum class HostSystem : std::uint8_t { windows, linux };

struct SetRuntimeParameter {
  static constexpr std::string_view name = "SET-RUNTIME-PARAMETER";
  static constexpr std::string_view version = "1.1";
  ChecksumLevel checksum_level = ChecksumLevel::none;
  BatteryExists battery = BatteryExists::detect;
  LogLevelOfAgent log_level = LogLevelOfAgent::info;
  LogChannel log_channel = LogChannel::uart;
  HostSystem system = HostSystem::linux;  ///< decides the packet size of reads: 64 KiB, or 2 MiB for windows
  bool initialize_dram = true;
  void encode(Arguments& arg) const;
};
struct BootTo {
  static constexpr std::string_view name = "BOOT-TO";
  std::uint64_t at_address = 0;
  std::uint64_t jump_address = 0;
  std::string_view source_file;
  void encode(Arguments& arg) const {
    arg.number("at_address", at_address).number("jmp_address", jump_address).text("source_file", source_file);
  }
};

// Stage 2: storage.

struct ReadFlash {
  static constexpr std::string_view name = "READ-FLASH";
  std::string_view area;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length = {};
  std::string_view target_file;
  void encode(Arguments& arg) const {
    arg.text("partition", area)
        .number("offset", offset)
        .length("length", length)
        .text("target_file", target_file);
  }
};
struct WriteFlash {
  static constexpr std::string_view name = "WRITE-FLASH";
  std::string_view area;
  std::uint64_t offset = 0;
  std::string_view source_file;
  void encode(Arguments& arg) const {
    arg.text("partition", area).number("offset", offset).text("source_file", source_file);
  }
};
struct EraseFlash {
  static constexpr std::string_view name = "ERASE-FLASH";
  std::string_view area;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length = {};
  void encode(Arguments& arg) const {
    arg.text("partition", area).number("offset", offset).length("length", length);
  }
};
struct ReadPartition {
  static constexpr std::string_view name = "READ-PARTITION";
  std::string_view partition;
  std::string_view target_file;
  void encode(Arguments& arg) const { arg.text("partition", partition).text("target_file", target_file); }
};
enum class EraseFirst : std::uint8_t { yes, no };
struct WritePartition {
  static constexpr std::string_view name = "WRITE-PARTITION";
  std::string_view partition;
  std::string_view source_file;
  EraseFirst erase_first = EraseFirst::yes;
  void encode(Arguments& arg) const {
    arg.text("partition", partition).text("source_file", source_file);
    if (erase_first == EraseFirst::no) arg.text("pre_erase", "NO");
  }
};
struct ErasePartition {
  static constexpr std::string_view name = "ERASE-PARTITION";
  std::string_view partition;
  void encode(Arguments& arg) const { arg.text("partition", partition); }
};

// Questions, each answered by a small file.

/// A question without arguments of its own.
struct PlainQuestion {
  std::string_view target_file;
  void encode(Arguments& arg) const { arg.text("target_file", target_file); }
};
struct GetHwInfo : PlainQuestion {
  static constexpr std::string_view name = "GET-HW-INFO";
};
struct GetDaInfo : PlainQuestion {
  static constexpr std::string_view name = "GET-DA-INFO";
};
struct ReadPartitionTable : PlainQuestion {
  static constexpr std::string_view name = "READ-PARTITION-TABLE";
};
struct CanHigherUsbSpeed : PlainQuestion {
  static constexpr std::string_view name = "CAN-HIGHER-USB-SPEED";
};
struct GetDownloadedImageFeedback : PlainQuestion {
  static constexpr std::string_view name = "GET-DOWNLOADED-IMAGE-FEEDBACK";
};
struct GetDeviceFirmwareInfo : PlainQuestion {
  static constexpr std::string_view name = "SECURITY-GET-DEV-FW-INFO";
};
struct GetSysProperty {
  static constexpr std::string_view name = "GET-SYS-PROPERTY";
  static constexpr std::string_view da_sla = "DA.SLA";
  static constexpr std::string_view da_hrid = "DA.HRID";
  static constexpr std::string_view da_seg_code = "DA.SEG_CODE";
  std::string_view key;
  std::string_view target_file;
  void encode(Arguments& arg) const { arg.text("key", key).text("target_file", target_file); }
};
struct EmmcControl {
  static constexpr std::string_view name = "EMMC-CONTROL";
  static constexpr std::string_view life_cycle = "LIFE-CYCLE-STATUS";
  static constexpr std::string_view rpmb_key = "GET-RPMB-KEY-STATUS";
  std::string_view function;
  std::string_view target_file;
  void encode(Arguments& arg) const { arg.text("function", function).text("target_file", target_file); }
};
struct ReadRegister {
  static constexpr std::string_view name = "READ-REGISTER";
  std::uint64_t address = 0;
  std::string_view target_file;
  void encode(Arguments& arg) const {
    arg.text("bit_width", "32").number("base_address", address).text("target_file", target_file);
  }
};

// Settings.

struct SwitchHigherUsbSpeed {
  static constexpr std::string_view name = "SWITCH-HIGHER-USB-SPEED";
  void encode(Arguments& arg) const { arg.none(); }
};
/// A setting that is a file the agent fetches.
struct FileSetting {
  std::string_view source_file;
  void encode(Arguments& arg) const { arg.text("source_file", source_file); }
};
struct SetFlashPolicy : FileSetting {
  static constexpr std::string_view name = "SECURITY-SET-FLASH-POLICY";
};
struct SetAllInOneSignature : FileSetting {
  static constexpr std::string_view name = "SECURITY-SET-ALLINONE-SIGNATURE";
};
/// Takes effect on the next start. META has settings of its own.
struct SetBootMode {
  static constexpr std::string_view name = "SET-BOOT-MODE";
  static constexpr std::string_view fastboot = "FASTBOOT";
  static constexpr std::string_view meta = "META";
  static constexpr std::string_view test = "ANDROID-TEST-MODE";
  std::string_view mode;
  std::string_view connect_type = "USB";  ///< or UART, WIFI
  bool mobile_log = false;
  bool adb = false;
  void encode(Arguments& arg) const;
};

}  // namespace mtk::xml
