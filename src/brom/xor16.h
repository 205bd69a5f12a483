// SPDX-License-Identifier: Apache-2.0
// The checksum of SEND_DA, certificates and authentication files. Agents use other sums.
#pragma once

#include "base/bytes.h"

namespace mtk::brom {

/// XOR of all little-endian 16-bit words; an odd last byte counts as 00xx.
/// Source: docs/protocol/brom.md#send-da
std::uint16_t xor16(ByteView data);

}  // namespace mtk::brom
