// SPDX-License-Identifier: Apache-2.0
#include "diagnose/explain.h"

#include <algorithm>

namespace mtk {

namespace {

/// What a phone sends is asked about more often than codes of the vendor's windows.
int rank(const Meaning& meaning) {
  if (meaning.status == nullptr) return 0;
  switch (meaning.status->family) {
    case StatusFamily::xflash:
    case StatusFamily::legacy:
      return 0;
    case StatusFamily::brom16:
      return 1;
    case StatusFamily::tool:
    case StatusFamily::upgrade_check:
      return 2;
    case StatusFamily::v6_gui:
      return 3;
    case StatusFamily::legacy_iot:
      return 4;
  }
  return 4;
}

/// The top byte of a 32-bit code tells its severity, the rest of the upper half who raised it.
std::string unknown_xflash(std::uint32_t code) {
  switch ((code >> 16) & 0xfff) {
    case 1:
      return std::string{text(Text::explain_unknown_common)};
    case 2:
      return std::string{text(Text::explain_unknown_security)};
    case 3:
      return std::string{text(Text::explain_unknown_library)};
    case 4:
      return std::string{text(Text::explain_unknown_device)};
    case 5:
      return std::string{text(Text::explain_unknown_wrapper)};
    case 6:
      return std::string{text(Text::explain_unknown_brom)};
    case 7:
      return std::string{text(Text::explain_unknown_agent_file)};
    case 8:
      return std::string{text(Text::explain_unknown_preloader)};
    default:
      return std::string{text(Text::explain_unknown)};
  }
}

/// The vendor's library numbers its codes by area, a thousand each.
std::string unknown_legacy(std::uint32_t code) {
  switch (code / 1000) {
    case 2:
      return std::string{text(Text::explain_unknown_brom)};
    case 3:
      return std::string{text(Text::explain_unknown_device)};
    case 4:
      return std::string{text(Text::explain_unknown_agent)};
    case 5:
      return std::string{text(Text::explain_unknown_file)};
    case 6:
      return std::string{text(Text::explain_unknown_security)};
    case 8:
      return std::string{text(Text::explain_unknown_window)};
    case 10:
      return std::string{text(Text::explain_unknown_preloader)};
    default:
      return std::string{text(Text::explain_unknown)};
  }
}

std::string unknown_code(std::string_view typed) {
  const auto code = parse_code(typed);
  if (!code) return say(Text::explain_no_code, fmt::arg("typed", typed));
  const auto severity = *code >> 30;
  if (severity == 1) return std::string{text(Text::explain_unknown_information)};
  return severity == 0 ? unknown_legacy(*code) : unknown_xflash(*code);
}

Text family_text(const StatusCode& status) {
  switch (status.family) {
    case StatusFamily::brom16:
      return Text::explain_by_brom;
    case StatusFamily::legacy:
      // The third bit, feature phones, does not blur which of the other two it is.
      if ((status.generations & 3) == 1) return Text::explain_by_legacy_v3;
      return (status.generations & 3) == 2 ? Text::explain_by_legacy_v5 : Text::explain_by_legacy;
    case StatusFamily::legacy_iot:
      return Text::explain_by_feature_phone;
    case StatusFamily::tool:
      return Text::explain_by_tool;
    case StatusFamily::upgrade_check:
      return Text::explain_by_upgrade;
    case StatusFamily::v6_gui:
      return Text::explain_by_v6;
    case StatusFamily::xflash:
      return Text::explain_by_xflash;
  }
  return Text::explain_by_tool;
}

std::string meaning_text(const Meaning& meaning) {
  std::string out;
  if (meaning.status != nullptr) {
    out += fmt::format("{} {}: {}\n", code_text(*meaning.status), meaning.status->name,
                       text(family_text(*meaning.status)));
    if (!meaning.status->note.empty()) out += fmt::format("  ({})\n", meaning.status->note);
  }
  const Finding& what = finding(meaning.finding);
  out += fmt::format("  {}\n", text(what.means));
  for (const Text cause : what.causes)
    out += fmt::format("  {}\n", say(Text::report_cause, fmt::arg("text", text(cause))));
  out += fmt::format("  {}\n", text(Text::report_next));
  for (std::size_t i = 0; i < what.next.size(); ++i)
    out += fmt::format("    {}. {}\n", i + 1, text(what.next[i].say));
  return out;
}

}  // namespace

Explanation explain(std::string_view typed) {
  Explanation result{.typed = std::string{typed}, .meanings = {}, .hearsay = {}, .unknown = {}};
  const auto words = finding_of_words(typed);
  if (words) result.meanings.push_back({.status = nullptr, .finding = *words});
  // "code 43" is a word of Windows; the 43 in it is no status of a phone.
  const bool exact_words = words.has_value() && !parse_code(typed);
  if (!exact_words) {
    for (const StatusCode* status : all_meanings(typed))
      result.meanings.push_back({.status = status, .finding = finding_of(*status)});
  }
  std::ranges::stable_sort(result.meanings, {}, rank);
  if (const auto code = parse_code(typed)) result.hearsay = hearsay_about(*code);
  if (result.meanings.empty()) result.unknown = unknown_code(typed);
  return result;
}

std::string to_string(const Explanation& explanation) {
  std::string out;
  if (!explanation.unknown.empty()) out += explanation.unknown + "\n";
  if (explanation.meanings.size() > 1)
    out += say(Text::explain_several, fmt::arg("count", explanation.meanings.size())) + "\n";
  if (explanation.hearsay) out += fmt::format("{}\n", text(*explanation.hearsay));
  for (const Meaning& meaning : explanation.meanings) {
    if (!out.empty()) out += "\n";
    out += meaning_text(meaning);
  }
  return out;
}

}  // namespace mtk
