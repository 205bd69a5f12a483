// SPDX-License-Identifier: Apache-2.0
// Whether two firmware packages, or a package and a phone, belong together: chip, project, layout, memory.
#include "base/ascii.h"
#include "base/text.h"

#include <mtk/firmware.h>
#include <mtk/session.h>

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace mtk {

namespace {

using fmt::arg;
using Verdict = CompareRow::Verdict;

constexpr std::size_t most_names = 8;

std::string some(const std::vector<std::string>& names) {
  if (names.empty()) return say(Text::compare_layout_none);
  std::vector<std::string> shown(
      names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), most_names)));
  std::string out = fmt::format("{}", fmt::join(shown, ", "));
  if (names.size() > most_names) out += say(Text::check_and_more, arg("count", names.size() - most_names));
  return out;
}

CompareRow row(std::string_view id, Text label) {
  return {.id = std::string{id}, .label = std::string{text(label)}};
}

/// Two values of which either may be unknown.
CompareRow compare_values(std::string_view id, Text label, const std::string& first,
                          const std::string& second) {
  CompareRow out = row(id, label);
  if (first.empty() && second.empty()) {
    out.text = say(Text::compare_both_unknown);
  } else if (first.empty() || second.empty()) {
    out.text = say(Text::compare_one_unknown, arg("known", first.empty() ? second : first));
  } else if (same_ignoring_case(first, second)) {
    out.verdict = Verdict::same;
    out.text = first;
  } else {
    out.verdict = Verdict::differs;
    out.text = say(Text::compare_differs, arg("first", first), arg("second", second));
  }
  return out;
}

std::string names_of(const std::vector<ChipName>& chips) {
  std::string out;
  for (const ChipName& chip : chips) out += (out.empty() ? "" : ", ") + chip.name;
  return out;
}

bool share_a_chip(const FirmwareCard& a, const FirmwareCard& b) {
  return std::ranges::any_of(a.chips, [&](const ChipName& chip) {
    return std::ranges::find(b.chips, chip.hw_code, &ChipName::hw_code) != b.chips.end();
  });
}

/// Partitions by name: where they start and how large they are.
using Layout = std::map<std::string, std::pair<std::uint64_t, std::uint64_t>>;

/// Partitions that stretch to the end of the storage differ in size between phones of one model.
bool stretches(std::string_view name) {
  return same_ignoring_case(name, "userdata") || same_ignoring_case(name, "usrdata") ||
         same_ignoring_case(name, "fat");
}

Layout layout_of(const FirmwareCard& card, std::string_view storage) {
  Layout out;
  for (const FirmwareEntry& entry : card.entries) {
    if (entry.storage == storage && !entry.name.empty())
      out[to_lower(entry.name)] = {entry.offset.value_or(entry.start), entry.size};
  }
  return out;
}

/// \param both_ways  whether what only the second has counts as missing, too
CompareRow compare_layouts(const Layout& first, const Layout& second, bool both_ways) {
  CompareRow out = row("layout", Text::compare_layout);
  if (first.empty() || second.empty()) {
    out.text = say(Text::compare_both_unknown);
    return out;
  }
  std::size_t same = 0;
  std::vector<std::string> moved;
  std::vector<std::string> missing;
  for (const auto& [name, place] : first) {
    const auto other = second.find(name);
    if (other == second.end()) {
      if (both_ways) missing.push_back(name);
    } else if (other->second == place || (stretches(name) && other->second.first == place.first)) {
      ++same;
    } else {
      moved.push_back(name);
    }
  }
  for (const auto& [name, place] : second) {
    if (both_ways && !first.contains(name)) missing.push_back(name);
  }
  const bool alike = moved.empty() && missing.empty() && same > 0;
  out.verdict = alike ? Verdict::same : Verdict::differs;
  out.text = alike ? say(Text::compare_layout_same, arg("count", same))
                   : say(Text::compare_layout_differs, arg("same", same), arg("moved", some(moved)),
                         arg("missing", some(missing)));
  return out;
}

/// The first storage that both are for; nothing when there is none.
std::optional<std::string> common_storage(const std::vector<std::string>& first,
                                          const std::vector<std::string>& second) {
  for (const std::string& storage : first) {
    const auto same = [&](const std::string& other) { return same_ignoring_case(storage, other); };
    if (std::ranges::any_of(second, same)) return storage;
  }
  return std::nullopt;
}

