// SPDX-License-Identifier: Apache-2.0
// What a run has shown so far: the stage, the bars, speed and remaining time. No drawing.
#pragma once

#include "base/clock.h"

#include <mtk/progress.h>

#include <deque>
#include <optional>
#include <set>

namespace mtk::cli {

/// Bytes per second over the last seconds.
class RateMeter {
 public:
  void add(Clock::TimePoint when, std::uint64_t bytes);
  void restart() { samples_.clear(); }
  /// Nothing until there is enough to tell.
  std::optional<double> per_second() const;

 private:
  struct Sample {
    Clock::TimePoint when;
    std::uint64_t bytes;
  };
  std::deque<Sample> samples_;
};

class RunModel {
 public:
  void stage(Stage stage, Clock::TimePoint now);
  void progress(const Progress& progress, Clock::TimePoint now);
  void fail() { failed_ = true; }
  void finish() { finished_ = true; }

  Stage now_at() const { return stage_; }
  bool reached(Stage stage) const { return reached_.contains(stage); }
  bool failed() const { return failed_; }
  bool finished() const { return finished_; }
  const Progress& last() const { return last_; }
  bool has_progress() const { return last_.total > 0; }
  std::optional<double> rate() const { return rate_.per_second(); }
  std::optional<std::chrono::milliseconds> time_left() const;
  /// How long the present stage has lasted.
  std::chrono::milliseconds in_stage(Clock::TimePoint now) const;

 private:
  Stage stage_ = Stage::host;
  std::set<Stage> reached_;
  Clock::TimePoint stage_begin_{};
  Progress last_;
  RateMeter rate_;
  bool failed_ = false;
  bool finished_ = false;
};

}  // namespace mtk::cli
