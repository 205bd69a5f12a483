// SPDX-License-Identifier: Apache-2.0
// A small phone and its firmware for the tests of this folder: 16 MiB, five partitions, all in memory.
#pragma once

#include "base/hash.h"
#include "flash/planner.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::testing {

inline Bytes pattern(std::size_t size, unsigned seed) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>((i * 7 + i / 256 + seed) & 0xff);
  return bytes;
}

inline const Bytes& card_id() {
  static const Bytes id =
      to_bytes({0x15, 1, 0, 0x51, 0x38, 0x32, 0x33, 0x4d, 0x42, 7, 0x5a, 0x35, 0x11, 0x22, 0xa5, 1});
  return id;
}

/// A bare preloader whose memory settings have one record, for the memory package with this id.
inline Bytes preloader_for(ByteView memory_id, std::uint8_t flash_device = 5) {
  Bytes code = pattern(0x400, 3);
  ByteWriter emi;
  emi.text("MTK_BLOADER_INFO_v21", 27).text("preloader_board.bin", 61).text("V116", 4);
  emi.bytes(to_bytes({0x22, 0x88, 0x44, 0x33, 0x90, 0, 0x70, 0})).text("MTK_BIN", 8).le(std::uint32_t{1});
  ByteWriter record;
  record.le(std::uint32_t{0})
      .le(std::uint32_t{0x0203})
      .le(std::uint32_t{9})
      .le(std::uint32_t{0})
      .bytes(memory_id);
  record.fill(188 - record.size());
  emi.bytes(record.view());
  const auto settings = static_cast<std::uint32_t>(emi.size());
  emi.le(settings);

  constexpr std::uint32_t content = 0x100;
  constexpr std::uint32_t signature = 0x20;
  const auto length = static_cast<std::uint32_t>(content + code.size() + emi.size() + signature);
  ByteWriter file;
  file.text("MMM\x01", 4)
      .le(std::uint16_t{0x38})
      .le(std::uint16_t{0})
      .text("FILE_INFO", 12)
      .le(std::uint32_t{1});
  file.le(std::uint16_t{1})
      .u8(flash_device)
      .u8(1)
      .le(std::uint32_t{0x200d00})
      .le(length)
      .le(std::uint32_t{0x40000});
  file.le(content).le(signature).le(content).le(std::uint32_t{1});
  file.fill(content - file.size()).bytes(code).bytes(emi.view());
  file.bytes(sha256(file.view()));
  return std::move(file).take();
}

inline std::string scatter_text(std::string_view platform = "MT6580") {
  std::string text = "- general: MTK_PLATFORM_CFG\n  info: \n    - config_version: V1.1.2\n      platform: ";
  text += platform;
  text +=
      "\n      project: board\n      storage: EMMC\n      boot_channel: MSDC_0\n      block_size: 0x20000\n";
  const auto entry = [&](std::string_view name, std::string_view file, std::string_view start,
                         std::string_view size, std::string_view region, std::string_view policy,
                         std::string_view type) {
    text += fmt::format(
        "- partition_index: SYS\n  partition_name: {}\n  file_name: {}\n  is_download: {}\n  type: {}\n"
        "  linear_start_addr: {}\n  physical_start_addr: {}\n  partition_size: {}\n  region: {}\n"
        "  storage: HW_STORAGE_EMMC\n  boundary_check: true\n  is_reserved: false\n  operation_type: {}\n  "
        "reserve: 0x00\n",
        name, file, file == "NONE" ? "false" : "true", type, start, start, size, region, policy);
  };
  entry("preloader", "preloader.bin", "0x0", "0x40000", "EMMC_BOOT1_BOOT2", "BOOTLOADERS", "SV5_BL_BIN");
  entry("nvram", "nvram.bin", "0x100000", "0x100000", "EMMC_USER", "BINREGION", "NORMAL_ROM");
  entry("lk", "lk.bin", "0x200000", "0x100000", "EMMC_USER", "BOOTLOADERS", "NORMAL_ROM");
  entry("boot", "boot.img", "0x300000", "0x200000", "EMMC_USER", "UPDATE", "NORMAL_ROM");
  entry("system", "system.img", "0x500000", "0x800000", "EMMC_USER", "UPDATE", "EXT4_IMG");
  return text;
}

inline Bytes boot_image() {
  Bytes bytes = pattern(0x3000, 1);
  const Bytes magic = to_bytes("ANDROID!");
  std::ranges::copy(magic, bytes.begin());
  return bytes;
}

inline Bytes lk_image() {
  ByteWriter out;
  out.le(std::uint32_t{0x58881688})
      .le(std::uint32_t{0x1000})
      .text("lk", 32)
      .fill(512 - 40)
      .bytes(pattern(0x1000, 2));
  return std::move(out).take();
}

inline FirmwareImage image(std::string_view partition, Bytes content) {
  const FileKind kind = kind_of(content);
  return {.partition = std::string{partition},
          .file_name = std::string{partition} + ".img",
          .path = std::string{"fw/"} + std::string{partition} + ".img",
          .kind = kind,
          .content = memory_image(std::move(content))};
}

inline Firmware firmware(std::string_view platform = "MT6580") {
  Firmware firmware;
  firmware.scatter_file = "fw/scatter.txt";
  firmware.scatter = parse_scatter(to_bytes(scatter_text(platform)), "scatter.txt").value();
  firmware.images = {image("preloader", preloader_for(ByteView{card_id()}.first(9))),
                     image("nvram", pattern(0x1000, 9)), image("lk", lk_image()), image("boot", boot_image()),
                     image("system", pattern(0x5000, 4))};
  return firmware;
}

inline constexpr std::uint64_t user_size = 16ULL << 20;

inline PartitionTable table() {
  PartitionTable table;
  const auto add = [&](std::string name, std::uint64_t offset, std::uint64_t size) {
    table.partitions.push_back({.name = std::move(name), .region = {Area::user, offset, size}});
  };
  add("nvram", 0x100000, 0x100000);
  add("lk", 0x200000, 0x100000);
  add("boot", 0x300000, 0x200000);
  add("system", 0x500000, 0xa00000);  // stretched to the end of the card
  return table;
}

inline PhoneFacts phone() {
  return {.hw_code = 0x6580,
          .chip = find_chip(0x6580),
          .storage = StorageKind::emmc,
          .areas = {{Area::boot1, 0x400000}, {Area::boot2, 0x400000}, {Area::user, user_size}},
          .storage_id = card_id(),
          .table = table(),
          .table_problem = {}};
}

}  // namespace mtk::testing
