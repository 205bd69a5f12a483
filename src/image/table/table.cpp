// SPDX-License-Identifier: Apache-2.0
#include "image/table/table.h"

#include "base/ascii.h"
#include "base/checked.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

constexpr std::uint64_t boot1_part = 1;
constexpr std::uint64_t boot2_part = 2;

/// Where the user area starts in a list that counts over all areas; 0 when it does not.
std::uint64_t user_base(const std::vector<PmtEntry>& list) {
  const auto mbr =
      std::ranges::find_if(list, [](const PmtEntry& e) { return same_ignoring_case(e.name, "MBR"); });
  return mbr == list.end() ? 0 : mbr->offset;
}

/// Size 0 is what is left up to the next entry or to the end.
std::uint64_t size_of(const std::vector<PmtEntry>& list, std::size_t index, std::uint64_t end) {
  const PmtEntry& entry = list[index];
  if (entry.size != 0) return entry.size;
  const std::uint64_t next = index + 1 < list.size() ? list[index + 1].offset : end;
  return next > entry.offset ? next - entry.offset : 0;
}

}  // namespace

std::string_view to_string(TableForm form) {
  constexpr std::array<std::string_view, 4> names{"GPT", "PMT", "MBR", "table the agent tells"};
  return names.at(static_cast<std::size_t>(form));
}

const TableEntry* PartitionTable::find(std::string_view name) const {
  auto found = std::ranges::find(partitions, name, &TableEntry::name);
  if (found == partitions.end()) {
    found = std::ranges::find_if(partitions,
                                 [&](const TableEntry& e) { return same_ignoring_case(e.name, name); });
  }
  return found == partitions.end() ? nullptr : &*found;
}

const TableEntry* PartitionTable::at(const Region& region) const {
  const auto found = std::ranges::find_if(partitions, [&](const TableEntry& e) {
    return e.region.area == region.area && e.region.offset == region.offset;
  });
  return found == partitions.end() ? nullptr : &*found;
}

bool PartitionTable::is_last(const TableEntry& entry) const {
  return std::ranges::all_of(partitions, [&](const TableEntry& other) {
    return other.region.area != entry.region.area || other.region.offset <= entry.region.offset;
  });
}

PartitionTable table_of(const Gpt& gpt, Area area) {
  PartitionTable table{.form = TableForm::gpt, .problems = gpt.problems};
  for (const Partition& partition : gpt.partitions) {
    table.partitions.push_back({partition.name, {area, partition.offset, partition.size}});
  }
  return table;
}

PartitionTable table_of(const std::vector<PmtEntry>& list, Area area, std::uint64_t area_size) {
  PartitionTable table{.form = TableForm::pmt};
  const std::uint64_t base = area == Area::user ? user_base(list) : 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const PmtEntry& entry = list[i];
    TableEntry out{.name = entry.name, .region = {.area = area}};
    if (area == Area::user && (entry.part == boot1_part || entry.part == boot2_part || entry.offset < base)) {
      // The size of what precedes the user area is the way to it, not that of the boot area.
      out.region = {.area = entry.part == boot2_part ? Area::boot2 : Area::boot1, .offset = entry.offset};
      out.region.length = entry.size;
      table.partitions.push_back(std::move(out));
      continue;
    }
    out.region.offset = entry.offset - base;
    out.region.length = size_of(list, i, base + area_size);
    if (out.region.length == 0 || !fits(out.region.offset, out.region.length, area_size)) {
      table.problems.push_back(fmt::format("partition '{}' at 0x{:x}+0x{:x} lies outside its area",
                                           entry.name, out.region.offset, out.region.length));
      continue;
    }
    table.partitions.push_back(std::move(out));
  }
  return table;
}

PartitionTable table_of(const Mbr& mbr) {
  PartitionTable table{.form = TableForm::mbr, .lists_all = false, .problems = mbr.problems};
  for (const MbrPartition& partition : mbr.partitions) {
    table.partitions.push_back(
        {fmt::format("p{}", partition.number), {Area::user, partition.offset, partition.size}});
  }
  return table;
}

}  // namespace mtk
