// SPDX-License-Identifier: Apache-2.0
// What each job does with a phone, from opening files to the outcome.
#pragma once

#include <mtk/session.h>

#include <stop_token>

namespace mtk {

/// Never fails: errors are part of the outcome.
Outcome run_job(const Job& job, const ConnectOptions& options, SessionObserver& observer,
                const std::stop_token& stop);

}  // namespace mtk
