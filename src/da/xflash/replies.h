// SPDX-License-Identifier: Apache-2.0
// What a running XFlash agent answers to questions about phone and storage.
// Source: docs/protocol/da-xflash.md#answers
#pragma once

#include "base/wire.h"

namespace mtk::xflash {

struct EmmcInfo {
  std::uint32_t type = 0;  ///< 1 eMMC, 2 SD, 0 none
  std::uint32_t block_size = 0;
  std::uint64_t boot1 = 0;
  std::uint64_t boot2 = 0;
  std::uint64_t rpmb = 0;
  std::uint64_t gp1 = 0;
  std::uint64_t gp2 = 0;
  std::uint64_t gp3 = 0;
  std::uint64_t gp4 = 0;
  std::uint64_t user = 0;
  std::array<std::byte, 16> cid{};  ///< card order
  std::array<std::byte, 8> firmware{};
  std::uint8_t pre_eol = 0;
  std::uint8_t life_a = 0;
  std::uint8_t life_b = 0;
  std::uint8_t padding = 0;
  std::uint32_t life_status = 0;
};

struct UfsInfo {
  std::uint32_t type = 0;  ///< 0x30 UFS, 0 none
  std::uint32_t block_size = 0;
  std::uint64_t lu0 = 0;  ///< boot A
  std::uint64_t lu1 = 0;  ///< boot B
  std::uint64_t lu2 = 0;  ///< user data
  std::uint16_t vendor_id = 0;
  std::array<std::byte, 16> cid{};
  std::array<std::byte, 4> cid_spare{};
  std::array<std::byte, 4> firmware{};
  std::array<std::byte, 4> firmware_spare{};
  std::array<std::byte, 128> serial{};
  std::array<std::byte, 4> serial_spare{};
  std::uint8_t pre_eol = 0;
  std::uint8_t life_a = 0;
  std::uint8_t life_b = 0;
  std::uint8_t stub = 0;
  std::array<std::byte, 2> padding{};
  std::uint32_t life_status = 0;
  std::array<std::byte, 4> tail{};
};

struct NandInfo {
  std::uint32_t type = 0;  ///< 0x10 to 0x16, 0 none
  std::uint32_t page_size = 0;
  std::uint32_t block_size = 0;
  std::uint32_t spare_size = 0;
  std::uint64_t total = 0;
  std::uint64_t available = 0;
  std::uint8_t bmt_present = 0;
  std::array<std::byte, 12> id{};
  std::array<std::byte, 3> padding{};
};

struct NorInfo {
  std::uint32_t type = 0;  ///< 0x20 to 0x22, 0 none
  std::uint32_t page_size = 0;
  std::uint64_t available = 0;
};

/// One kind of memory.
struct RamItem {
  std::uint32_t type = 0;  ///< 0 none, 1 DRAM, 2 SRAM
  std::uint64_t base = 0;
  std::uint64_t size = 0;
};
struct RamInfo {
  RamItem sram;
  RamItem dram;
};

struct ChipId {
  std::uint16_t hw_code = 0;
  std::uint16_t hw_sub_code = 0;
  std::uint16_t hw_version = 0;
  std::uint16_t sw_version = 0;
  std::uint32_t evolution = 0;
};

struct PacketLengths {
  std::uint32_t write = 0;
  std::uint32_t read = 0;
};

/// Answers grow at their end from build to build: what is missing is 0, what is more is left out.
EmmcInfo read_emmc_info(ByteView answer);
UfsInfo read_ufs_info(ByteView answer);
NandInfo read_nand_info(ByteView answer);
NorInfo read_nor_info(ByteView answer);
ChipId read_chip_id(ByteView answer);
PacketLengths read_packet_lengths(ByteView answer);
/// Has fields of 32 bits in some builds, which its length tells.
RamInfo read_ram_info(ByteView answer);
/// A number of up to eight bytes.
std::uint64_t read_number(ByteView answer);

}  // namespace mtk::xflash
