// SPDX-License-Identifier: Apache-2.0
// Shows a run on a terminal: notes scroll by above, stage line and bars stay at the bottom.
#pragma once

#include "apps/cli/console.h"
#include "apps/cli/run_model.h"
#include "apps/cli/view.h"

namespace mtk::cli {

/// Draws in tick() only, at most ten times a second, and not before the terminal took the last picture but
/// one.
class Screen final : public View {
 public:
  Screen(const Clock& clock, const Console& console, LogLevel most_detailed);

  void stage(Stage stage) override;
  void progress(const Progress& progress) override;
  void write(LogLevel level, std::string_view line) override;
  void finding(const Notice& finding) override;
  void bus(const BusEvent& event) override;
  void tick() override;
  void flush() override { console_.err(outbox_.take()); }
  void ended(const Outcome& outcome) override;

 private:
  void draw();

  const Clock& clock_;
  const Console& console_;
  Style style_;
  LogLevel most_detailed_;
  RunModel run_;
  std::vector<std::string> notes_;  ///< not shown yet
  std::vector<std::string> frame_;  ///< on the screen now, cursor below it
  std::optional<Clock::TimePoint> drawn_at_;
  Outbox outbox_;
};

/// A finding as lines for people: its text behind a sign for its level, then what to do.
/// \param width  lines are broken to this many columns; 0: they are not
std::vector<std::string> finding_lines(const Notice& finding, const Style& style, std::size_t width = 0);
/// `12:01:07  MediaTek preloader on usb:1-2`, in the user's time.
std::string bus_line(const BusEvent& event, const Style& style, std::size_t width = 0);

}  // namespace mtk::cli
