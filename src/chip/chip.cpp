// SPDX-License-Identifier: Apache-2.0
// Lookup in the chip table and the rules by which a scatter file's platform name means a chip.
#include <mtk/chip.h>

#include "base/ascii.h"
#include "chip/chip_table.h"

#include <algorithm>
#include <cctype>

namespace mtk {

namespace {

/// `MT6757D` -> `MT6757`. A name without digits, or with letters among them, stays whole.
std::string_view without_suffix(std::string_view name) {
  const auto digit = name.find_first_of("0123456789");
  if (digit == std::string_view::npos) return name;
  const auto after = name.find_first_not_of("0123456789", digit);
  if (after == std::string_view::npos) return name;
  const bool only_letters = std::ranges::all_of(
      name.substr(after), [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
  return only_letters ? name.substr(0, after) : name;
}

NameMatch best_name(std::span<const std::string_view> names, std::string_view platform) {
  NameMatch best = NameMatch::none;
  for (const std::string_view name : names) {
    if (same_ignoring_case(name, platform)) return NameMatch::exact;
    if (same_ignoring_case(without_suffix(name), without_suffix(platform))) best = NameMatch::same_number;
  }
  return best;
}

NameMatch own_match(const Chip& chip, std::string_view platform) {
  const NameMatch match = best_name(chip.names, platform);
  if (match == NameMatch::none && best_name(chip.scatter_names, platform) != NameMatch::none)
    return NameMatch::seen;
  return match;
}

/// Chips that share a download-agent entry run the same agent.
bool same_family(const Chip& a, const Chip& b) {
  return a.da_entry_hw_code != 0 && a.da_entry_hw_code == b.da_entry_hw_code;
}

}  // namespace

std::span<const Chip> all_chips() { return chip_data::table; }

const Chip* find_chip(std::uint16_t hw_code) {
  const auto found = std::ranges::lower_bound(chip_data::table, hw_code, {}, &Chip::hw_code);
  return found != chip_data::table.end() && found->hw_code == hw_code ? &*found : nullptr;
}

const Chip& default_chip() {
  static constexpr Chip unknown{.name = "unknown chip",
                                .watchdog = {.address = 0x10007000, .value = 0x22000064, .bits = 32}};
  return unknown;
}

NameMatch match_platform(const Chip& chip, std::string_view platform) {
  const NameMatch own = own_match(chip, platform);
  if (own != NameMatch::none || platform.empty()) return own;
  const bool related = std::ranges::any_of(all_chips(), [&](const Chip& other) {
    return same_family(chip, other) && best_name(other.names, platform) != NameMatch::none;
  });
  return related ? NameMatch::family : NameMatch::none;
}

std::vector<ChipMatch> chips_of_platform(std::string_view platform) {
  std::vector<ChipMatch> matches;
  for (const Chip& chip : all_chips()) {
    const NameMatch match = match_platform(chip, platform);
    if (match != NameMatch::none) matches.push_back({&chip, match});
  }
  std::ranges::stable_sort(matches, {}, &ChipMatch::match);
  return matches;
}

std::string_view to_string(DaProtocol protocol) {
  constexpr std::array<std::string_view, 3> names{"legacy", "xflash", "xml"};
  return names.at(static_cast<std::size_t>(protocol));
}

std::string_view to_string(Evidence evidence) {
  constexpr std::array<std::string_view, 4> names{"untested", "trace", "device", "broken"};
  return names.at(static_cast<std::size_t>(evidence));
}

std::string_view to_string(NameMatch match) {
  constexpr std::array<std::string_view, 5> names{"exact", "same number", "seen", "family", "none"};
  return names.at(static_cast<std::size_t>(match));
}

}  // namespace mtk
