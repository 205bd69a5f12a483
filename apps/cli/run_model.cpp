// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/run_model.h"

namespace mtk::cli {

namespace {

using namespace std::chrono_literals;
constexpr Clock::Duration rate_window = 6s;
constexpr Clock::Duration sample_distance = 100ms;
constexpr Clock::Duration shortest_measure = 500ms;

}  // namespace

void RateMeter::add(Clock::TimePoint when, std::uint64_t bytes) {
  if (!samples_.empty() && bytes < samples_.back().bytes) samples_.clear();
  if (samples_.size() >= 2 && when - samples_[samples_.size() - 2].when < sample_distance) {
    samples_.back() = {when, bytes};
  } else {
    samples_.push_back({when, bytes});
  }
  while (samples_.size() > 2 && when - samples_.front().when > rate_window) samples_.pop_front();
}

std::optional<double> RateMeter::per_second() const {
  if (samples_.size() < 2) return std::nullopt;
  const auto time = samples_.back().when - samples_.front().when;
  if (time < shortest_measure) return std::nullopt;
  const auto bytes = static_cast<double>(samples_.back().bytes - samples_.front().bytes);
  return bytes / std::chrono::duration<double>(time).count();
}

void RunModel::stage(Stage stage, Clock::TimePoint now) {
  if (stage != stage_ || reached_.empty()) stage_begin_ = now;
  stage_ = stage;
  reached_.insert(stage);
  if (last_.stage != stage) {
    // The frame of the whole run stays; the item is over.
    last_.stage = stage;
    last_.item.clear();
    last_.done = last_.total = 0;
  }
}

void RunModel::progress(const Progress& progress, Clock::TimePoint now) {
  if (progress.stage != stage_ || reached_.empty()) stage(progress.stage, now);
  const bool whole_run = progress.all_total > 0;
  if (!whole_run && (progress.item != last_.item || progress.stage != last_.stage)) rate_.restart();
  last_ = progress;
  rate_.add(now, whole_run ? progress.all_done : progress.done);
}

std::optional<std::chrono::milliseconds> RunModel::time_left() const {
  const auto speed = rate();
  const bool whole_run = last_.all_total > 0;
  const std::uint64_t total = whole_run ? last_.all_total : last_.total;
  const std::uint64_t done = whole_run ? last_.all_done : last_.done;
  if (!speed || *speed < 1 || done >= total) return std::nullopt;
  const double seconds = static_cast<double>(total - done) / *speed;
  if (seconds > 360'000) return std::nullopt;  // a standing link tells nothing
  return std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

std::chrono::milliseconds RunModel::in_stage(Clock::TimePoint now) const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - stage_begin_);
}

}  // namespace mtk::cli
