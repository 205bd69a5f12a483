// SPDX-License-Identifier: Apache-2.0
// Runs a phone as a USB device on the redirection protocol of QEMU and SPICE: it is then plugged into a
// virtual machine as real hardware would be.
#pragma once

#include "carrier.h"
#include "sim/phone.h"

namespace mtk::phone {

using PhoneLog = std::function<void(std::string_view)>;

/// Each connection to `door` is a cable going in, its end the cable coming out. The phone ends it when it
/// leaves the bus for good. Returns when `stop_fd` becomes readable. Errors: io.
/// \param log  hears when the host has configured the phone, and when it first speaks to it
Result<> run_on_usbredir(sim::Phone& phone, Carrier& door, int stop_fd, const PhoneLog& log);

}  // namespace mtk::phone
