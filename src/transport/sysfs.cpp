// SPDX-License-Identifier: Apache-2.0
#include "transport/sysfs.h"

#include <algorithm>
#include <charconv>
#include <fstream>

namespace mtk {
namespace {

namespace fs = std::filesystem;

std::optional<std::uint16_t> read_id(const fs::path& attribute) {
  std::ifstream file{attribute};
  std::string digits;
  std::uint16_t id = 0;
  if (!(file >> digits)) return std::nullopt;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), id, 16);
  if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  return id;
}

}  // namespace

std::optional<UsbTty> describe_usb_tty(const SystemRoots& roots, const std::string& name) {
  std::error_code error;
  // .../1-2/1-2.3/1-2.3:1.1[/ttyUSB0]: the interface; its parent is the USB device.
  fs::path interface = fs::canonical(roots.sys / "class/tty" / name / "device", error);
  if (error) return std::nullopt;
  if (interface.filename() == name) interface = interface.parent_path();
  const fs::path device = interface.parent_path();
  const auto vid = read_id(device / "idVendor");
  const auto pid = read_id(device / "idProduct");
  if (!vid || !pid) return std::nullopt;
  return UsbTty{name, *vid, *pid, device.filename().string(), interface.filename().string()};
}

std::vector<UsbTty> list_usb_ttys(const SystemRoots& roots) {
  std::vector<UsbTty> found;
  std::error_code error;
  for (fs::directory_iterator entry{roots.sys / "class/tty", error}, end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with("ttyACM") && !name.starts_with("ttyUSB")) continue;
    if (auto tty = describe_usb_tty(roots, name)) found.push_back(std::move(*tty));
  }
  std::ranges::sort(found, {}, &UsbTty::interface_name);
  return found;
}

std::optional<UsbTty> usb_tty_at(const SystemRoots& roots, const std::string& usb_path) {
  for (UsbTty& tty : list_usb_ttys(roots))
    if (tty.usb_path == usb_path) return std::move(tty);
  return std::nullopt;
}

}  // namespace mtk
