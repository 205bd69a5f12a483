// SPDX-License-Identifier: Apache-2.0
// Answers to the challenges of secured phones, from keys that only the user has.
#pragma once

#include "base/bytes.h"

#include <functional>

namespace mtk {

/// Who asks: the boot ROM (SLA), or a running agent (DA SLA).
enum class Challenger : std::uint8_t { brom, agent };

struct Challenge {
  Challenger from = Challenger::brom;
  Bytes data = {};    ///< as the phone sent it
  Bytes soc_id = {};  ///< of the boot ROM; empty when it was not asked
};

/// Yields the response to send. Empty: there is nobody to ask, and a phone that wants an answer is refused.
using Signer = std::function<Result<Bytes>(const Challenge&)>;

}  // namespace mtk
