// SPDX-License-Identifier: Apache-2.0
// How a phone goes on when its agent is left. Part of the public API.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mtk {

/// Not every agent has every way: what it lacks is refused as unsupported.
enum class BootMode : std::uint8_t {
  normal,     ///< restarts as after the power key
  off,        ///< leaves the bus and stays off
  stay,       ///< nothing: the agent goes on running, for the next run
  fastboot,   ///< restarts into fastboot
  preloader,  ///< restarts and waits in download mode without a time limit
  meta,       ///< restarts into META mode, which service tools speak to
  home        ///< restarts up to the home screen, also where a cable would make it charge only
};

/// In the order of the enumeration, as the command line and JSON spell them.
inline constexpr std::array<std::string_view, 7> boot_mode_words{"normal",    "off",  "stay", "fastboot",
                                                                 "preloader", "meta", "home"};
std::string_view to_string(BootMode mode);
std::optional<BootMode> parse_boot_mode(std::string_view word);

}  // namespace mtk
