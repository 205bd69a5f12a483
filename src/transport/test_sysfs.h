// SPDX-License-Identifier: Apache-2.0
// For tests: a /dev and a /sys in which phones are plugged in and pulled.
#pragma once

#include "transport/sysfs.h"
#include "transport/test_pty.h"

#include <fmt/format.h>

#include <fstream>

namespace mtk::test {

class FakeSystem {
 public:
  FakeSystem() {
    std::filesystem::create_directories(roots.dev);
    std::filesystem::create_directories(roots.sys / "class/tty");
  }

  /// As the kernel does it: the device in /sys first, then its node in /dev.
  void plug_in(const std::string& tty, const std::string& usb_path, unsigned vid, unsigned pid,
               unsigned interface = 1) {
    const auto device = roots.sys / "devices/pci0000:00/usb1" / usb_path;
    auto port = device / fmt::format("{}:1.{}", usb_path, interface);
    if (tty.starts_with("ttyUSB")) port /= tty;  // that driver has a device per port
    const auto node = port / "tty" / tty;
    std::filesystem::create_directories(node);
    std::ofstream{device / "idVendor"} << fmt::format("{:04x}\n", vid);
    std::ofstream{device / "idProduct"} << fmt::format("{:04x}\n", pid);
    std::filesystem::create_symlink(port, node / "device");
    std::filesystem::create_symlink(node, roots.sys / "class/tty" / tty);
    std::ofstream{roots.dev / tty};
  }
  void unplug(const std::string& tty, const std::string& usb_path) {
    std::filesystem::remove(roots.sys / "class/tty" / tty);
    std::filesystem::remove_all(roots.sys / "devices/pci0000:00/usb1" / usb_path);
    std::filesystem::remove(roots.dev / tty);
  }

  TempFolder folder;
  SystemRoots roots{folder / "dev", folder / "sys"};
};

}  // namespace mtk::test
