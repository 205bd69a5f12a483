// SPDX-License-Identifier: Apache-2.0
// Words a preloader takes instead of the start sequence, by which the phone starts in another mode.
// Source: docs/protocol/brom.md#boot-modes
#pragma once

#include "transport/transport.h"

namespace mtk::brom {

enum class BootMode : std::uint8_t { normal, fastboot, meta, advanced_meta, factory, ate };

/// Waits for the preloader's READY, asks for the mode and takes the answer. The phone then leaves this
/// protocol, and mostly the bus.
/// Errors, all at stage preloader: timeout (no preloader, or it does not know the mode), refused (a phone
/// with SLA), unsupported (the maker's authorisation is needed), disconnected, cancelled.
Result<> request_boot_mode(Transport& link, BootMode mode, const Wait& wait);

}  // namespace mtk::brom
