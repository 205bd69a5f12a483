// SPDX-License-Identifier: Apache-2.0
// Amounts of bytes as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace mtk {

inline constexpr std::uint64_t mib = 1 << 20;

/// `512 bytes`, `118.2 KiB`, `1.4 GiB`.
std::string human_bytes(std::uint64_t bytes);

}  // namespace mtk
