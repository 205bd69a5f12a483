// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/view.h"

#include "base/text.h"

#include <array>

namespace mtk::cli {

namespace {

using namespace std::chrono_literals;

/// What to say to someone whose phone does not appear, and when.
struct Advice {
  Clock::Duration after;
  std::string_view id;
  LogLevel level;
  Text text;
};
constexpr std::array waiting_advice{
    Advice{0s, "plug_in", LogLevel::info, Text::connect_plug_in},
    Advice{20s, "try_keys", LogLevel::warning, Text::connect_try_keys},
    Advice{60s, "charge_only_cable", LogLevel::warning, Text::connect_charge_only_cable}};

bool is_work(Stage stage) { return stage >= Stage::backup && stage <= Stage::verify; }

}  // namespace

Views::Views(const Clock& clock, std::vector<std::unique_ptr<View>> views)
    : clock_(clock), views_(std::move(views)) {}

void Views::stage(Stage stage) {
  const std::scoped_lock lock{mutex_};
  if (stage == Stage::connect && stage_ != Stage::connect) waiting_since_ = clock_.now();
  if (is_work(stage) && !work_began_) work_began_ = clock_.now();
  stage_ = stage;
  for (const auto& view : views_) view->stage(stage);
  advise_waiting();
}

void Views::progress(const Progress& progress) {
  const std::scoped_lock lock{mutex_};
  for (const auto& view : views_) view->progress(progress);
}

void Views::write(LogLevel level, std::string_view line) {
  const std::scoped_lock lock{mutex_};
  for (const auto& view : views_) view->write(level, line);
}

void Views::phone(const PhoneCard& card) {
  const std::scoped_lock lock{mutex_};
  advice_given_ = waiting_advice.size();
  for (const auto& view : views_) view->phone(card);
}

void Views::finding(const Notice& finding) {
  const std::scoped_lock lock{mutex_};
  tell(finding);
}

void Views::plan(const Plan& plan) {
  const std::scoped_lock lock{mutex_};
  for (const auto& view : views_) view->plan(plan);
}

void Views::tick() {
  {
    const std::scoped_lock lock{mutex_};
    advise_waiting();
    for (const auto& view : views_) view->tick();
  }
  for (const auto& view : views_) view->flush();
}

void Views::ended(const Outcome& outcome) {
  {
    const std::scoped_lock lock{mutex_};
    for (const auto& view : views_) view->ended(outcome);
  }
  for (const auto& view : views_) view->flush();
}

std::chrono::milliseconds Views::work_time() {
  const std::scoped_lock lock{mutex_};
  if (!work_began_) return std::chrono::milliseconds{0};
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - *work_began_);
}

void Views::tell(const Notice& finding) {
  for (const auto& view : views_) view->finding(finding);
}

void Views::advise_waiting() {
  if (stage_ != Stage::connect) return;
  while (advice_given_ < waiting_advice.size() &&
         clock_.now() - waiting_since_ >= waiting_advice.at(advice_given_).after) {
    const Advice& advice = waiting_advice.at(advice_given_++);
    tell({.id = std::string{advice.id},
          .level = advice.level,
          .text = std::string{text(advice.text)},
          .actions = {}});
  }
}

}  // namespace mtk::cli
