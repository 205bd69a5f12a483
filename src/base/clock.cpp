// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <condition_variable>
#include <mutex>

namespace mtk {

Clock::TimePoint SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

void SystemClock::sleep(Duration duration, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock{mutex};
  woken.wait_for(lock, stop, duration, [] { return false; });
}

}  // namespace mtk
