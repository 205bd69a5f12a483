// SPDX-License-Identifier: Apache-2.0
#include "image/table/read.h"

#include "base/checked.h"
#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

/// A list that says nothing about an agent that has left.
bool is_lost(const Error& error) {
  return error.code == Errc::disconnected || error.code == Errc::timeout || error.code == Errc::cancelled;
}

/// A table that holds partitions, or the reason why it is not one.
TableReading usable(PartitionTable table) {
  if (!table.partitions.empty()) return {.table = std::move(table)};
  return {.problem = fmt::format("the {} has no partitions", to_string(table.form))};
}

Result<TableReading> read_gpt_of(const TableDisk& disk) {
  const DiskGeometry geometry{disk.sector_size, disk.size};
  MTK_TRY_LET(const Bytes head, in(disk.read(0, gpt_head_size(disk.sector_size)), "partition table"));
  auto table = read_gpt(head, {}, geometry);
  if (!table) {
    const std::uint64_t tail_size = gpt_tail_size(disk.sector_size);
    MTK_TRY_LET(const Bytes tail, in(disk.read(disk.size - tail_size, tail_size), "backup table"));
    table = read_gpt(head, tail, geometry);
  }
  if (!table) return TableReading{.problem = table.error().what};
  return TableReading{.table = table_of(*table, disk.area)};
}

Result<TableReading> read_told_by(const TableDisk& disk) {
  if (!disk.told) return TableReading{};
  auto entries = disk.told();
  if (!entries) {
    if (is_lost(entries.error())) return fail(entries.error());
    return TableReading{.problem = entries.error().what};
  }
  PartitionTable table{.form = TableForm::told};
  for (TableEntry& entry : *entries) {
    if (fits(entry.region.offset, entry.region.length, disk.size)) {
      table.partitions.push_back(std::move(entry));
    } else {
      table.problems.push_back(fmt::format("{} lies outside its area", printable_text(to_bytes(entry.name))));
    }
  }
  return usable(std::move(table));
}

Result<TableReading> read_list_of(const TableDisk& disk) {
  if (!disk.list) return TableReading{};
  const auto bytes = disk.list();
  if (!bytes) {
    if (is_lost(bytes.error())) return fail(bytes.error());
    return TableReading{.problem = bytes.error().what};
  }
  const auto list = parse_pmt_list(*bytes);
  if (!list) return TableReading{.problem = list.error().what};
  return usable(table_of(*list, disk.area, disk.size));
}

/// The two copies stand in the last two blocks.
Result<TableReading> read_blocks_of(const TableDisk& disk) {
  TableReading none{.problem = "no partition list in the last two blocks"};
  if (disk.block_size == 0 || disk.size < 2 * std::uint64_t{disk.block_size}) return none;
  const std::uint64_t length = std::min<std::uint64_t>(pmt_block_size, disk.block_size);
  for (const std::uint64_t back : {std::uint64_t{2}, std::uint64_t{1}}) {
    MTK_TRY_LET(const Bytes block,
                in(disk.read(disk.size - back * disk.block_size, length), "partition list"));
    const auto found = parse_pmt_block(block);
    if (!found) continue;
    TableReading reading = usable(table_of(found->entries, disk.area, disk.size));
    if (reading.table && found->mirror)
      reading.table->problems.emplace_back("the first copy of the partition list is damaged");
    return reading;
  }
  return none;
}

Result<TableReading> read_mbr_of(const TableDisk& disk) {
  const auto sector = [&](std::uint64_t offset) { return disk.read(offset, mbr_sector_size); };
  const auto mbr = read_mbr(sector, disk.size);
  if (mbr) return TableReading{.table = table_of(*mbr)};
  if (mbr.error().code == Errc::bad_image) return TableReading{.problem = mbr.error().what};
  return fail(mbr.error());
}

}  // namespace

Result<TableReading> read_partition_table(const TableDisk& disk) {
  TableReading first{.problem = "no user area"};
  if (disk.area == Area::nand) {
    first.problem.clear();
  } else {
    if (disk.size < gpt_head_size(disk.sector_size)) return first;
    auto gpt = read_gpt_of(disk);
    if (gpt ? gpt->table.has_value() : is_lost(gpt.error())) return gpt;
    MTK_TRY_LET(TableReading told, read_told_by(disk));
    if (told.table) return told;
    if (!gpt || disk.area != Area::user) return gpt;
    first = std::move(*gpt);
  }
  MTK_TRY_LET(TableReading list, read_list_of(disk));
  if (list.table) return list;
  MTK_TRY_LET(TableReading old, disk.area == Area::nand ? read_blocks_of(disk) : read_mbr_of(disk));
  if (old.table) return old;
  // Of several reasons the newest kind's says most.
  if (first.problem.empty()) first.problem = std::move(old.problem);
  return first;
}

}  // namespace mtk
