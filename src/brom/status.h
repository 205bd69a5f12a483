// SPDX-License-Identifier: Apache-2.0
// The 16-bit status words of boot ROM and preloader.
// Source: docs/protocol/brom.md#status-words
#pragma once

#include "base/result.h"

namespace mtk::brom {

/// Words up to 00FF are success: some boot ROMs answer 0001 where others answer 0000.
constexpr bool is_success(std::uint16_t status) { return status <= 0x00ff; }

constexpr std::uint16_t status_no_auth_needed = 0x1d0c;
constexpr std::uint16_t status_sla_needed = 0x1d0d;
constexpr std::uint16_t status_sla_already_done = 0x7017;

/// Errc::device_status with the word when it is none of success.
Result<> accept(std::uint16_t status);

}  // namespace mtk::brom
