// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/view.h"

#include <utility>

namespace mtk::cli {

namespace {

bool is_work(Stage stage) { return stage >= Stage::backup && stage <= Stage::verify; }

}  // namespace

void Outbox::put(std::string_view text) {
  const std::scoped_lock lock{mutex_};
  text_ += text;
}

std::string Outbox::take() {
  const std::scoped_lock lock{mutex_};
  return std::exchange(text_, {});
}

bool Outbox::empty() const {
  const std::scoped_lock lock{mutex_};
  return text_.empty();
}

void Writer::ask() {
  {
    const std::scoped_lock lock{mutex_};
    asked_ = true;
  }
  wake_.notify_one();
}

void Writer::run(const std::stop_token& stop) {
  for (;;) {
    {
      std::unique_lock lock{mutex_};
      if (!wake_.wait(lock, stop, [this] { return asked_; })) return;
      asked_ = false;
    }
    view_.flush();
  }
}

Views::Views(const Clock& clock, std::vector<std::unique_ptr<View>> views)
    : clock_(clock), views_(std::move(views)) {
  for (const auto& view : views_) writers_.push_back(std::make_unique<Writer>(*view));
}

void Views::stage(Stage stage) {
  const std::scoped_lock lock{mutex_};
  if (is_work(stage) && !work_began_) work_began_ = clock_.now();
  for (const auto& view : views_) view->stage(stage);
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
  for (const auto& view : views_) view->phone(card);
}

void Views::finding(const Notice& finding) {
  const std::scoped_lock lock{mutex_};
  for (const auto& view : views_) view->finding(finding);
}

void Views::bus(const BusEvent& event) {
  const std::scoped_lock lock{mutex_};
  for (const auto& view : views_) view->bus(event);
}

void Views::plan(const Plan& plan) {
  const std::scoped_lock lock{mutex_};
  for (const auto& view : views_) view->plan(plan);
}

void Views::tick() {
  {
    const std::scoped_lock lock{mutex_};
    for (const auto& view : views_) view->tick();
  }
  for (const auto& writer : writers_) writer->ask();
}

void Views::ended(const Outcome& outcome) {
  {
    const std::scoped_lock lock{mutex_};
    for (const auto& view : views_) view->ended(outcome);
  }
  for (const auto& writer : writers_) writer->ask();
  writers_.clear();
}

std::chrono::milliseconds Views::work_time() {
  const std::scoped_lock lock{mutex_};
  if (!work_began_) return std::chrono::milliseconds{0};
  return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - *work_began_);
}

}  // namespace mtk::cli
