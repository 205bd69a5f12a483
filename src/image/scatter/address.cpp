// SPDX-License-Identifier: Apache-2.0
// Where entries really lie: the from-the-end addresses and the address columns of V1.1.1 files.
// Source: docs/format/scatter.md#addresses
#include "base/checked.h"
#include "image/scatter/builder.h"
#include "image/scatter/words.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

bool counts_from_end(const ScatterEntry& entry) {
  return is_from_end(entry.physical_start) || is_from_end(entry.linear_start);
}

/// Blocks between the start of the entry and the end of its area.
std::uint64_t end_distance(const ScatterEntry& entry) {
  const std::uint64_t address = is_from_end(entry.physical_start) ? entry.physical_start : entry.linear_start;
  return address & 0xffff;
}

/// The column that counts, before the base is subtracted.
std::uint64_t start_address(const ScatterEntry& entry, const ScatterSection& section) {
  return section.use_linear && entry.area == Area::user ? entry.linear_start : entry.physical_start;
}

Result<std::uint64_t> start_from_end(const ScatterEntry& entry, const ScatterSection& section,
                                     std::uint64_t area_size) {
  const std::uint64_t distance = end_distance(entry) * section.block_size;
  if (section.block_size > 0xffffffffU) return fail(Errc::out_of_range, "block size out of range");
  // Distance 0 is how generators write "the last bytes"; the start is then given by the size.
  const std::uint64_t back = distance != 0 ? distance : entry.size;
  if (back == 0)
    return fail(Errc::out_of_range, fmt::format("the phone decides the size of {}", shown_name(entry)));
  if (back > area_size) {
    return fail(Errc::out_of_range, fmt::format("{} starts 0x{:x} bytes before the end of an area of 0x{:x}",
                                                shown_name(entry), back, area_size));
  }
  return area_size - back;
}

/// End of what "the rest of the area" means: the lowest entry that is counted from the end.
std::uint64_t end_of_rest(const ScatterEntry& entry, const ScatterSection& section, std::uint64_t area_size) {
  std::uint64_t end = area_size;
  for (const ScatterEntry& other : section.entries) {
    if (&other == &entry || other.area != entry.area || !counts_from_end(other)) continue;
    if (const auto start = start_from_end(other, section, area_size)) end = std::min(end, *start);
  }
  return end;
}

Result<std::uint64_t> length_at(std::uint64_t offset, const ScatterEntry& entry,
                                const ScatterSection& section, std::optional<std::uint64_t> area_size) {
  if (!area_size) {
    if (entry.size != 0) return entry.size;
    return fail(Errc::out_of_range,
                fmt::format("{} takes the rest of an area of unknown size", shown_name(entry)));
  }
  if (offset > *area_size) {
    return fail(Errc::out_of_range, fmt::format("{} starts at 0x{:x}, behind the end of the area (0x{:x})",
                                                shown_name(entry), offset, *area_size));
  }
  const std::uint64_t room = *area_size - offset;
  if (entry.size == 0) {
    const std::uint64_t end = counts_from_end(entry) ? *area_size : end_of_rest(entry, section, *area_size);
    if (end <= offset)
      return fail(Errc::out_of_range, fmt::format("no room is left for {}", shown_name(entry)));
    return end - offset;
  }
  if (entry.size <= room) return entry.size;
  if (is_boot_area(*entry.area)) return room;
  return fail(Errc::out_of_range, fmt::format("{} at 0x{:x}+0x{:x} ends behind its area (0x{:x})",
                                              shown_name(entry), offset, entry.size, *area_size));
}

/// User area entries with an ordinary address, in file order.
std::vector<const ScatterEntry*> ordinary_user_entries(const ScatterSection& section) {
  std::vector<const ScatterEntry*> found;
  for (const ScatterEntry& entry : section.entries) {
    if (entry.area == Area::user && !counts_from_end(entry)) found.push_back(&entry);
  }
  return found;
}

void warn(std::vector<Diagnostic>& remarks, const ScatterEntry& entry, std::string text) {
  remarks.push_back({.line = entry.line, .text = std::move(text)});
}

