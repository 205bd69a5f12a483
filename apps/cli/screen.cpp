// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/screen.h"

#include "apps/cli/render.h"
#include "apps/cli/units.h"

#include <fmt/format.h>

namespace mtk::cli {

namespace {

constexpr std::chrono::milliseconds shortest_frame{100};

std::string with_level(LogLevel level, std::string_view line, const Style& style) {
  const std::string safe = shown(line);
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

std::vector<std::string> finding_lines(const Notice& finding, const Style& style) {
  std::vector<std::string> lines{with_level(finding.level, finding.text, style)};
  for (const auto& action : finding.actions) lines.push_back("  - " + shown(action));
  return lines;
}

Screen::Screen(const Clock& clock, const Console& console, LogLevel most_detailed)
    : clock_(clock), console_(console), style_(console.err_style), most_detailed_(most_detailed) {}

void Screen::stage(Stage stage) { run_.stage(stage, clock_.now()); }

void Screen::progress(const Progress& progress) { run_.progress(progress, clock_.now()); }

void Screen::write(LogLevel level, std::string_view line) {
  if (level <= most_detailed_) notes_.push_back(with_level(level, line, style_));
}

void Screen::finding(const Notice& finding) {
  for (auto& line : finding_lines(finding, style_)) notes_.push_back(std::move(line));
}

void Screen::tick() {
  if (drawn_at_ && clock_.now() - *drawn_at_ < shortest_frame) return;
  draw();
}

void Screen::flush() {
  if (pending_.empty()) return;
  console_.err(pending_);
  pending_.clear();
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
  std::string& out = pending_;
  if (!frame_.empty()) out += fmt::format("\x1b[{}A", frame_.size());
  out += "\r\x1b[J";
  for (const auto& note : notes_) out += note + "\n";
  for (const auto& line : frame) out += line + "\n";
  notes_.clear();
  frame_ = std::move(frame);
}

}  // namespace mtk::cli
