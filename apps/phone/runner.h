// SPDX-License-Identifier: Apache-2.0
// Runs a phone in real time on a carrier, one life after the other.
#pragma once

#include "carrier.h"
#include "sim/phone.h"

namespace mtk::phone {

/// Returns when `stop_fd` becomes readable. Errors: io, when the carrier cannot go on.
Result<> run(sim::Phone& phone, Carrier& carrier, int stop_fd);

}  // namespace mtk::phone
