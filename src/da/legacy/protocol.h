// SPDX-License-Identifier: Apache-2.0
// Names for the single bytes of the legacy agent protocol, and how long the host waits.
// Source: docs/protocol/da-legacy.md#bytes, #timing
#pragma once

#include <chrono>
#include <cstdint>

namespace mtk::legacy {

constexpr std::uint8_t sync = 0xc0;
constexpr std::uint8_t ack = 0x5a;
constexpr std::uint8_t nack = 0xa5;
constexpr std::uint8_t packet_stored = 0x69;
constexpr std::uint8_t stop_writing = 0x96;
constexpr std::uint8_t soc_ok = 0xc1;
constexpr std::uint8_t soc_fail = 0xcf;

/// Storage as READ and FORMAT name it; WRITE_DATA has numbers of its own.
constexpr std::uint8_t storage_emmc = 2;
constexpr std::uint8_t storage_sd = 3;
constexpr std::uint8_t write_storage_emmc = 1;
constexpr std::uint8_t write_storage_sd = 2;
constexpr std::uint8_t part_user = 8;

/// Packets of the data commands; the agent takes at most this.
constexpr std::uint32_t max_packet_size = 0x100000;
constexpr std::uint32_t stage2_packet_size = 0x1000;
/// No agent lists more NAND ids; a phone that does is not believed.
constexpr std::uint16_t max_nand_ids = 64;

namespace wait_for {
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
constexpr milliseconds before_jump{200};  // the vendor's legacy host always leaves this gap
constexpr seconds greeting{5};
constexpr seconds tail_probe{1};
constexpr milliseconds unearned_ack{100};
constexpr seconds status{10};
constexpr seconds status_with_calibration{30};
constexpr seconds calibration_dump{1};
constexpr seconds stage2_chunk{5};
constexpr seconds stage2_running{5};
constexpr seconds report{10};
constexpr seconds command{2};
constexpr seconds unknown_command{1};
constexpr seconds read_packet{10};
constexpr seconds write_packet{30};
constexpr minutes first_erase_progress{10};
constexpr seconds erase_progress{60};
constexpr seconds finish{3};
constexpr seconds new_usb_speed{20};
constexpr seconds sending{30};
}  // namespace wait_for

}  // namespace mtk::legacy
