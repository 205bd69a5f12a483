// SPDX-License-Identifier: Apache-2.0
#include "da/xml/commands.h"

#include <array>

namespace mtk::xml {
namespace {

template <std::size_t N, class E>
std::string_view word(const std::array<std::string_view, N>& words, E value) {
  return words.at(static_cast<std::size_t>(value));
}

constexpr std::string_view on_off(bool value) { return value ? "ON" : "OFF"; }

}  // namespace

void SetRuntimeParameter::encode(Arguments& arg) const {
  constexpr std::array<std::string_view, 4> levels{"NONE", "USB", "STORAGE", "USB-STORAGE"};
  constexpr std::array<std::string_view, 3> batteries{"YES", "NO", "AUTO-DETECT"};
  constexpr std::array<std::string_view, 5> logs{"TRACE", "DEBUG", "INFO", "WARN", "ERROR"};
  constexpr std::array<std::string_view, 2> channels{"UART", "USB"};
  constexpr std::array<std::string_view, 2> systems{"WINDOWS", "LINUX"};
  arg.text("checksum_level", word(levels, checksum_level))
      .text("battery_exist", word(batteries, battery))
      .text("da_log_level", word(logs, log_level))
      .text("log_channel", word(channels, log_channel))
      .text("system_os", word(systems, system))
      .advanced("initialize_dram", initialize_dram ? "YES" : "NO");
}

void SetBootMode::encode(Arguments& arg) const {
  arg.text("mode", mode);
  if (mode != meta) return;
  arg.text("connect_type", connect_type).text("mobile_log", on_off(mobile_log)).text("adb", on_off(adb));
}

}  // namespace mtk::xml
