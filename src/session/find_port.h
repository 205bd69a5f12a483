// SPDX-License-Identifier: Apache-2.0
// Waiting for the phone that `--port` means, with a timeline of what comes and goes meanwhile, and with
// advice.
#pragma once

#include "transport/sysfs.h"
#include "transport/transport.h"

#include <mtk/session.h>

namespace mtk {

/// Opens the phone that `port` names, as open_port() does; `next`, `usb:`, `tty:` and nothing mean any phone
/// in download mode. The watch begins before the user is asked to plug in, and goes on in reopen(); a phone
/// that left before it answered, and was not named by its port, may come back at another place. Errors:
/// usage, timeout, busy, denied, io, cancelled.
Result<std::unique_ptr<Transport>> find_port(const std::string& port, const Wait& wait,
                                             SessionObserver& observer, const SystemRoots& roots = {});

}  // namespace mtk
