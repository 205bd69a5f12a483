// SPDX-License-Identifier: Apache-2.0
#include "usb_face.h"

#include <algorithm>
#include <array>

namespace mtk::phone {

namespace {

constexpr std::uint8_t device_kind = 1;
constexpr std::uint8_t configuration_kind = 2;
constexpr std::uint8_t string_kind = 3;
constexpr std::uint8_t interface_kind = 4;
constexpr std::uint8_t endpoint_kind = 5;
constexpr std::uint8_t qualifier_kind = 6;
constexpr std::uint8_t class_interface_kind = 0x24;

constexpr std::uint8_t class_communication = 0x02;
constexpr std::uint8_t class_data = 0x0a;
constexpr std::uint8_t class_vendor = 0xff;
constexpr std::uint16_t usb_2_0 = 0x0200;
constexpr std::uint16_t english = 0x0409;
/// The preloader's; what a boot ROM calls itself is not known, and it has none here.
constexpr std::array<std::string_view, 3> strings{"MediaTek", "MT65xx Preloader",
                                                  "USB CDC ACM for preloader"};

void endpoint(ByteWriter& out, std::uint8_t address, std::uint8_t attributes, std::uint16_t packet,
              std::uint8_t interval) {
  out.u8(7).u8(endpoint_kind).u8(address).u8(attributes).le(packet).u8(interval);
}

void interface(ByteWriter& out, std::uint8_t number, std::uint8_t endpoints, std::uint8_t class_code,
               std::uint8_t subclass, std::uint8_t protocol) {
  out.u8(9).u8(interface_kind).u8(number).u8(0).u8(endpoints).u8(class_code).u8(subclass).u8(protocol).u8(0);
}

/// Data first, numbered 1; in the union descriptor master and slave are exchanged. Real phones are so.
void data_port(ByteWriter& out, std::uint16_t bulk_packet) {
  interface(out, usb::data_interface, 2, class_data, 0, 0);
  endpoint(out, usb::bulk_out, 2, bulk_packet, 0);
  endpoint(out, usb::bulk_in, 2, bulk_packet, 0);
  interface(out, usb::control_interface, 1, class_communication, 2, 1);
  out.u8(5).u8(class_interface_kind).u8(0).le<std::uint16_t>(0x0110);
  out.u8(4).u8(class_interface_kind).u8(2).u8(0x0f);
  out.u8(5).u8(class_interface_kind).u8(6).u8(1).u8(0);
  out.u8(5).u8(class_interface_kind).u8(1).u8(3).u8(0);
  endpoint(out, usb::event_in, 3, usb::event_packet, usb::event_interval);
}

}  // namespace

Bytes UsbFace::device_descriptor() const {
  const bool named = bus_ == sim::Bus::preloader;
  ByteWriter out;
  out.u8(18).u8(device_kind).le(usb_2_0).u8(has_data_port() ? class_communication : 0).u8(0).u8(0);
  out.u8(usb::control_packet).le(id_.vendor).le(id_.product).le<std::uint16_t>(0x0100);
  out.u8(named ? 1 : 0).u8(named ? 2 : 0).u8(0).u8(1);  // no serial number: two phones differ by their place
  return std::move(out).take();
}

Bytes UsbFace::configuration_descriptor() const {
  ByteWriter body;
  if (has_data_port()) {
    data_port(body, bulk_packet());
  } else {
    interface(body, 0, 0, class_vendor, class_vendor, 0);
  }
  ByteWriter out;
  out.u8(9).u8(configuration_kind).le(static_cast<std::uint16_t>(9 + body.size()));
  out.u8(has_data_port() ? 2 : 1).u8(1).u8(bus_ == sim::Bus::preloader ? 3 : 0).u8(0xc0).u8(0xfa);
  out.bytes(body.view());
  return std::move(out).take();
}

std::optional<Bytes> UsbFace::string_descriptor(std::uint8_t index) const {
  if (bus_ != sim::Bus::preloader || index > strings.size()) return std::nullopt;
  ByteWriter text;
  if (index == 0) {
    text.le(english);
  } else {
    for (const char c : strings[index - 1U]) text.le(static_cast<std::uint16_t>(c));  // UTF-16
  }
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(2 + text.size())).u8(string_kind).bytes(text.view());
  return std::move(out).take();
}

std::optional<Bytes> UsbFace::descriptor(std::uint8_t kind, std::uint8_t index) const {
  switch (kind) {
    case device_kind:
      return device_descriptor();
    case configuration_kind:
      return index == 0 ? std::optional{configuration_descriptor()} : std::nullopt;
    case string_kind:
      return string_descriptor(index);
    case qualifier_kind: {
      if (speed() == UsbSpeed::full) return std::nullopt;  // there is no other speed
      ByteWriter out;
      out.u8(10).u8(qualifier_kind).le(usb_2_0).u8(class_communication).u8(0).u8(0);
      out.u8(usb::control_packet).u8(1).u8(0);
      return std::move(out).take();
    }
    default:
      return std::nullopt;
  }
}

std::optional<Bytes> UsbFace::control(const UsbSetup& setup) {
  const auto answer = [&](Bytes bytes) {
    bytes.resize(std::min<std::size_t>(bytes.size(), setup.length));
    return bytes;
  };
  constexpr auto both = [](std::uint8_t type, std::uint8_t request) { return type << 8 | request; };
  if (bus_ == sim::Bus::dead) return std::nullopt;
  switch (both(setup.request_type, setup.request)) {
    case 0x8006: {  // GET_DESCRIPTOR
      const auto found =
          descriptor(static_cast<std::uint8_t>(setup.value >> 8), static_cast<std::uint8_t>(setup.value));
      return found ? std::optional{answer(*found)} : std::nullopt;
    }
    case 0x8000:  // GET_STATUS of device, interface, endpoint
    case 0x8100:
    case 0x8200:
      return answer(to_bytes({0, 0}));
    case 0x8008:  // GET_CONFIGURATION
      return answer(to_bytes({configuration_}));
    case 0x0009:  // SET_CONFIGURATION
      configure(static_cast<std::uint8_t>(setup.value));
      return Bytes{};
    case 0x810a:  // GET_INTERFACE
      return answer(to_bytes({0}));
    case 0x010b:  // SET_INTERFACE
    case 0x0001:  // CLEAR_FEATURE of device, interface, endpoint
    case 0x0101:
    case 0x0201:
    case 0x0003:  // SET_FEATURE
      return Bytes{};
    default:
      break;
  }
  if (!has_data_port()) return std::nullopt;
  switch (both(setup.request_type, setup.request)) {
    case 0x2120:  // SET_LINE_CODING; what it says does not matter
    case 0x2020:  // a host of the wild sends it to the device, without data
      line_is_set_ = true;
      return Bytes{};
    case 0xa121:  // GET_LINE_CODING: 921600, 1 stop bit, no parity, 8 bits
      return answer(to_bytes({0x00, 0x10, 0x0e, 0, 0, 0, 8}));
    case 0x2122:  // SET_CONTROL_LINE_STATE
    case 0x2123:  // SEND_BREAK
      return Bytes{};
    default:
      return std::nullopt;
  }
}

}  // namespace mtk::phone
