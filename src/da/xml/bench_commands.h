// SPDX-License-Identifier: Apache-2.0
// Commands of laboratories and factories. This program has their documents and gives none of them by itself:
// some cannot be taken back.
// Source: docs/protocol/da-xml.md#commands
#pragma once

#include "da/xml/commands.h"

namespace mtk::xml {

struct WriteRegister {
  static constexpr std::string_view name = "WRITE-REGISTER";
  std::uint64_t address = 0;
  std::string_view source_file;  ///< four bytes
  void encode(Arguments& arg) const {
    arg.text("bit_width", "32").number("base_address", address).text("source_file", source_file);
  }
};
struct ReadEfuse : PlainQuestion {
  static constexpr std::string_view name = "READ-EFUSE";
};
struct WriteEfuse : FileSetting {
  static constexpr std::string_view name = "WRITE-EFUSE";
};
struct WritePrivateCert : FileSetting {
  static constexpr std::string_view name = "WRITE-PRIVATE-CERT";
};
struct SetRsc {
  static constexpr std::string_view name = "SET-RSC";
  std::string_view key;
  std::string_view source_file;
  void encode(Arguments& arg) const { arg.text("key", key).text("source_file", source_file); }
};

struct RamTestFlip {
  static constexpr std::string_view name = "RAM-TEST";
  std::uint64_t start_address = 0;
  std::uint64_t length = 0;
  std::uint64_t repeat = 1;
  void encode(Arguments& arg) const {
    arg.text("function", "FLIP")
        .number("start_address", start_address)
        .number("length", length)
        .number("repeat", repeat);
  }
};
struct RamTestCalibration {
  static constexpr std::string_view name = "RAM-TEST";
  std::string_view target_file;
  void encode(Arguments& arg) const { arg.text("function", "CALIBRATION").text("target_file", target_file); }
};
struct RamTestSram {
  static constexpr std::string_view name = "RAM-TEST";
  void encode(Arguments& arg) const { arg.text("function", "SRAM"); }
};
struct DramRepair {
  static constexpr std::string_view name = "DEBUG:DRAM-REPAIR";
  std::string_view param_file;
  std::string_view target_file;
  void encode(Arguments& arg) const { arg.text("param_file", param_file).text("target_file", target_file); }
};

struct UfsUpdateFirmware {
  static constexpr std::string_view name = "DEBUG:UFS";
  std::string_view source_file;
  void encode(Arguments& arg) const {
    arg.text("function", "UPDATE-FIRMWARE").text("source_file", source_file);
  }
};
/// Sets a UFS up anew, which erases it. What is left out stays as it is.
struct UfsSetting {
  static constexpr std::string_view name = "DEBUG:UFS";
  static constexpr std::string_view version = "1.2";
  struct WriteTurbo {
    std::optional<std::uint64_t> size = {};
    std::optional<std::uint64_t> reduction = {};
  };
  struct Hpb {
    std::optional<std::uint64_t> size = {};
    std::optional<std::uint64_t> pinned_region_start_index = {};
    std::optional<std::uint64_t> pinned_region_count = {};
    std::optional<std::uint64_t> control_mode = {};
  };
  struct SplitLast {
    std::optional<std::uint64_t> size = {};
    std::string_view type = {};  ///< NORMAL, SYSTEM, NON-PERSISTENT, ENHANCED1 to ENHANCED4
  };
  WriteTurbo write_turbo = {};
  Hpb hpb = {};
  SplitLast split_last = {};
  void encode(Arguments& arg) const;
};

}  // namespace mtk::xml
