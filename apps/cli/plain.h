// SPDX-License-Identifier: Apache-2.0
// Shows a run as plain lines, for pipes and log collectors: one per stage and partition, and a sign of life
// every few seconds.
#pragma once

#include "apps/cli/console.h"
#include "apps/cli/run_model.h"
#include "apps/cli/screen.h"
#include "apps/cli/view.h"

namespace mtk::cli {

class PlainLines final : public View {
 public:
  PlainLines(const Clock& clock, const Console& console, LogLevel most_detailed)
      : clock_(clock), console_(console), most_detailed_(most_detailed) {}

  void stage(Stage stage) override;
  void progress(const Progress& progress) override;
  void write(LogLevel level, std::string_view line) override;
  void finding(const Notice& finding) override;
  void bus(const BusEvent& event) override { line(bus_line(event, console_.err_style)); }
  void tick() override;
  void flush() override { console_.err(outbox_.take()); }

 private:
  void line(const std::string& text);

  const Clock& clock_;
  const Console& console_;
  LogLevel most_detailed_;
  RunModel run_;
  std::string item_;  ///< stage and partition announced last
  Clock::TimePoint last_line_{};
  Outbox outbox_;
};

}  // namespace mtk::cli
