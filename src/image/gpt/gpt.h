// SPDX-License-Identifier: Apache-2.0
// The GUID partition table: reading it from either copy, checking it, and writing it.
// Source: docs/format/gpt.md; CRC-32 as in zlib.
#pragma once

#include "base/bytes.h"

#include <array>
#include <optional>

namespace mtk {

/// As it stands on disk: the first three groups little-endian.
struct Guid {
  std::array<std::byte, 16> bytes{};

  bool operator==(const Guid&) const = default;
};
/// `EBD0A0A2-B9E5-4433-87C0-68B6B72699C7`
std::string to_string(const Guid& guid);
/// Errors: out_of_range (not the form above).
Result<Guid> parse_guid(std::string_view text);
/// The type every partition of a MediaTek phone carries.
Guid basic_data_guid();

/// Offsets and sizes in bytes.
struct Partition {
  std::string name = {};  ///< UTF-8
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  Guid type = {};
  Guid unique = {};
  std::uint64_t attributes = 0;

  bool operator==(const Partition&) const = default;
};

struct DiskGeometry {
  std::uint32_t sector_size = 512;  ///< 512 (eMMC) or 4096 (UFS)
  std::uint64_t disk_size = 0;      ///< bytes; a multiple of sector_size
};

enum class GptCopy : std::uint8_t { primary, backup };

struct Gpt {
  Guid disk = {};
  std::uint64_t first_usable = 0;  ///< bytes
  std::uint64_t usable_end = 0;    ///< byte after the last usable one
  std::uint32_t entry_count = 0;   ///< slots of the table, used or not
  std::vector<Partition> partitions = {};
  GptCopy read_from = GptCopy::primary;
  /// What is wrong though the table could be read, e.g. a damaged copy; sentences without a full stop.
  std::vector<std::string> problems = {};
};

/// Slots beyond this are refused: 128 is usual, and each takes 128 bytes of memory.
inline constexpr std::uint32_t max_gpt_entries = 1024;

/// How much of the disk's start and end to read for read_gpt(): room for 128 slots.
std::uint64_t gpt_head_size(std::uint32_t sector_size);
std::uint64_t gpt_tail_size(std::uint32_t sector_size);

/// Reads the table from the primary copy, or from the backup when the primary is damaged.
/// \param head  bytes from the start of the disk
/// \param tail  bytes up to the end of the disk; may be empty when they were not read
/// Entries outside the disk are left out and told in `problems`, as are overlaps and a damaged copy.
/// Errors: bad_image (neither copy is good).
Result<Gpt> read_gpt(ByteView head, ByteView tail, const DiskGeometry& disk);

/// One copy alone.
/// Errors: bad_image, with the first thing that is wrong.
Result<Gpt> read_gpt_copy(ByteView bytes, GptCopy copy, const DiskGeometry& disk);

struct EncodedGpt {
  Bytes head;                     ///< protective MBR, header and entries; for offset 0
  Bytes tail;                     ///< entries and header of the backup
  std::uint64_t tail_offset = 0;  ///< where tail goes, bytes
};

/// Builds both copies. Partitions must be sector-aligned, inside the usable range and not overlap; names up
/// to 36 UTF-16 units. `entry_count`, `first_usable` and `usable_end` of 0 are chosen as usual.
/// Errors: out_of_range.
Result<EncodedGpt> encode_gpt(const Gpt& table, const DiskGeometry& disk);

struct GptPiece {
  std::uint64_t offset = 0;  ///< where it goes, bytes
  Bytes bytes = {};
};

/// The other copy, made from a good one: every slot stays where it is, whatever it holds, so that partition
/// numbers stay. The primary comes with a protective MBR.
/// \param good  bytes of the disk's start or end, as for read_gpt_copy()
/// Errors: bad_image (the copy is not good); out_of_range (no room where the other one goes).
Result<GptPiece> rebuild_gpt_copy(ByteView good, GptCopy copy, const DiskGeometry& disk);

}  // namespace mtk
