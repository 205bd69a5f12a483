// SPDX-License-Identifier: Apache-2.0
// What each job does with a phone, from opening files to the outcome.
#pragma once

#include "session/connection.h"

namespace mtk {

/// Never fails: errors are part of the outcome.
/// \param open  another way to the phone than ConnectOptions::port; may be empty
Outcome run_job(const Job& job, const ConnectOptions& options, SessionObserver& observer,
                const std::stop_token& stop, const OpenLink& open = {});

}  // namespace mtk
