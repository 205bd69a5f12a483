// SPDX-License-Identifier: Apache-2.0
// The sum that goes before a packet when the agent wants one (CHK_ADD).
#pragma once

#include "base/bytes.h"

namespace mtk::xml {

/// Sum of the little-endian 32-bit words; up to three bytes at the end count as themselves, unsigned.
std::uint32_t packet_sum(ByteView data);

}  // namespace mtk::xml
