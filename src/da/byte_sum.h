// SPDX-License-Identifier: Apache-2.0
// The sum behind the data checksums of agents, which keep its low bits. SEND_DA, before them, uses another
// one.
#pragma once

#include "base/bytes.h"

namespace mtk {

/// Sum of all bytes modulo 2^32.
std::uint32_t byte_sum(ByteView data);

}  // namespace mtk
