// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/plain.h"

#include "apps/cli/stage_look.h"
#include "apps/cli/units.h"

#include <cmath>

namespace mtk::cli {

namespace {

using fmt::arg;
using namespace std::chrono_literals;

constexpr Clock::Duration silence = 5s;
constexpr Clock::Duration waiting_silence = 10s;

/// These are told partition by partition.
bool has_items(Stage stage) { return stage >= Stage::backup && stage <= Stage::verify; }

}  // namespace

void PlainLines::line(const std::string& text) {
  outbox_.put(text + "\n");
  last_line_ = clock_.now();
}

void PlainLines::stage(Stage stage) {
  const bool again = run_.reached(stage) && run_.now_at() == stage;
  run_.stage(stage, clock_.now());
  if (!again && !has_items(stage)) line(std::string{text(look_of(stage).label)});
}

void PlainLines::progress(const Progress& progress) {
  run_.progress(progress, clock_.now());
  const auto label = text(look_of(progress.stage, progress.item).label);
  const std::string item = fmt::format("{}: {}", label, shown(progress.item));
  if (item != item_) {
    item_ = item;
    line(fmt::format("{}, {}", item, human_bytes(progress.total)));
  }
}

void PlainLines::write(LogLevel level, std::string_view text) {
  if (level <= most_detailed_) line(shown(text));
}

void PlainLines::finding(const Notice& finding) {
  for (const auto& text : finding_lines(finding, console_.err_style)) line(text);
}

void PlainLines::tick() {
  const auto quiet = clock_.now() - last_line_;
  if (run_.now_at() == Stage::connect && quiet >= waiting_silence) {
    const auto waited = std::chrono::duration_cast<std::chrono::seconds>(run_.in_stage(clock_.now()));
    line(say(Text::connect_waiting, arg("seconds", waited.count())));
  }
  if (!run_.has_progress() || quiet < silence) return;
  const Progress& last = run_.last();
  const bool whole_run = last.all_total > 0;
  const std::uint64_t done = whole_run ? last.all_done : last.done;
  const std::uint64_t total = whole_run ? last.all_total : last.total;
  std::string text = fmt::format("{}, {:.0f} %", item_,
                                 std::floor(100.0 * static_cast<double>(done) / static_cast<double>(total)));
  if (const auto rate = run_.rate()) text += ", " + human_rate(*rate);
  if (const auto left = run_.time_left())
    text += ", " + say(Text::bar_time_left, arg("time", human_time(*left)));
  line(text);
}

}  // namespace mtk::cli
