// SPDX-License-Identifier: Apache-2.0
// How much of an XML agent is believed, and how long it is waited for.
// Source: docs/protocol/da-xml.md#limits, #timing
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mtk::xml {

/// Agents send documents and tokens of at most 1 KiB.
constexpr std::size_t max_text = 0x4000;
/// The largest packet an agent names is 2 MiB.
constexpr std::size_t max_packet_size = 0x400000;
/// Replies are documents of some KiB: a partition table is the largest.
constexpr std::uint64_t max_reply = 0x100000;
/// Far more than any one command needs.
constexpr int max_services = 1024;
constexpr int max_progress_steps = 10000;
constexpr int max_empty_packets = 16;
/// Agents erase UFS in whole blocks of this size, rounding start and length down without a word.
constexpr std::uint32_t ufs_erase_block = 4096;

namespace wait_for {
using std::chrono::minutes;
using std::chrono::seconds;
constexpr seconds first_start{10};
constexpr seconds start{120};
constexpr seconds stage2{15};
constexpr seconds token{120};
constexpr seconds init_step{30};
constexpr minutes erase_step{10};
constexpr minutes whole_report{60};
constexpr seconds new_usb_speed{20};
}  // namespace wait_for

}  // namespace mtk::xml
