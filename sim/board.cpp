// SPDX-License-Identifier: Apache-2.0
#include "sim/board.h"

#include <algorithm>

namespace mtk::sim {

namespace {
constexpr std::size_t register_limit = 4096;
constexpr std::uint32_t reset_offset = 0x14;
constexpr std::uint32_t reset_key = 0x1209;
constexpr std::uint32_t unlock_key = 0xad98;
constexpr std::uint32_t download_magic = 0x444c0000;
/// The last answer leaves the phone before the reset does.
constexpr milliseconds reset_delay{5};
}  // namespace

void Board::send(Bytes data) {
  if (data.empty()) return;
  const TimePoint at = std::max(now, busy_until_);
  queued += data.size();
  constexpr std::size_t small = 0x1000;
  if (!out.empty() && out.back().at == at && data.size() < small && out.back().data.size() < small) {
    out.back().data.insert(out.back().data.end(), data.begin(), data.end());
  } else {
    out.push_back({.at = at, .data = std::move(data)});
  }
}

void Board::take_time(Duration duration) { busy_until_ = std::max(now, busy_until_) + duration; }

void Board::take_card_time(std::uint64_t bytes) {
  if (model.storage.write_mib_s == 0) return;
  const auto per_second = static_cast<double>(model.storage.write_mib_s) * 1048576.0;
  take_time(std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(static_cast<double>(bytes) / per_second)));
}

void Board::leave(Exit where, Duration delay) {
  if (!leaving) leaving = Leaving{.where = where, .at = std::max(now, busy_until_) + delay};
}

std::uint32_t Board::read_register(std::uint32_t address) const {
  if (const auto found = registers_.find(address); found != registers_.end()) return found->second;
  for (const auto& [at, value] : model.chip.registers) {
    if (at == address) return value;
  }
  return 0;
}

void Board::write_register(std::uint32_t address, std::uint32_t value) {
  const auto& chip = model.chip;
  if (chip.rst_con != 0 && address == chip.rst_con && read_register(chip.misc_lock_key) != unlock_key) {
    log("register {:08X} is locked, the write is lost", address);
    return;
  }
  if (registers_.size() < register_limit || registers_.contains(address)) registers_[address] = value;
  if (address == chip.wdt + reset_offset && value == reset_key) {
    log("software reset");
    leave(Exit::reset, reset_delay);
  }
}

bool Board::take_download_flag() {
  const auto& chip = model.chip;
  if (chip.usbdl_flag == 0) return false;
  const std::uint32_t flag = read_register(chip.usbdl_flag);
  const bool kept = chip.rst_con == 0 || (read_register(chip.rst_con) & 1) != 0;
  registers_.clear();
  if ((flag & 0xffff0000) != download_magic || (flag & 1) == 0) return false;
  if (!kept) {
    log("the download flag does not survive the reset: RST_CON was not set");
    return false;
  }
  const std::uint32_t seconds = (flag >> 2) & 0x3fff;
  rom_window = seconds == 0x3fff ? milliseconds{0} : milliseconds{seconds * 1000};
  return true;
}

void Board::power_off() {
  registers_.clear();
  rom_window.reset();
  leaving.reset();
  out.clear();
  queued = 0;
  da1.clear();
  from_preloader = false;
  boot_mode = "normal";
  next_boot_mode = "normal";
  preloader_waits = false;
  agent = {};
  packets_written = 0;
  busy_until_ = {};
}

}  // namespace mtk::sim
