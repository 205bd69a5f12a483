// SPDX-License-Identifier: Apache-2.0
#include "diagnose/finding.h"

#include "base/ascii.h"
#include "diagnose/finding_table.h"

#include <algorithm>

namespace mtk {

namespace {

std::optional<FindingId> named(std::span<const FindingName> names, std::string_view wanted) {
  const auto found = std::ranges::find_if(
      names, [&](const FindingName& entry) { return same_ignoring_case(entry.name, wanted); });
  return found == names.end() ? std::nullopt : std::optional{found->id};
}

}  // namespace

const Finding& finding(FindingId id) { return diagnose_data::findings.at(static_cast<std::size_t>(id)); }

std::span<const Finding> all_findings() { return diagnose_data::findings; }

std::optional<FindingId> finding_of_symbol(std::string_view symbol) {
  return named(diagnose_data::symbols, symbol);
}

std::optional<FindingId> finding_of_words(std::string_view words) {
  return named(diagnose_data::typed, words);
}

FindingId finding_of_area(StatusArea area) {
  using enum FindingId;
  constexpr std::array<FindingId, 14> ids{
      area_connect, area_brom,     area_preloader, area_da1,   area_dram, area_da2,         area_storage,
      area_image,   area_security, area_backup,    area_efuse, area_otp,  area_memory_test, area_host};
  return ids.at(static_cast<std::size_t>(area));
}

FindingId finding_of(const StatusCode& status) {
  return finding_of_symbol(status.name).value_or(finding_of_area(status.area));
}

std::optional<Text> hearsay_about(std::uint32_t code) {
  const auto found = std::ranges::lower_bound(diagnose_data::hearsay, code, {}, &Hearsay::code);
  if (found == diagnose_data::hearsay.end() || found->code != code) return std::nullopt;
  return found->says;
}

}  // namespace mtk
