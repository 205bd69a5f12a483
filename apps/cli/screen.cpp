// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/screen.h"

#include "apps/cli/render.h"
#include "apps/cli/units.h"

#include <fmt/chrono.h>

namespace mtk::cli {

namespace {

constexpr std::chrono::milliseconds shortest_frame{100};

/// Broken at blanks, further lines below the first one's text.
std::string broken(std::string text, std::size_t width, std::string_view indent) {
  return width == 0 ? text : wrapped(text, width > 1 ? width - 1 : 1, indent);
}

std::string with_level(LogLevel level, std::string_view line, const Style& style, std::size_t width = 0) {
  const bool has_sign = level == LogLevel::error || level == LogLevel::warning;
  const std::string safe = broken(shown(line), width, has_sign ? "  " : "");
  switch (level) {
    case LogLevel::error:
      return paint(style, Ink::bad, style.utf8 ? "✗ " : "X ") + safe;
    case LogLevel::warning:
      return paint(style, Ink::warning, "! ") + safe;
    case LogLevel::info:
      return safe;
    case LogLevel::debug:
      break;
  }
  return paint(style, Ink::faint, safe);
}

}  // namespace

std::vector<std::string> finding_lines(const Notice& finding, const Style& style, std::size_t width) {
  std::vector<std::string> lines{with_level(finding.level, finding.text, style, width)};
  for (const auto& action : finding.actions) lines.push_back("  - " + broken(shown(action), width, "    "));
  return lines;
}

std::string bus_line(const BusEvent& event, const Style& style, std::size_t width) {
  const auto when = fmt::localtime(std::chrono::system_clock::to_time_t(event.when));
  return paint(style, Ink::faint, fmt::format("{:%H:%M:%S}", when)) + "  " +
         broken(shown(event.text), width, "          ");
}

Screen::Screen(const Clock& clock, const Console& console, LogLevel most_detailed)
    : clock_(clock), console_(console), style_(console.err_style), most_detailed_(most_detailed) {}

void Screen::stage(Stage stage) { run_.stage(stage, clock_.now()); }

void Screen::progress(const Progress& progress) { run_.progress(progress, clock_.now()); }

void Screen::write(LogLevel level, std::string_view line) {
  if (level <= most_detailed_) notes_.push_back(with_level(level, line, style_));
}

void Screen::finding(const Notice& finding) {
  for (auto& line : finding_lines(finding, style_, console_.err_width())) notes_.push_back(std::move(line));
}

void Screen::bus(const BusEvent& event) { notes_.push_back(bus_line(event, style_, console_.err_width())); }

void Screen::tick() {
  if (drawn_at_ && clock_.now() - *drawn_at_ < shortest_frame) return;
  if (outbox_.empty()) draw();
}

void Screen::ended(const Outcome& outcome) {
  if (outcome.error) {
    run_.fail();
  } else {
    run_.finish();
  }
  draw();
}

void Screen::draw() {
  drawn_at_ = clock_.now();
  style_.width = console_.err_width();
  auto frame = render(run_, style_, clock_.now());
  if (notes_.empty() && frame == frame_) return;
  std::string out;
  if (!frame_.empty()) out += fmt::format("\x1b[{}A", frame_.size());
  out += "\r\x1b[J";
  for (const auto& note : notes_) out += note + "\n";
  for (const auto& line : frame) out += line + "\n";
  outbox_.put(out);
  notes_.clear();
  frame_ = std::move(frame);
}

}  // namespace mtk::cli
