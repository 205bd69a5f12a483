// SPDX-License-Identifier: Apache-2.0
// A signer that is a program of the user's: challenge in, response out. docs/user/secured-phones.md
#pragma once

#include "base/clock.h"
#include "brom/signer.h"

#include <stop_token>
#include <string>

namespace mtk {

/// Runs the command through the shell for every challenge. Errors: usage (it cannot be run, it failed, it
/// answered with nothing or too much), timeout, cancelled.
Signer signer_command(std::string command, Clock::Duration limit, std::stop_token stop);

}  // namespace mtk
