// SPDX-License-Identifier: Apache-2.0
// One stage of a download agent, ready to be sent. Where it came from is the session's business.
#pragma once

#include "base/bytes.h"

namespace mtk {

struct AgentImage {
  std::uint32_t load_address = 0;
  Bytes data = {};                     ///< the whole region; the signature, if any, is its end
  std::uint32_t signature_length = 0;  ///< bytes at the end of `data`
};

}  // namespace mtk
