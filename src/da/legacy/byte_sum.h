// SPDX-License-Identifier: Apache-2.0
// The data checksum of legacy agents. SEND_DA, before them, uses another one.
#pragma once

#include "base/bytes.h"

namespace mtk::legacy {

/// Sum of all bytes modulo 65536.
/// Source: docs/protocol/da-legacy.md#checksum
std::uint16_t byte_sum(ByteView data);

}  // namespace mtk::legacy
