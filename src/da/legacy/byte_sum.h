// SPDX-License-Identifier: Apache-2.0
// The data checksum of legacy agents.
#pragma once

#include "da/byte_sum.h"

namespace mtk::legacy {

/// Sum of all bytes modulo 65536.
/// Source: docs/protocol/da-legacy.md#checksum
inline std::uint16_t byte_sum(ByteView data) { return static_cast<std::uint16_t>(mtk::byte_sum(data)); }

}  // namespace mtk::legacy
