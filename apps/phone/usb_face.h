// SPDX-License-Identifier: Apache-2.0
// What a phone shows of itself on USB: descriptors, and the answers of endpoint 0. Knows no carrier.
// Source: docs/protocol/brom.md, Preloader USB descriptors and Control requests.
#pragma once

#include "base/bytes.h"
#include "sim/phone.h"

#include <optional>

namespace mtk::phone {

namespace usb {
constexpr std::uint8_t bulk_out = 0x01;
constexpr std::uint8_t bulk_in = 0x81;
constexpr std::uint8_t event_in = 0x83;
constexpr std::uint8_t control_interface = 0;
constexpr std::uint8_t data_interface = 1;
constexpr std::uint16_t control_packet = 64;
constexpr std::uint16_t event_packet = 64;
constexpr std::uint8_t event_interval = 0x10;
}  // namespace usb

enum class UsbSpeed : std::uint8_t { full, high };

struct UsbSetup {
  std::uint8_t request_type;
  std::uint8_t request;
  std::uint16_t value;
  std::uint16_t index;
  std::uint16_t length;
};

/// One appearance on the bus.
class UsbFace {
 public:
  UsbFace(sim::Bus bus, sim::UsbId id) : bus_(bus), id_(id) {}

  sim::UsbId id() const { return id_; }
  /// A boot ROM knows full speed only.
  UsbSpeed speed() const { return bus_ == sim::Bus::brom ? UsbSpeed::full : UsbSpeed::high; }
  /// A phone that runs Android takes no part in the download protocol; all it shows is who it is.
  bool has_data_port() const { return bus_ != sim::Bus::android && bus_ != sim::Bus::dead; }
  std::uint16_t bulk_packet() const { return speed() == UsbSpeed::high ? 512 : 64; }

  /// The answer, empty where the request is only taken note of; nothing: refused (stall).
  std::optional<Bytes> control(const UsbSetup& setup);
  void configure(std::uint8_t configuration) { configuration_ = configuration; }
  std::uint8_t configuration() const { return configuration_; }
  /// Whether the host has set the line, which is how a phone sees that a tool is there.
  bool line_is_set() const { return line_is_set_; }

 private:
  std::optional<Bytes> descriptor(std::uint8_t kind, std::uint8_t index) const;
  Bytes device_descriptor() const;
  Bytes configuration_descriptor() const;
  std::optional<Bytes> string_descriptor(std::uint8_t index) const;

  sim::Bus bus_;
  sim::UsbId id_;
  std::uint8_t configuration_ = 0;
  bool line_is_set_ = false;
};

}  // namespace mtk::phone
