// SPDX-License-Identifier: Apache-2.0
// The partition table of a phone, whatever kind it keeps: GPT, PMT, or MBR with its chain.
#pragma once

#include "image/gpt/gpt.h"
#include "image/table/mbr.h"
#include "image/table/pmt.h"

#include <mtk/region.h>

namespace mtk {

enum class TableForm : std::uint8_t {
  gpt,
  pmt,
  mbr,
  told  ///< read by the agent, which does not say from what
};
std::string_view to_string(TableForm form);  ///< `GPT` ...

struct TableEntry {
  std::string name = {};
  Region region = {};

  bool operator==(const TableEntry&) const = default;
};

struct PartitionTable {
  TableForm form = TableForm::gpt;
  std::vector<TableEntry> partitions = {};  ///< in the order of the table
  /// False for MBR, which has the file systems only and no names: its entries are called `p2`, `p5` ...
  bool lists_all = true;
  /// What is wrong though the table could be read; sentences without a full stop.
  std::vector<std::string> problems = {};

  const TableEntry* find(std::string_view name) const;  ///< exact, else in any case; null when absent
  const TableEntry* at(const Region& region) const;     ///< the entry that starts there; null when none does
  /// Whether the entry is the last one of its area, which phones stretch to fill it.
  bool is_last(const TableEntry& entry) const;
};

/// \param area  where the table and its partitions lie: user, or lu2 on UFS
PartitionTable table_of(const Gpt& gpt, Area area = Area::user);

/// On eMMC old lists count over all areas: with an MBR in it, what is before the MBR lies in the boot area
/// and the rest counts from it. Entries that do not lie in their area are left out and told. \param area user
/// or nand
PartitionTable table_of(const std::vector<PmtEntry>& list, Area area, std::uint64_t area_size);
PartitionTable table_of(const Mbr& mbr);

}  // namespace mtk