CompareRow compare_storages(const std::vector<std::string>& first, const std::vector<std::string>& second) {
  CompareRow out = compare_values("storage", Text::fact_storage, fmt::format("{}", fmt::join(first, ", ")),
                                  fmt::format("{}", fmt::join(second, ", ")));
  if (const auto common = common_storage(first, second)) {
    out.verdict = Verdict::same;
    out.text = *common;
  }
  return out;
}

CompareRow compare_layouts(const FirmwareCard& first, const FirmwareCard& second) {
  const auto storage = common_storage(first.storages, second.storages);
  return storage ? compare_layouts(layout_of(first, *storage), layout_of(second, *storage), true)
                 : compare_layouts({}, {}, true);
}

std::set<std::string> memory_of(const FirmwareCard& card) {
  std::set<std::string> out;
  for (const PreloaderCard& preloader : card.preloaders)
    out.insert(preloader.memory_ids.begin(), preloader.memory_ids.end());
  return out;
}

CompareRow compare_memory(const FirmwareCard& first, const FirmwareCard& second) {
  CompareRow out = row("memory", Text::compare_memory);
  const auto a = memory_of(first);
  const auto b = memory_of(second);
  if (a.empty() || b.empty()) {
    out.text = say(Text::compare_both_unknown);
    return out;
  }
  std::vector<std::string> common;
  std::ranges::set_intersection(a, b, std::back_inserter(common));
  out.verdict = common.empty() ? Verdict::differs : Verdict::same;
  out.text = a == b           ? say(Text::compare_memory_same, arg("count", a.size()))
             : common.empty() ? say(Text::compare_memory_other)
                              : say(Text::compare_memory_some, arg("common", common.size()),
                                    arg("first", a.size()), arg("second", b.size()));
  return out;
}

const CompareRow& find(const FirmwareComparison& comparison, std::string_view id) {
  return *std::ranges::find(comparison.rows, id, &CompareRow::id);
}

void conclude(FirmwareComparison& out, std::string_view verdict, Text sentence, bool usable) {
  out.verdict = verdict;
  out.text = say(sentence);
  out.usable = usable;
}

void judge(FirmwareComparison& out) {
  const auto is = [&](std::string_view id, Verdict verdict) { return find(out, id).verdict == verdict; };
  const bool other_board = is("layout", Verdict::differs) || is("project", Verdict::differs);
  if (is("chip", Verdict::differs)) return conclude(out, "foreign", Text::compare_foreign, false);
  if (is("storage", Verdict::differs)) return conclude(out, "sibling", Text::compare_sibling, false);
  if (is("chip", Verdict::unknown) || is("layout", Verdict::unknown))
    return conclude(out, "unclear", Text::compare_unclear, false);
  if (is("model", Verdict::differs) || other_board)
    return conclude(out, "sibling", Text::compare_sibling, false);
  if (is("memory", Verdict::differs)) return conclude(out, "other_memory", Text::compare_other_memory, false);
  if (is("build", Verdict::same)) return conclude(out, "same_build", Text::compare_same_build, true);
  const bool unknown = is("build", Verdict::unknown);
  conclude(out, "same_model", unknown ? Text::compare_same_phone : Text::compare_same_model, true);
}

std::string fact(const PhoneCard& phone, std::string_view id) {
  const auto found = std::ranges::find(phone.facts, id, &Fact::id);
  return found == phone.facts.end() ? "" : found->value;
}

/// Hexadecimal digits only, lower case.
std::string digits(std::string_view text) {
  std::string out;
  for (const char c : to_lower(text)) {
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) out += c;
  }
  return out;
}

CompareRow compare_memory(const FirmwareCard& firmware, const PhoneCard& phone) {
  CompareRow out = row("memory", Text::compare_memory);
  const std::string id = digits(fact(phone, "storage_id"));
  const auto known = memory_of(firmware);
  if (id.empty() || known.empty()) {
    out.text = say(Text::compare_both_unknown);
    return out;
  }
  const bool listed = std::ranges::any_of(known, [&](const std::string& one) { return id.starts_with(one); });
  out.verdict = listed ? Verdict::same : Verdict::differs;
  out.text = listed ? say(Text::compare_memory_listed)
                    : say(Text::compare_memory_not_listed, arg("id", id.substr(0, 18)));
  return out;
}

