// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/cards.h"

#include "apps/cli/page.h"
#include "apps/cli/units.h"
#include "base/text.h"

#include <algorithm>
#include <array>

namespace mtk::cli {

namespace {

using fmt::arg;

constexpr std::size_t digest_shown = 12;

/// All that happened to one partition, in the order of the first time.
struct Row {
  std::string name;
  std::uint64_t bytes = 0;
  bool erased = false;
  bool written = false;
  bool unchanged = false;
  bool verified = false;
  std::string sha256 = {};
};

std::vector<Row> rows_of(const std::vector<PartitionResult>& results) {
  std::vector<Row> rows;
  for (const PartitionResult& result : results) {
    if (result.outcome == PartitionOutcome::kept) continue;
    auto row = std::ranges::find(rows, result.name, &Row::name);
    if (row == rows.end()) row = rows.insert(rows.end(), Row{.name = result.name});
    row->bytes = std::max(row->bytes, result.bytes);
    row->erased |= result.outcome == PartitionOutcome::erased;
    row->written |= result.outcome == PartitionOutcome::written;
    row->unchanged |= result.outcome == PartitionOutcome::unchanged;
    row->verified |= result.outcome == PartitionOutcome::verified;
    if (result.outcome == PartitionOutcome::verified) row->sha256 = result.sha256.substr(0, digest_shown);
  }
  return rows;
}

std::string_view done_text(const Row& row) {
  if (row.unchanged) return text(Text::card_unchanged);
  if (row.written) return text(row.verified ? Text::card_written_verified : Text::card_written_unverified);
  return text(Text::card_erased);
}

void add_partitions(Page& page, const std::vector<PartitionResult>& results) {
  std::vector<std::vector<std::string>> cells;
  for (const Row& row : rows_of(results)) {
    cells.push_back({row.name, human_bytes(row.bytes), std::string{done_text(row)}, row.sha256});
  }
  if (cells.empty()) return;
  page.table({{std::string{text(Text::card_partition)}},
              {std::string{text(Text::card_size)}, Page::Align::right},
              {std::string{text(Text::card_done)}},
              {"SHA-256"}},
             cells, "  ");
}

void add_kept(Page& page, const Outcome& outcome) {
  std::string names;
  for (const PartitionResult& result : outcome.partitions) {
    if (result.outcome != PartitionOutcome::kept) continue;
    names += (names.empty() ? "" : ", ") + result.name;
  }
  if (names.empty()) return;
  page.line(say(Text::card_kept, arg("partitions", names), arg("folder", outcome.identity_folder.string())));
}

void add_time(Page& page, const Outcome& outcome, WorkTime work) {
  std::uint64_t written = 0;
  std::uint64_t moved = 0;
  for (const PartitionResult& result : outcome.partitions) {
    if (result.outcome == PartitionOutcome::erased) continue;
    moved += result.bytes;
    if (result.outcome == PartitionOutcome::written) written += result.bytes;
  }
  const auto time = std::max(work, WorkTime{1});
  const std::string rate =
      human_rate(static_cast<double>(moved) / std::chrono::duration<double>(time).count());
  page.line(say(written > 0 ? Text::card_time : Text::card_read_time, arg("written", human_bytes(written)),
                arg("moved", human_bytes(moved)), arg("rate", rate),
                arg("time", human_time(outcome.duration))));
}

Text next_text(BootMode next) {
  switch (next) {
    case BootMode::normal:
      return Text::card_first_start;
    case BootMode::off:
      return Text::card_switched_off;
    case BootMode::stay:
      return Text::card_stays;
    default:
      return Text::card_starts;
  }
}

std::string good(const Style& style) { return style.utf8 ? "✓ " : ""; }

}  // namespace

std::string success_card(const Outcome& outcome, BootMode next, WorkTime work, const Style& style) {
  Page page{style};
  const auto rows = rows_of(outcome.partitions);
  const bool wrote = std::ranges::any_of(rows, &Row::written);
  const bool unverified =
      std::ranges::any_of(rows, [](const Row& row) { return row.written && !row.verified; });
  const Text title = unverified ? Text::card_done_unverified
                     : wrote    ? Text::card_done_verified
                                : Text::card_done_plain;
  page.heading(unverified ? Ink::warning : Ink::good,
               (unverified ? "" : good(style)) + std::string{text(title)});
  page.gap();
  add_partitions(page, outcome.partitions);
  page.gap();
  add_kept(page, outcome);
  add_time(page, outcome, work);
  page.line(fmt::format("{} {}",
                        text(next == BootMode::stay ? Text::state_keep_plugged : Text::state_safe_to_unplug),
                        text(next_text(next))));
  return std::move(page).text();
}

std::string read_card(const Outcome& outcome, const ReadJob& job, WorkTime work, const Style& style) {
  Page page{style};
  page.heading(Ink::good, good(style) + std::string{text(Text::card_read_done)});
  page.gap();
  std::vector<std::vector<std::string>> cells;
  for (std::size_t i = 0; i < outcome.partitions.size(); ++i) {
    const PartitionResult& result = outcome.partitions[i];
    const std::string file = i < job.items.size() ? job.items[i].file.string() : "";
    cells.push_back({result.name, human_bytes(result.bytes), file, result.sha256.substr(0, digest_shown)});
  }
  page.table({{std::string{text(Text::card_partition)}},
              {std::string{text(Text::card_size)}, Page::Align::right},
              {std::string{text(Text::card_file)}},
              {"SHA-256"}},
             cells, "  ");
  page.gap();
  add_time(page, outcome, work);
  page.line(text(Text::state_safe_to_unplug));
  return std::move(page).text();
}

std::string failure_card(const Outcome& outcome, const Style& style) {
  Page page{style};
  const FailureReport report = outcome.failure.value_or(FailureReport{});
  const std::string bad = style.utf8 ? "✗ " : "";
  if (outcome.error && outcome.error->code == Errc::refused) {
    page.heading(Ink::bad, bad + std::string{text(Text::state_nothing_written)});
    page.gap();
    for (const auto& refusal : outcome.refusals) page.item("-", refusal);
    if (outcome.refusals.empty()) page.item("-", outcome.error->what);
    return std::move(page).text();
  }
  page.heading(Ink::bad, bad + say(Text::report_what, arg("text", report.what)));
  if (outcome.error && outcome.error->what != report.what) page.small(to_string(*outcome.error), "  ");
  if (!report.symbol.empty()) page.small(report.symbol, "  ");
  if (!report.cause.empty()) page.line(say(Text::report_cause, arg("text", report.cause)));
  page.line(say(Text::report_state, arg("text", report.device_state)));
  if (outcome.began_writing && !rows_of(outcome.partitions).empty()) {
    page.gap();
    page.line(text(Text::card_complete));
    add_partitions(page, outcome.partitions);
    page.gap();
  }
  add_kept(page, outcome);
  if (!report.next_actions.empty()) {
    page.line(text(Text::report_next));
    for (std::size_t i = 0; i < report.next_actions.size(); ++i)
      page.item(fmt::format("{}.", i + 1), report.next_actions[i]);
  }
  std::string checked;
  for (const auto& evidence : report.evidence) checked += (checked.empty() ? "" : " ") + evidence;
  if (!checked.empty()) page.line(say(Text::report_checked, arg("text", checked)));
  return std::move(page).text();
}

std::string warnings_card(const std::vector<Warning>& warnings, const Style& style) {
  Page page{style};
  for (const Warning& warning : warnings)
    page.item(paint(style, Ink::warning, "!"), fmt::format("{}: {}", warning.subject, warning.text));
  return std::move(page).text();
}

std::string phone_card(const PhoneCard& phone, const Style& style) {
  Page page{style};
  for (const Fact& fact : phone.facts) page.fact(fact.label, fact.value);
  if (!phone.table_problem.empty())
    page.line(say(Text::warn_table_problem, arg("problem", phone.table_problem)));
  return std::move(page).text();
}

std::string partition_table(const PhoneCard& phone, const Style& style) {
  Page page{style};
  std::vector<std::vector<std::string>> rows;
  for (const TableRow& row : phone.partitions) {
    rows.push_back({row.name, std::string{to_string(row.region.area)},
                    fmt::format("{:#x}", row.region.offset), fmt::format("{:#x}", row.region.length),
                    human_bytes(row.region.length)});
  }
  page.table({{std::string{text(Text::card_partition)}},
              {std::string{text(Text::card_area)}},
              {std::string{text(Text::card_start)}, Page::Align::right},
              {std::string{text(Text::card_length)}, Page::Align::right},
              {std::string{text(Text::card_size)}, Page::Align::right}},
             rows);
  return std::move(page).text();
}

std::string plan_card(const Outcome& outcome, const Style& style) {
  Page page{style};
  page.gap();
  page.line(say(Text::card_plan, arg("steps", outcome.plan.steps.size()),
                arg("written", human_bytes(outcome.plan.bytes_to_write()))));
  page.line(text(Text::state_nothing_written));
  return std::move(page).text();
}

std::string explanation_card(const CodeExplanation& explanation, const Style& style) {
  Page page{style};
  if (!explanation.unknown.empty()) page.line(explanation.unknown);
  if (explanation.meanings.size() > 1)
    page.line(say(Text::explain_several, arg("count", explanation.meanings.size())));
  if (!explanation.note.empty()) page.line(explanation.note);
  for (const CodeMeaning& meaning : explanation.meanings) {
    page.gap();
    const std::string generation = meaning.generation.empty() ? "" : ", " + meaning.generation;
    page.heading(Ink::strong, meaning.symbol.empty()
                                  ? explanation.asked
                                  : fmt::format("{} {}", meaning.code_text, meaning.symbol));
    if (!meaning.family.empty())
      page.small(fmt::format("{}{}, {}", meaning.family, generation, meaning.area), "  ");
    page.line(meaning.means, "  ");
    if (meaning.causes.size() == 1) {
      page.line(say(Text::report_cause, arg("text", meaning.causes.front())), "  ");
    } else if (!meaning.causes.empty()) {
      page.line(text(Text::card_causes), "  ");
      for (const auto& cause : meaning.causes) page.item("  -", cause);
    }
    page.line(text(Text::report_next), "  ");
    for (std::size_t i = 0; i < meaning.next_actions.size(); ++i)
      page.item(fmt::format("  {}.", i + 1), meaning.next_actions[i]);
  }
  return std::move(page).text();
}

}  // namespace mtk::cli
