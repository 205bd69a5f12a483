// SPDX-License-Identifier: Apache-2.0
// MTK_BLOADER_INFO: the memory settings at the end of a preloader, which an agent needs to start DRAM.
// Source: docs/format/preloader.md#memory-settings
#pragma once

#include "base/bytes.h"

#include <optional>

namespace mtk {

/// One memory chip the preloader knows. What is not stored in a version stays zero or empty.
struct EmiRecord {
  std::uint32_t type = 0;  ///< low byte DDR kind, next byte package; see describe_memory()
  Bytes id = {};           ///< storage id it is for: start of the eMMC CID, NAND id, or UFS model text
  Bytes raw = {};          ///< the whole record
};

struct EmiBlock {
  std::uint32_t version = 0;       ///< NN of the identifier
  std::string preloader_name;      ///< `preloader_k80_bsp.bin`
  std::uint32_t count = 0;         ///< as stored; not to be trusted
  std::size_t record_size = 0;     ///< 0 when unknown
  std::vector<EmiRecord> records;  ///< those that are complete
  Bytes bytes;                     ///< from the identifier to the end of the settings
  std::size_t offset = 0;          ///< where it was found in the given bytes
  /// What does not fit: cut blocks, unknown versions, mangled counts; sentences without a full stop.
  std::vector<std::string> warnings;

  /// What an XFlash agent expects: the block from its identifier on.
  ByteView xflash_payload() const { return bytes; }
  /// What a legacy agent expects, together with `version`. Empty when the block ends before `payload_offset`.
  ByteView legacy_payload(std::size_t payload_offset) const;
  ByteView legacy_payload() const;
};

/// The settings count and the identifier come before the records.
inline constexpr std::size_t emi_records_offset = 0x70;
/// Some hosts start the legacy payload of version 13 here; all measured blocks have their records at 0x70.
inline constexpr std::size_t emi_records_offset_v13_alternative = 0x7a;

/// Finds and reads the block in a preloader of any form, or in a file that is only the block.
/// Errors: bad_image (there is none, or its head is cut).
Result<EmiBlock> read_emi(ByteView file);

/// The record made for this storage chip, or nothing. Compared as the phone sent it and with each 32-bit word
/// reversed, since agents differ.
/// \param storage_id  eMMC CID or NAND id as the phone reports it, or a UFS model text
std::optional<std::size_t> record_for(const EmiBlock& block, ByteView storage_id);

enum class MemoryMatch : std::uint8_t {
  listed,      ///< the preloader names this storage chip
  not_listed,  ///< it names others only: made for another phone
  unknown      ///< it has settings for any chip, or its records cannot be read
};
MemoryMatch describes_memory(const EmiBlock& block, ByteView storage_id);

/// `LPDDR3, eMMC package`
std::string describe_memory(const EmiRecord& record);
/// `Q823MB (15 01 00 51 38 32 33 4D 42)`: the readable part first.
std::string describe_id(const EmiRecord& record);

}  // namespace mtk
