// SPDX-License-Identifier: Apache-2.0
#include "session/places.h"

#include "base/ascii.h"
#include "base/checked.h"

#include <fmt/format.h>

#include <charconv>

namespace mtk {

namespace {

Result<std::uint64_t> number(std::string_view text) {
  int base = 10;
  std::string_view digits = text;
  if (starts_ignoring_case(text, "0x")) {
    base = 16;
    digits.remove_prefix(2);
  }
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || problem != std::errc{} || end != digits.data() + digits.size()) {
    return fail(Errc::usage, fmt::format("'{}' is not a number", text));
  }
  return value;
}

Result<Region> parse_region(std::string_view text, std::size_t plus) {
  const auto area = parse_area(text.substr(0, plus));
  const auto colon = text.find(':', plus);
  if (!area || colon == std::string_view::npos) {
    return fail(Errc::usage, fmt::format("'{}' is not AREA+OFFSET:LENGTH", text));
  }
  MTK_TRY_LET(const auto offset, number(text.substr(plus + 1, colon - plus - 1)));
  MTK_TRY_LET(const auto length, number(text.substr(colon + 1)));
  return Region{*area, offset, length};
}

}  // namespace

Result<Place> find_place(std::string_view text, const AgentFacts& facts, const PartitionTable* table) {
  if (table != nullptr) {
    if (const TableEntry* entry = table->find(text)) return Place{entry->name, entry->region};
  }
  Place place{.name = std::string{text}, .region = {}};
  if (const auto plus = text.find('+'); plus != std::string_view::npos) {
    MTK_TRY_LET(place.region, parse_region(text, plus));
  } else {
    auto area = parse_area(text);
    if (same_ignoring_case(text, "preloader"))
      area = facts.storage == StorageKind::ufs ? Area::lu0 : Area::boot1;
    if (!area) return fail(Errc::usage, fmt::format("the phone has no partition or area '{}'", text));
    const AreaFacts* whole = facts.area(*area);
    place.region = {*area, 0, whole == nullptr ? 0 : whole->size};
  }
  const AreaFacts* area = facts.area(place.region.area);
  if (area == nullptr || area->size == 0) {
    return fail(Errc::usage, fmt::format("the phone has no area {}", to_string(place.region.area)));
  }
  if (place.region.length == 0 || !fits(place.region.offset, place.region.length, area->size)) {
    return fail(Errc::out_of_range, fmt::format("{} does not lie inside {} ({} bytes)",
                                                to_string(place.region), to_string(area->area), area->size));
  }
  return place;
}

std::vector<std::string> touched_identity(const Region& region, const PartitionTable* table,
                                          const IdentityConsent& consent) {
  std::vector<std::string> touched;
  if (region.area != Area::user && region.area != Area::lu2 && region.area != Area::nand) return touched;
  if (table == nullptr) {
    if (!consent.covers("all")) touched.emplace_back("all");
    return touched;
  }
  for (const TableEntry& partition : table->partitions) {
    const Region& own = partition.region;
    const bool overlaps = own.area == region.area && region.offset < own.offset + own.length &&
                          own.offset < region.offset + region.length;
    if (overlaps && is_identity(partition.name) && !consent.covers(partition.name))
      touched.push_back(partition.name);
  }
  return touched;
}

}  // namespace mtk
