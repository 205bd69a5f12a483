// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/render.h"

#include "apps/cli/stage_look.h"
#include "apps/cli/units.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mtk::cli {

namespace {

using fmt::arg;

constexpr std::array line_stages{Stage::connect, Stage::brom,   Stage::preloader, Stage::da1,
                                 Stage::dram,    Stage::da2,    Stage::backup,    Stage::erase,
                                 Stage::write,   Stage::verify, Stage::reboot};
constexpr std::size_t label_width = 20;
constexpr std::size_t longest_bar = 40;
constexpr std::size_t shortest_bar = 10;

/// Stages that some runs have and others have not.
bool is_shown(const RunModel& run, Stage stage) {
  if (stage == Stage::preloader || stage == Stage::backup) return run.reached(stage);
  if (stage == Stage::brom) return !run.reached(Stage::preloader);
  return true;
}

std::string stage_word(const RunModel& run, Stage stage, const Style& style) {
  const StageLook look = look_of(stage);
  const std::string word{look.word};
  if (stage == run.now_at() && run.failed()) return paint(style, Ink::bad, (style.utf8 ? "✗ " : "X ") + word);
  const bool behind = stage < run.now_at() || run.finished();
  if (behind && run.reached(stage)) return paint(style, Ink::good, (style.utf8 ? "✓ " : "+ ") + word);
  if (stage == run.now_at()) return paint(style, look.colour, (style.utf8 ? "▶ " : "* ") + word);
  return paint(style, Ink::faint, word);
}

std::string bar(double part, std::size_t width, unsigned colour, const Style& style) {
  const auto filled = static_cast<std::size_t>(std::clamp(part, 0.0, 1.0) * static_cast<double>(width));
  std::string full;
  std::string rest;
  for (std::size_t i = 0; i < width; ++i) {
    if (i < filled) {
      full += style.utf8 ? "█" : "#";
    } else {
      rest += style.utf8 ? "░" : "-";
    }
  }
  return paint(style, colour, full) + paint(style, Ink::faint, rest);
}

double share(std::uint64_t done, std::uint64_t total) {
  return total == 0 ? 0 : static_cast<double>(done) / static_cast<double>(total);
}

std::string bar_line(std::string_view label, double part, unsigned colour, std::string_view tail,
                     const Style& style) {
  const std::size_t fixed = label_width + 2 + 7;  // blanks and percentage
  const std::size_t room =
      style.width > fixed + columns(tail) ? style.width - fixed - columns(tail) : shortest_bar;
  const std::size_t width = std::clamp(room, shortest_bar, longest_bar);
  return fmt::format("{} {} {:3.0f} %  {}", padded(cut(label, label_width), label_width),
                     bar(part, width, colour, style), std::floor(part * 100), tail);
}

std::string speed_and_time(const RunModel& run) {
  std::string tail;
  if (const auto rate = run.rate()) tail = human_rate(*rate);
  if (const auto left = run.time_left()) {
    tail += (tail.empty() ? "" : ", ") + say(Text::bar_time_left, arg("time", human_time(*left)));
  }
  return tail;
}

std::string label_of(const StageLook& look, const Style& style) {
  return fmt::format("{} {}", style.utf8 ? look.sign : look.plain_sign, text(look.label));
}

}  // namespace

std::vector<std::string> stage_lines(const RunModel& run, const Style& style) {
  std::vector<std::string> lines(1);
  for (const Stage stage : line_stages) {
    if (!is_shown(run, stage)) continue;
    const std::string word = stage_word(run, stage, style);
    if (lines.back().empty()) {
      lines.back() = word;
      continue;
    }
    const bool full =
        columns(lines.back()) + columns(word) + 5 >= style.width;  // two separators, one column free
    lines.back() += paint(style, Ink::faint, full ? " >" : " > ");
    if (full) lines.emplace_back("  ");
    lines.back() += word;
  }
  return lines;
}

std::vector<std::string> render(const RunModel& run, const Style& style, Clock::TimePoint now) {
  auto lines = stage_lines(run, style);
  const Progress& last = run.last();
  const bool whole_run = last.all_total > 0;
  if (run.finished() || run.failed()) {
    // The report says the rest.
  } else if (run.now_at() == Stage::connect) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(run.in_stage(now)).count();
    lines.push_back(say(Text::connect_waiting, arg("seconds", seconds)));
  } else {
    const StageLook look = look_of(run.now_at(), last.item);
    if (whole_run)
      lines.push_back(bar_line(text(Text::bar_all), share(last.all_done, last.all_total), 71,
                               speed_and_time(run), style));
    std::string tail = shown(last.item);
    if (!whole_run && !speed_and_time(run).empty()) tail += (tail.empty() ? "" : ", ") + speed_and_time(run);
    lines.push_back(run.has_progress() ? bar_line(label_of(look, style), share(last.done, last.total),
                                                  look.colour, tail, style)
                                       : label_of(look, style));
  }
  for (std::string& line : lines) line = cut(line, style.width > 1 ? style.width - 1 : 1);
  return lines;
}

}  // namespace mtk::cli
