// SPDX-License-Identifier: Apache-2.0
// For tests: a computer that is made up, with phones plugged in and a user of its own.
#pragma once

#include "session/doctor/computer.h"
#include "session/doctor/rule.h"
#include "transport/test_proc.h"

#include <fmt/ranges.h>

#include <set>

namespace mtk::doctor::test {

namespace fs = std::filesystem;

/// Boots with udev running, a rule of this version, an ordinary user in plugdev, and nothing plugged in.
class MadeUpComputer : public mtk::test::FakeSystem {
 public:
  MadeUpComputer() {
    computer = {.roots = roots,
                .root = folder.path(),
                .data = folder / "data",
                .user = {.uid = 1000, .name = "eve", .groups = {1000, 46}},
                .kernel = "6.1.0",
                .may_open = [this](const fs::path& node) { return openable.contains(node); },
                .run = [this](std::span<const std::string> words) -> Result<> {
                  ran.push_back(fmt::format("{}", fmt::join(words, " ")));
                  return run_result;
                }};
    write("run/udev/control", "");
    write("run/udev/data/c1:1", "");
    write("etc/group", "root:x:0:\nplugdev:x:46:\ndialout:x:20:\n");
    fs::create_directories(roots.sys / "bus/usb/drivers/cdc_acm");
    install(std::string{rule_text()});
  }

  /// Paths are relative to the computer's root.
  void write(const fs::path& file, std::string_view content) {
    const fs::path path = folder.path() / file;
    fs::create_directories(path.parent_path());
    std::ofstream{path} << content;
  }
  void install(std::string_view rule, const fs::path& where = "etc/udev/rules.d") {
    write(where / rule_name, rule);
  }
  void remove_rule() { fs::remove(folder.path() / "etc/udev/rules.d" / rule_name); }

  /// A preloader with its serial port at 1-2.3, behind a hub, as the kernel shows it.
  UsbDevice plug_in_phone(unsigned vid = 0x0e8d, unsigned pid = 0x2000) {
    plug_in_with_tty("ttyACM0", place, vid, pid);
    set("dev", "189:6");
    set("speed", "480");
    set("power/control", "on");
    set("power/autosuspend_delay_ms", "2000");
    write("run/udev/data/c189:6", "E:ID_MM_DEVICE_IGNORE=1\nG:uaccess\n");
    set_other("1-2", "speed", "480");
    const fs::path controller = device_at("1-2").parent_path().parent_path();
    fs::create_directories(roots.sys / "bus/pci/drivers/xhci_hcd");
    fs::create_directory_symlink(roots.sys / "bus/pci/drivers/xhci_hcd", controller / "driver");
    fs::create_directory_symlink(controller / "usb1", roots.sys / "bus/usb/devices/usb1");
    bind("cdc_acm");
    const UsbDevice phone = phones_of(computer).at(0);
    for (const fs::path& node : nodes_of(computer, phone)) openable.insert(node);
    return phone;
  }
  /// An attribute of the phone.
  void set(const fs::path& attribute, std::string_view value) { set_other(place, attribute, value); }
  void set_other(const std::string& usb_path, const fs::path& attribute, std::string_view value) {
    const fs::path device = device_at(usb_path);
    fs::create_directories((device / attribute).parent_path());
    std::ofstream{device / attribute} << value << '\n';
    const fs::path link = roots.sys / "bus/usb/devices" / usb_path;
    if (!fs::exists(link)) fs::create_directory_symlink(device, link);
  }
  /// Another driver serves the phone's data interface; empty: none.
  void bind(const std::string& driver) {
    const fs::path link = device_at(place) / (place + ":1.1") / "driver";
    fs::remove(link);
    if (driver.empty()) return;
    fs::create_directories(roots.sys / "bus/usb/drivers" / driver);
    fs::create_directory_symlink(roots.sys / "bus/usb/drivers" / driver, link);
  }

  Computer computer;
  std::set<fs::path> openable;
  std::vector<std::string> ran;
  Result<> run_result;
  const std::string place = "1-2.3";
};

}  // namespace mtk::doctor::test
