// SPDX-License-Identifier: Apache-2.0
// Opening a port that is about to appear.
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <functional>

namespace mtk {

/// Calls `attempt` until it succeeds, at least once. `disconnected` from it means that nothing is there yet;
/// `busy`, `denied` and `io` are believed once they have lasted two seconds. Any other error ends the
/// attempts. Errors: those, timeout, cancelled.
Result<> retry_until_there(const std::function<Result<>()>& attempt, Clock::TimePoint deadline,
                           const std::stop_token& stop, Clock& clock);
/// In real time.
Result<> retry_until_there(const std::function<Result<>()>& attempt, Clock::TimePoint deadline,
                           const std::stop_token& stop);

}  // namespace mtk
