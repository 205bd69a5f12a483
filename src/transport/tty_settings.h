// SPDX-License-Identifier: Apache-2.0
// How a serial port is set up. One way for USB serial ports, real ones and pseudo terminals.
#pragma once

#include "transport/fd.h"

#include <cstdint>

namespace mtk {

/// Bytes pass unchanged, 8N1, any rate; a read waits for at least one byte.
/// Errors: io; disconnected (the port vanished); usage (not a serial port).
Result<> make_raw(const UniqueFd& tty, std::uint32_t baud);

/// Raises DTR and RTS and refuses further opens, where the port has such lines. A pseudo terminal has none,
/// and its refusal would outlive a program that was killed.
void claim_lines(const UniqueFd& tty);

/// Whether another program has claimed the port. The system itself keeps ordinary users out then, but not
/// root.
bool is_claimed(const UniqueFd& tty);

/// Drops what was written and not yet sent, so that closing the port does not wait for it.
void drop_unsent(const UniqueFd& tty);

}  // namespace mtk
