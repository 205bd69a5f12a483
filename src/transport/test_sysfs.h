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
    std::filesystem::create_directories(roots.dev / "bus/usb/001");
    std::filesystem::create_directories(roots.sys / "class/tty");
    std::filesystem::create_directories(roots.sys / "bus/usb/devices");
    std::filesystem::create_directories(roots.proc);
  }

  /// As the kernel does it: what /sys says first, then the node in /dev.
  void plug_in(const std::string& usb_path, unsigned vid, unsigned pid) {
    const auto device = device_at(usb_path);
    std::filesystem::create_directories(device);
    std::ofstream{device / "idVendor"} << fmt::format("{:04x}\n", vid);
    std::ofstream{device / "idProduct"} << fmt::format("{:04x}\n", pid);
    std::ofstream{device / "devnum"} << ++last_number_ << '\n';
    std::filesystem::create_symlink(device, roots.sys / "bus/usb/devices" / usb_path);
    std::ofstream{node_of(last_number_)};
  }
  void add_interface(const std::string& usb_path, const std::string& name, const InterfaceKind& kind) {
    const auto interface = device_at(usb_path) / name;
    std::filesystem::create_directories(interface);
    std::ofstream{interface / "bInterfaceClass"} << fmt::format("{:02x}\n", kind.class_code);
    std::ofstream{interface / "bInterfaceSubClass"} << fmt::format("{:02x}\n", kind.subclass);
    std::ofstream{interface / "bInterfaceProtocol"} << fmt::format("{:02x}\n", kind.protocol);
  }
  void add_tty(const std::string& tty, const std::string& usb_path, unsigned interface = 1) {
    auto port = device_at(usb_path) / fmt::format("{}:1.{}", usb_path, interface);
    if (tty.starts_with("ttyUSB")) port /= tty;  // that driver has a device per port
    const auto node = port / "tty" / tty;
    std::filesystem::create_directories(node);
    std::filesystem::create_symlink(port, node / "device");
    std::filesystem::create_symlink(node, roots.sys / "class/tty" / tty);
    std::ofstream{roots.dev / tty};
  }
  void plug_in_with_tty(const std::string& tty, const std::string& usb_path, unsigned vid, unsigned pid) {
    plug_in(usb_path, vid, pid);
    add_tty(tty, usb_path);
  }
  void unplug(const std::string& usb_path) {
    for (const auto& tty : std::filesystem::directory_iterator{roots.sys / "class/tty"}) {
      if (std::filesystem::canonical(tty).string().find("/" + usb_path + "/") == std::string::npos) continue;
      std::filesystem::remove(roots.dev / tty.path().filename());
      std::filesystem::remove(tty);
    }
    unsigned number = 0;
    std::ifstream{device_at(usb_path) / "devnum"} >> number;
    std::filesystem::remove(roots.sys / "bus/usb/devices" / usb_path);
    std::filesystem::remove_all(device_at(usb_path));
    std::filesystem::remove(node_of(number));
  }
  std::filesystem::path device_at(const std::string& usb_path) const {
    return roots.sys / "devices/pci0000:00/usb1" / usb_path;
  }

  TempFolder folder;
  SystemRoots roots{folder / "dev", folder / "sys", folder / "proc"};

 private:
  std::filesystem::path node_of(unsigned number) const {
    return roots.dev / "bus/usb/001" / fmt::format("{:03}", number);
  }
  unsigned last_number_ = 0;
};

}  // namespace mtk::test
