// SPDX-License-Identifier: Apache-2.0
// How long boot ROM and preloader are waited for.
// Source: docs/protocol/brom.md#timing
#pragma once

#include <chrono>

namespace mtk::brom {

constexpr std::chrono::milliseconds write_time{1000};
constexpr std::chrono::milliseconds answer_time{1000};      // silence after a good echo: command not known
constexpr std::chrono::milliseconds payload_time{10000};    // one transfer, over a slow UART too
constexpr std::chrono::milliseconds checksum_time{10000};   // SEND_DA: summing and checking the signature
constexpr std::chrono::milliseconds login_time{10000};      // RSA in the boot ROM
constexpr std::chrono::milliseconds second_jump_time{200};  // JUMP_DA64: not every boot ROM asks for it
constexpr std::chrono::milliseconds quiet_time{20};         // late bytes of a command that was given up
constexpr std::chrono::milliseconds drain_limit{200};

}  // namespace mtk::brom
