// SPDX-License-Identifier: Apache-2.0
// The lines of --json: one object each, as docs/format/events.md describes them. A stable contract.
#pragma once

#include "apps/cli/view.h"
#include "base/result.h"

#include <mtk/doctor.h>
#include <mtk/explain.h>
#include <mtk/firmware.h>
#include <mtk/scatter.h>

#include <chrono>
#include <functional>
#include <string>

namespace mtk::cli {

/// A comparison and what it was made with.
struct ComparedWith {
  FirmwareComparison comparison = {};
  std::string name = {};
};

/// The phone of a saved run of `info --json`: the last one, which is the most complete. Nothing when the
/// lines hold none.
std::optional<PhoneCard> read_phone(std::string_view lines);

/// Makes the lines; each ends with a line feed. `t` is the time since the program began.
class EventLines {
 public:
  explicit EventLines(const Clock& clock) : clock_(clock), begin_(clock.now()) {}

  std::string stage(Stage stage) const;
  std::string progress(const Progress& progress) const;
  std::string phone(const PhoneCard& card) const;
  std::string finding(const Notice& finding) const;
  std::string bus(const BusEvent& event) const;
  std::string plan(const Plan& plan) const;
  /// `result` without an error, else `error`: the last line of every run.
  std::string outcome(const Outcome& outcome) const;
  /// An error before there was a session.
  std::string error(const Error& error, int exit) const;
  /// \param with  null when nothing was compared
  std::string firmware(const FirmwareCard& card, int exit, const ComparedWith* with = nullptr) const;
  std::string agent_file(const AgentCard& card, int exit) const;
  std::string scatter(const ScatterCard& card, int exit) const;
  std::string scatter_text(std::string_view text, int exit) const;
  std::string explanation(const CodeExplanation& explanation, int exit) const;
  std::string examination(const Examination& examination, int exit) const;
  std::string repair(const Repair& repair, int exit) const;

 private:
  std::uint64_t now() const;

  const Clock& clock_;
  Clock::TimePoint begin_;
};

/// What `parts --json` printed: the chip and its partitions, from the last phone event that has any.
struct SavedTable {
  std::string chip = {};
  std::vector<TableRow> partitions = {};
};
/// Errors: bad_image (no such events, or values out of range).
Result<SavedTable> read_saved_table(std::string_view lines);

/// Writes the events of a run. Progress is thinned out to ten lines a second; the end of an item is never
/// left out.
class JsonView final : public View {
 public:
  JsonView(const Clock& clock, const EventLines& lines, std::function<void(std::string_view)> out)
      : clock_(clock), lines_(lines), out_(std::move(out)) {}

  void stage(Stage stage) override { outbox_.put(lines_.stage(stage)); }
  void progress(const Progress& progress) override;
  void phone(const PhoneCard& card) override { outbox_.put(lines_.phone(card)); }
  void finding(const Notice& finding) override { outbox_.put(lines_.finding(finding)); }
  void bus(const BusEvent& event) override { outbox_.put(lines_.bus(event)); }
  void plan(const Plan& plan) override { outbox_.put(lines_.plan(plan)); }
  void ended(const Outcome& outcome) override { outbox_.put(lines_.outcome(outcome)); }
  void flush() override { out_(outbox_.take()); }

 private:
  const Clock& clock_;
  const EventLines& lines_;
  std::function<void(std::string_view)> out_;
  std::string item_;
  std::optional<Clock::TimePoint> last_;
  Outbox outbox_;
};

}  // namespace mtk::cli
