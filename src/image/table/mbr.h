// SPDX-License-Identifier: Apache-2.0
// MBR and EBR of phones before GPT: where their file systems are. Names and raw partitions are in no such
// table.
// Source: docs/format/mbr.md
#pragma once

#include "base/bytes.h"

#include <functional>
#include <string>
#include <vector>

namespace mtk {

inline constexpr std::uint64_t mbr_sector_size = 512;

/// Offsets and sizes in bytes, from the start of the user area.
struct MbrPartition {
  unsigned number = 0;  ///< as Linux counts: 1 to 4 in the MBR, 5 and up in the chain
  std::uint8_t type = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  bool operator==(const MbrPartition&) const = default;
};

struct Mbr {
  std::vector<MbrPartition> partitions = {};     ///< without the extended one that holds the others
  std::vector<std::uint64_t> boot_records = {};  ///< where the MBR and each EBR stand
  std::vector<std::string> problems = {};
};

/// The sector at that offset; 512 bytes.
using ReadSector = std::function<Result<Bytes>(std::uint64_t offset)>;

/// Follows the chain from the MBR at 0. A last partition that is said to reach beyond the disk ends with it;
/// others outside the disk are left out and told.
/// Errors: bad_image (no MBR, or the protective one of a GPT); what `read` fails with.
Result<Mbr> read_mbr(const ReadSector& read, std::uint64_t disk_size);

}  // namespace mtk
