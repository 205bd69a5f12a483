// SPDX-License-Identifier: Apache-2.0
// Waiting for the next phone that appears, when the user named no port.
#pragma once

#include "transport/transport.h"

#include <mtk/session.h>

namespace mtk {

/// Watches the computer's ports and opens the first that belongs to a phone in download mode. What else comes
/// and goes is told as findings. Errors: timeout, busy, io, cancelled.
Result<std::unique_ptr<Transport>> wait_for_port(const Wait& wait, SessionObserver& observer);

}  // namespace mtk
