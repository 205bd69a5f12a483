// SPDX-License-Identifier: Apache-2.0
// The start sequence A0 0A 50 05, and everything a port may say instead.
// Source: docs/protocol/brom.md#handshake
#pragma once

#include "transport/transport.h"

namespace mtk::brom {

enum class Handshake : std::uint8_t {
  completed,  ///< the phone answered all four bytes
  resumed     ///< the phone was in command mode already: it echoed the first byte
};

/// A preloader says READY every 20 ms until it hears something; any part of it may arrive at any time.
bool is_ready_letter(std::uint8_t byte);

/// Sends the start sequence until the phone takes it. The first byte leaves before anything is read: a boot
/// ROM may listen for a third of a second only.
/// Errors, all at stage connect: timeout (nobody answered like a phone within `wait`), protocol (an agent of
/// an earlier run is still running), disconnected, cancelled.
Result<Handshake> shake_hands(Transport& link, const Wait& wait);

}  // namespace mtk::brom