CompareRow compare_chip(const FirmwareCard& firmware, const PhoneCard& phone) {
  CompareRow out = row("chip", Text::compare_chip);
  const std::string theirs = phone.chip.empty() ? fmt::format("{:#06x}", phone.hw_code) : phone.chip;
  const std::string ours = firmware.chips.empty() ? firmware.platform : names_of(firmware.chips);
  const bool same =
      std::ranges::find(firmware.chips, phone.hw_code, &ChipName::hw_code) != firmware.chips.end();
  if (firmware.chips.empty() || phone.hw_code == 0) {
    out.text = say(Text::compare_one_unknown, arg("known", phone.hw_code == 0 ? ours : theirs));
  } else {
    out.verdict = same ? Verdict::same : Verdict::differs;
    out.text = same ? theirs : say(Text::compare_differs, arg("first", ours), arg("second", theirs));
  }
  return out;
}

void judge_phone(FirmwareComparison& out) {
  const auto is = [&](std::string_view id, Verdict verdict) { return find(out, id).verdict == verdict; };
  if (is("chip", Verdict::differs)) return conclude(out, "foreign", Text::compare_foreign, false);
  if (is("storage", Verdict::differs) || is("layout", Verdict::differs))
    return conclude(out, "sibling", Text::compare_sibling, false);
  if (is("memory", Verdict::differs)) return conclude(out, "other_memory", Text::compare_other_memory, false);
  if (is("chip", Verdict::unknown)) return conclude(out, "unclear", Text::compare_unclear, false);
  std::vector<std::string> open;
  for (const CompareRow& one : out.rows) {
    if (one.verdict == Verdict::unknown) open.push_back(one.label);
  }
  conclude(out, "fits_phone", Text::compare_fits_phone, true);
  if (!open.empty())
    out.text = say(Text::compare_fits_phone_open, arg("open", fmt::format("{}", fmt::join(open, ", "))));
}

}  // namespace

std::string_view to_string(CompareRow::Verdict verdict) {
  constexpr std::array<std::string_view, 3> names{"same", "differs", "unknown"};
  return names.at(static_cast<std::size_t>(verdict));
}

FirmwareComparison compare_firmware(const FirmwareCard& first, const FirmwareCard& second) {
  FirmwareComparison out;
  CompareRow chip = compare_values("chip", Text::compare_chip, first.platform, second.platform);
  if (share_a_chip(first, second)) chip.verdict = Verdict::same;
  out.rows.push_back(std::move(chip));
  out.rows.push_back(compare_values("project", Text::compare_project, first.project, second.project));
  out.rows.push_back(compare_values("model", Text::compare_model, first.build.model, second.build.model));
  const auto build = [](const FirmwareCard& card) {
    return card.build.fingerprint.empty() ? card.build.build : card.build.fingerprint;
  };
  out.rows.push_back(compare_values("build", Text::compare_build, build(first), build(second)));
  out.rows.push_back(compare_storages(first.storages, second.storages));
  out.rows.push_back(compare_layouts(first, second));
  out.rows.push_back(compare_memory(first, second));
  judge(out);
  return out;
}

FirmwareComparison compare_firmware(const FirmwareCard& firmware, const PhoneCard& phone) {
  FirmwareComparison out;
  out.rows.push_back(compare_chip(firmware, phone));
  Layout table;
  for (const TableRow& one : phone.partitions)
    table[to_lower(one.name)] = {one.region.offset, one.region.length};
  Layout own;
  const std::string kind = fact(phone, "storage");
  const auto own_storages = kind.empty() ? std::vector<std::string>{} : std::vector{kind};
  out.rows.push_back(compare_storages(firmware.storages, own_storages));
  const std::string first = firmware.storages.empty() ? "" : firmware.storages.front();
  const std::string storage = common_storage(firmware.storages, own_storages).value_or(first);
  // Only what lies in the phone's table can be compared; boot areas and reserved ends do not.
  for (const FirmwareEntry& entry : firmware.entries) {
    if (entry.storage == storage && entry.offset && table.contains(to_lower(entry.name)))
      own[to_lower(entry.name)] = {*entry.offset, entry.size};
  }
  out.rows.push_back(compare_layouts(own, table, false));
  out.rows.push_back(compare_memory(firmware, phone));
  judge_phone(out);
  return out;
}

}  // namespace mtk
