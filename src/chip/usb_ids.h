// SPDX-License-Identifier: Apache-2.0
// What a USB vendor and product id say about the phone behind them. The table is made from data/usb_ids.toml.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mtk {

enum class UsbRole : std::uint8_t {
  brom,
  preloader,
  agent,
  vcom,  ///< a download port that does not tell its stage
  meta,
  fastboot,
  recovery,
  adb,  ///< the phone runs, adb is on
  mtp   ///< the phone runs
};

struct UsbId {
  std::uint16_t vendor;
  std::uint16_t product;
  UsbRole role;
  std::string_view name;  ///< for people
};

/// Sorted by vendor and product.
std::span<const UsbId> usb_ids();
/// nullptr when the identity is not known.
const UsbId* find_usb_id(std::uint16_t vendor, std::uint16_t product);
/// Whether a phone in this role can be talked to for flashing.
constexpr bool is_download_port(UsbRole role) { return role <= UsbRole::vcom; }
std::string_view to_string(UsbRole role);

}  // namespace mtk
