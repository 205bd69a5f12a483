// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/doctor_page.h"

#include "apps/cli/page.h"
#include "apps/cli/units.h"
#include "base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace mtk::cli {

namespace {

using fmt::arg;

struct Look {
  Text word;
  Ink ink;
};

Look look_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::fine:
      return {Text::doctor_verdict_fine, Ink::good};
    case Verdict::problem:
      return {Text::doctor_verdict_problem, Ink::bad};
    default:
      return {Text::doctor_verdict_cannot_tell, Ink::warning};
  }
}

std::size_t widest_word() {
  std::size_t width = 0;
  for (const Text word :
       {Text::doctor_verdict_fine, Text::doctor_verdict_problem, Text::doctor_verdict_cannot_tell})
    width = std::max(width, columns(text(word)));
  return width;
}

std::string about(const Check& check) {
  return check.subject.empty() ? check.label : fmt::format("{}, {}", check.subject, check.label);
}

void add(Page& page, const Check& check) {
  const Look look = look_of(check.verdict);
  const std::string sign = paint(page.style(), look.ink, padded(text(look.word), widest_word()));
  page.item(sign, fmt::format("{}: {}", about(check), check.text));
  if (check.next_action.empty()) return;
  page.item(std::string(widest_word(), ' '), say(Text::doctor_next, arg("text", check.next_action)));
}

/// Checks that do not apply, by the reason why not.
void add_folded(Page& page, const std::vector<Check>& checks) {
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
  for (const Check& check : checks) {
    if (check.verdict != Verdict::not_applicable) continue;
    const auto known =
        std::ranges::find(reasons, check.text, [](const auto& reason) { return reason.first; });
    if (known != reasons.end()) {
      known->second.push_back(about(check));
    } else {
      reasons.push_back({check.text, {about(check)}});
    }
  }
  if (reasons.empty()) return;
  page.gap();
  page.line(text(Text::doctor_not_looked_at));
  for (const auto& [reason, names] : reasons)
    page.item("-", fmt::format("{}: {}", fmt::join(names, ", "), reason));
}

}  // namespace

std::string doctor_page(const Examination& examination, const Style& style) {
  Page page{style};
  const auto problems = std::ranges::count(examination.checks, Verdict::problem, &Check::verdict);
  if (problems == 0) {
    page.heading(Ink::good, text(Text::doctor_healthy));
  } else {
    page.heading(Ink::bad,
                 say(Text::doctor_problems, arg("count", problems), arg("all", examination.checks.size())));
  }
  page.gap();
  for (const Check& check : examination.checks)
    if (check.verdict != Verdict::not_applicable) add(page, check);
  add_folded(page, examination.checks);
  page.gap();
  std::string versions;
  for (const Fact& fact : examination.versions)
    versions += fmt::format("{}{} {}", versions.empty() ? "" : ", ", fact.label, fact.value);
  page.fact(text(Text::doctor_versions), versions);
  return std::move(page).text();
}

std::string repair_page(const Repair& repair, const Style& style) {
  Page page{style};
  const bool good = repair.state == RepairState::done || repair.state == RepairState::unchanged;
  page.heading(good ? Ink::good : Ink::bad, repair.text);
  for (const auto& action : repair.next_actions) page.line(say(Text::doctor_next, arg("text", action)));
  return std::move(page).text();
}

}  // namespace mtk::cli
