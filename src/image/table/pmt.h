// SPDX-License-Identifier: Apache-2.0
// The partition list of phones before GPT (PMT): as an agent sends it, and as it stands on NAND and old eMMC.
// Source: docs/format/pmt.md
#pragma once

#include "base/bytes.h"

#include <string>
#include <vector>

namespace mtk {

/// The eMMC part of the user area, in the numbering of agents.
inline constexpr std::uint64_t pmt_user_part = 8;

/// Offsets and sizes in bytes, as written: on eMMC they may count over all areas.
struct PmtEntry {
  std::string name = {};
  std::uint64_t offset = 0;
  std::uint64_t size = 0;              ///< 0 on a last entry means the rest of the storage
  std::uint64_t part = pmt_user_part;  ///< eMMC part
  std::uint64_t flags = 0;

  bool operator==(const PmtEntry&) const = default;
};

/// The used entries of an agent's list. Four layouts exist and nothing names them: of those in which every
/// entry makes sense, the one is taken in which most entries start where the one before ends.
/// Errors: bad_image when there is none.
Result<std::vector<PmtEntry>> parse_pmt_list(ByteView list);

enum class PmtVersion : std::uint8_t { v1, v3 };
/// A table block on the storage. The mirror is the second copy.
struct PmtBlock {
  PmtVersion version = PmtVersion::v3;
  bool mirror = false;
  std::vector<PmtEntry> entries = {};
};

inline constexpr std::size_t max_pmt_entries = 128;
/// Bytes from the start of a block that are enough for parse_pmt_block().
inline constexpr std::size_t pmt_block_size = 16 * 1024;

/// \param block  from its first byte; what follows the list is not looked at
/// Errors: bad_image (no such block, or entries that make no sense).
Result<PmtBlock> parse_pmt_block(ByteView block);
/// Errors: out_of_range (names longer than 63 bytes or empty, too many entries).
Result<Bytes> encode_pmt_block(const PmtBlock& block);

}  // namespace mtk