/// The physical column of some files is zero for every entry; the linear one then counts from another base.
void settle_columns(ScatterSection& section, std::vector<Diagnostic>& remarks) {
  const auto entries = ordinary_user_entries(section);
  if (entries.empty()) return;
  const auto at_zero = [](const ScatterEntry* e) { return e->physical_start == 0 && !e->is_reserved; };
  const auto columns_differ = [](const ScatterEntry* e) { return e->physical_start != e->linear_start; };
  const ScatterEntry& first = *entries.front();
  if (std::ranges::count_if(entries, at_zero) > 1 && std::ranges::any_of(entries, columns_differ)) {
    section.use_linear = true;
    section.user_base = first.linear_start;
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if (entries[i]->is_reserved || entries[i]->linear_start >= entries[i - 1]->linear_start) continue;
      remarks.push_back(
          {.severity = Severity::error,
           .line = entries[i]->line,
           .text = fmt::format("{}: physical addresses are all zero and the linear ones descend",
                               shown_name(*entries[i]))});
    }
    return;
  }
  const bool opens_area = same_word(first.name, "MBR") || same_word(first.name, "pgpt");
  if (opens_area) section.user_base = first.physical_start;
}

void warn_about_layout(const ScatterSection& section, std::vector<Diagnostic>& remarks) {
  struct Span {
    std::uint64_t start;
    std::uint64_t end;
    const ScatterEntry* entry;
  };
  constexpr std::uint64_t sector = 512;
  std::vector<Span> spans;
  for (const ScatterEntry& entry : section.entries) {
    if (counts_from_end(entry)) {
      if (!entry.is_reserved)
        warn(remarks, entry, shown_name(entry) + " counts from the end but is not reserved");
      if (section.block_size == 0)
        warn(remarks, entry, shown_name(entry) + " counts from the end in blocks of unknown size");
      continue;
    }
    const std::uint64_t start = start_address(entry, section);
    if (start % sector != 0) warn(remarks, entry, shown_name(entry) + " does not start at a sector");
    if (entry.area == Area::user && start < section.user_base) {
      warn(remarks, entry, shown_name(entry) + " lies before the user area");
      continue;
    }
    if (entry.area && !is_boot_area(*entry.area) && entry.size != 0 &&
        fits(start, entry.size, ~std::uint64_t{0})) {
      spans.push_back({start, start + entry.size, &entry});
    }
  }
  std::ranges::sort(spans, {}, [](const Span& span) { return std::pair(span.entry->area, span.start); });
  for (std::size_t i = 1; i < spans.size(); ++i) {
    if (spans[i - 1].end <= spans[i].start || spans[i - 1].entry->area != spans[i].entry->area) continue;
    warn(remarks, *spans[i].entry,
         fmt::format("{} overlaps {}", shown_name(*spans[i].entry), shown_name(*spans[i - 1].entry)));
  }
}

}  // namespace

bool is_from_end(std::uint64_t address) { return address <= 0xffffffffU && (address >> 16) == 0xffff; }

void settle_addresses(ScatterSection& section, std::vector<Diagnostic>& remarks) {
  settle_columns(section, remarks);
  warn_about_layout(section, remarks);
}

Result<Placement> place(const ScatterEntry& entry, const ScatterSection& section,
                        std::optional<std::uint64_t> area_size) {
  if (!entry.area) {
    return fail(Errc::unsupported, fmt::format("{} lies in the unknown region '{}'", shown_name(entry),
                                               printable(entry.region)));
  }
  Placement out{.region = {.area = *entry.area}, .twin = entry.twin, .from_end = counts_from_end(entry)};
  if (out.from_end) {
    if (!area_size) {
      return fail(Errc::out_of_range,
                  fmt::format("{} counts from the end of an area of unknown size", shown_name(entry)));
    }
    MTK_TRY_LET(out.region.offset, start_from_end(entry, section, *area_size));
  } else {
    const std::uint64_t address = start_address(entry, section);
    const std::uint64_t base = entry.area == Area::user ? section.user_base : 0;
    if (address < base) {
      return fail(Errc::out_of_range,
                  fmt::format("{} at 0x{:x} lies before the user area, which starts at 0x{:x}",
                              shown_name(entry), address, base));
    }
    out.region.offset = address - base;
  }
  MTK_TRY_LET(out.region.length, length_at(out.region.offset, entry, section, area_size));
  return out;
}

}  // namespace mtk
