// SPDX-License-Identifier: Apache-2.0
// Time, so that tests do not wait for it.
#pragma once

#include <chrono>
#include <stop_token>

namespace mtk {

class Clock {
 public:
  using Duration = std::chrono::nanoseconds;
  using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  /// Returns early when stop is requested.
  virtual void sleep(Duration duration, const std::stop_token& stop = {}) = 0;
};

class SystemClock final : public Clock {
 public:
  TimePoint now() const override;
  void sleep(Duration duration, const std::stop_token& stop) override;
};

/// Moves only when told to; sleeping moves it.
class FakeClock final : public Clock {
 public:
  TimePoint now() const override { return now_; }
  void sleep(Duration duration, const std::stop_token&) override { advance(duration); }
  void advance(Duration duration) { now_ += duration; }
  void advance_to(TimePoint when) {
    if (when > now_) now_ = when;
  }

 private:
  TimePoint now_{};
};

}  // namespace mtk
