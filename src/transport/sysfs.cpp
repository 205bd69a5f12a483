// SPDX-License-Identifier: Apache-2.0
#include "transport/sysfs.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>

namespace mtk {
namespace {

namespace fs = std::filesystem;

constexpr auto devices_folder = "bus/usb/devices";

std::optional<std::uint16_t> read_number(const fs::path& attribute, int base) {
  std::ifstream file{attribute};
  std::string digits;
  std::uint16_t number = 0;
  if (!(file >> digits)) return std::nullopt;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// Names in a folder; none when it cannot be read.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  return names;
}

}  // namespace

std::optional<UsbTty> describe_usb_tty(const SystemRoots& roots, const std::string& name) {
  std::error_code error;
  // .../1-2/1-2.3/1-2.3:1.1[/ttyUSB0]: the interface; its parent is the USB device.
  fs::path interface = fs::canonical(roots.sys / "class/tty" / name / "device", error);
  if (error) return std::nullopt;
  if (interface.filename() == name) interface = interface.parent_path();
  const fs::path device = interface.parent_path();
  const auto vid = read_number(device / "idVendor", 16);
  const auto pid = read_number(device / "idProduct", 16);
  if (!vid || !pid) return std::nullopt;
  return UsbTty{name, *vid, *pid, device.filename().string(), interface.filename().string()};
}

std::vector<UsbTty> list_usb_ttys(const SystemRoots& roots) {
  std::vector<UsbTty> found;
  std::error_code unknown;
  for (const std::string& name : names_in(roots.sys / "class/tty")) {
    if (!name.starts_with("ttyACM") && !name.starts_with("ttyUSB")) continue;
    if (!fs::exists(roots.dev / name, unknown)) continue;
    if (auto tty = describe_usb_tty(roots, name)) found.push_back(std::move(*tty));
  }
  std::ranges::sort(found, {}, &UsbTty::interface_name);
  return found;
}

std::optional<UsbDevice> usb_device_at(const SystemRoots& roots, const std::string& usb_path) {
  const fs::path device = roots.sys / devices_folder / usb_path;
  const auto vid = read_number(device / "idVendor", 16);
  const auto pid = read_number(device / "idProduct", 16);
  const auto number = read_number(device / "devnum", 10);
  if (!vid || !pid || !number) return std::nullopt;
  return UsbDevice{usb_path, *vid, *pid, *number, ""};
}

std::vector<UsbDevice> list_usb_devices(const SystemRoots& roots) {
  const std::vector<UsbTty> ttys = list_usb_ttys(roots);
  std::vector<UsbDevice> found;
  for (const std::string& name : names_in(roots.sys / devices_folder)) {
    if (name.starts_with("usb") || name.find(':') != std::string::npos) continue;  // root hubs, interfaces
    auto device = usb_device_at(roots, name);
    if (!device) continue;
    const auto tty = std::ranges::find(ttys, name, &UsbTty::usb_path);
    if (tty != ttys.end()) device->tty = tty->name;
    found.push_back(std::move(*device));
  }
  std::ranges::sort(found, {}, &UsbDevice::usb_path);
  return found;
}

bool has_data_interface(const SystemRoots& roots, const std::string& usb_path) {
  constexpr std::uint16_t class_data = 0x0a;
  const fs::path device = roots.sys / devices_folder / usb_path;
  return std::ranges::any_of(names_in(device), [&](const std::string& name) {
    return name.starts_with(usb_path + ":") &&
           read_number(device / name / "bInterfaceClass", 16) == class_data;
  });
}

std::vector<InterfaceKind> interfaces_at(const SystemRoots& roots, const std::string& usb_path) {
  const fs::path device = roots.sys / devices_folder / usb_path;
  std::vector<InterfaceKind> found;
  for (const std::string& name : names_in(device)) {
    if (!name.starts_with(usb_path + ":")) continue;
    const auto byte = [&](const char* attribute) {
      return static_cast<std::uint8_t>(read_number(device / name / attribute, 16).value_or(0));
    };
    found.push_back({byte("bInterfaceClass"), byte("bInterfaceSubClass"), byte("bInterfaceProtocol")});
  }
  return found;
}

fs::path usb_node_of(const SystemRoots& roots, const UsbDevice& device) {
  unsigned bus = 0;  // the number before the dash
  std::from_chars(device.usb_path.data(), device.usb_path.data() + device.usb_path.size(), bus);
  return roots.dev / "bus/usb" / fmt::format("{:03}", bus) / fmt::format("{:03}", device.number);
}

std::optional<UsbTty> usb_tty_at(const SystemRoots& roots, const std::string& usb_path) {
  for (UsbTty& tty : list_usb_ttys(roots))
    if (tty.usb_path == usb_path) return std::move(tty);
  return std::nullopt;
}

}  // namespace mtk
