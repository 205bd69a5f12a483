// SPDX-License-Identifier: Apache-2.0
// Finds out which partition table a phone keeps and reads it.
// Source: docs/format/partition-table.md
#pragma once

#include "image/table/table.h"

#include <optional>

namespace mtk {

/// The storage of a phone, as its agent offers it. Sizes are bytes.
struct TableDisk {
  Area area = Area::user;  ///< user, lu2 or nand
  std::uint64_t size = 0;
  std::uint32_t sector_size = 512;
  std::uint32_t block_size = 0;  ///< erase unit; used on NAND
  /// `length` bytes at `offset`, both multiples of sector_size.
  std::function<Result<Bytes>(std::uint64_t offset, std::uint64_t length)> read = {};
  /// The list the agent makes itself, for parse_pmt_list(). Asked only when there is no GPT. May be empty.
  std::function<Result<Bytes>()> list = {};
  /// The table as an agent that reads it itself tells it. Asked only when the GPT cannot be read here. May be
  /// empty.
  std::function<Result<std::vector<TableEntry>>()> told = {};
};

struct TableReading {
  std::optional<PartitionTable> table = {};
  std::string problem = {};  ///< why there is none
};

/// GPT first, from either copy; then what the agent tells, which a secured phone may want; then the agent's
/// own list; then PMT blocks on NAND, MBR on eMMC. Errors: what `read` fails with, unless the agent tells the
/// table. A missing or damaged table is no error, nor is an agent without a list.
Result<TableReading> read_partition_table(const TableDisk& disk);

}  // namespace mtk
