// SPDX-License-Identifier: Apache-2.0
// What Linux tells about USB devices and their serial ports. Reads /sys only; opens nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mtk {

/// Where to look; tests use folders of their own.
struct SystemRoots {
  std::filesystem::path dev = "/dev";
  std::filesystem::path sys = "/sys";
  std::filesystem::path proc = "/proc";
};

struct UsbTty {
  std::string name;  ///< `ttyACM0`
  std::uint16_t vid = 0;
  std::uint16_t pid = 0;
  std::string usb_path;        ///< `1-2.3`
  std::string interface_name;  ///< `1-2.3:1.1`
};

/// Any USB device, with the first of its serial ports where it has one.
struct UsbDevice {
  std::string usb_path;
  std::uint16_t vid = 0;
  std::uint16_t pid = 0;
  /// Given anew whenever a device enumerates.
  std::uint16_t number = 0;
  std::string tty;  ///< `ttyACM0`; empty when it has none, or no driver made one yet

  bool operator==(const UsbDevice&) const = default;
};

/// Nothing when there is no such port now, or it does not belong to a USB device.
std::optional<UsbTty> describe_usb_tty(const SystemRoots& roots, const std::string& name);
/// Every serial port of a USB device, by interface.
std::vector<UsbTty> list_usb_ttys(const SystemRoots& roots);
/// Every USB device but the hubs of the computer itself, by place.
std::vector<UsbDevice> list_usb_devices(const SystemRoots& roots);
/// The device plugged in at `usb_path`; its serial port is not looked for.
std::optional<UsbDevice> usb_device_at(const SystemRoots& roots, const std::string& usb_path);
/// Whether that device has an interface of class 0A, data of a communication device.
bool has_data_interface(const SystemRoots& roots, const std::string& usb_path);
/// Class, subclass and protocol of an interface: what a device says it can do, whatever its maker calls it.
struct InterfaceKind {
  std::uint8_t class_code = 0;
  std::uint8_t subclass = 0;
  std::uint8_t protocol = 0;

  bool operator==(const InterfaceKind&) const = default;
};
/// The interfaces of the device plugged in at `usb_path`; none while the system has not set it up.
std::vector<InterfaceKind> interfaces_at(const SystemRoots& roots, const std::string& usb_path);
/// `/dev/bus/usb/001/007`, behind which the device itself is opened.
std::filesystem::path usb_node_of(const SystemRoots& roots, const UsbDevice& device);
/// The first serial port of the device plugged in at `usb_path`.
std::optional<UsbTty> usb_tty_at(const SystemRoots& roots, const std::string& usb_path);

}  // namespace mtk
