// SPDX-License-Identifier: Apache-2.0
#include "chip/usb_ids.h"

#include "chip/usb_id_table.h"

#include <algorithm>
#include <tuple>

namespace mtk {

std::span<const UsbId> usb_ids() { return chip_data::usb_ids; }

const UsbId* find_usb_id(std::uint16_t vendor, std::uint16_t product) {
  const auto key = [](const UsbId& id) { return std::tuple{id.vendor, id.product}; };
  const auto found = std::ranges::lower_bound(chip_data::usb_ids, std::tuple{vendor, product}, {}, key);
  return found != chip_data::usb_ids.end() && key(*found) == std::tuple{vendor, product} ? &*found : nullptr;
}

std::string_view to_string(UsbRole role) {
  constexpr std::array<std::string_view, 9> names{"brom",     "preloader", "agent", "vcom", "meta",
                                                  "fastboot", "recovery",  "adb",   "mtp"};
  return names.at(static_cast<std::size_t>(role));
}

}  // namespace mtk
