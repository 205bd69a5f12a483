// SPDX-License-Identifier: Apache-2.0
#include "transport/retry.h"

#include <algorithm>
#include <optional>

namespace mtk {
namespace {

/// A boot ROM may listen for no longer than 300 ms (docs/protocol/brom.md), so a fresh port must be noticed
/// in a small part of that.
constexpr auto attempt_interval = std::chrono::milliseconds{2};
/// How long a fresh port may be refused or fail: access rules are applied, drivers settle and probing
/// programs let go in this time.
constexpr auto refusal_limit = std::chrono::seconds{2};

}  // namespace

Result<> retry_until_there(const std::function<Result<>()>& attempt, Clock::TimePoint deadline,
                           const std::stop_token& stop, Clock& clock) {
  std::optional<Clock::TimePoint> refused_since;
  for (;;) {
    auto opened = attempt();
    if (opened) return {};
    const Errc code = opened.error().code;
    const auto now = clock.now();
    if (code == Errc::disconnected) {
      refused_since.reset();
    } else if (code == Errc::busy || code == Errc::denied || code == Errc::io) {
      if (!refused_since) refused_since = now;
      if (now - *refused_since >= refusal_limit) return opened;
    } else {
      return opened;
    }
    if (stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
    if (now >= deadline) {
      if (code == Errc::disconnected) opened.error().code = Errc::timeout;
      return opened;
    }
    clock.sleep(std::min<Clock::Duration>(attempt_interval, deadline - now), stop);
  }
}

Result<> retry_until_there(const std::function<Result<>()>& attempt, Clock::TimePoint deadline,
                           const std::stop_token& stop) {
  SystemClock clock;
  return retry_until_there(attempt, deadline, stop, clock);
}

}  // namespace mtk
