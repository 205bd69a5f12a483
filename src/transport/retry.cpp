// SPDX-License-Identifier: Apache-2.0
#include "transport/retry.h"

#include <optional>

namespace mtk {
namespace {

/// A boot ROM may listen for no longer than 300 ms (docs/protocol/brom.md), so a fresh port must be noticed
/// in a small part of that.
constexpr auto attempt_interval = std::chrono::milliseconds{2};
/// How long a fresh port may be refused: access rules are applied and probing programs let go in this time.
constexpr auto refusal_limit = std::chrono::seconds{2};

}  // namespace

Result<> retry_until_there(const std::function<Result<>()>& attempt, Clock::TimePoint deadline,
                           const std::stop_token& stop) {
  std::optional<Clock::TimePoint> refused_since;
  for (;;) {
    auto opened = attempt();
    if (opened) return {};
    const Errc code = opened.error().code;
    if (code == Errc::disconnected) {
      refused_since.reset();
    } else if (code == Errc::busy) {
      const auto now = SystemClock{}.now();
      if (!refused_since) refused_since = now;
      if (now - *refused_since >= refusal_limit) return opened;
    } else {
      return opened;
    }
    auto paused = pause_for(attempt_interval, deadline, stop);
    if (paused) continue;
    if (paused.error().code != Errc::timeout) return paused;
    if (code == Errc::disconnected) opened.error().code = Errc::timeout;
    return opened;
  }
}

}  // namespace mtk
