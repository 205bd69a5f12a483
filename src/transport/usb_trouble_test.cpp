// SPDX-License-Identifier: Apache-2.0
#include "transport/usb_trouble.h"

#include "transport/test_sysfs.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {

using namespace std::chrono_literals;
using Kind = UsbTrouble::Kind;
using Troubles = std::vector<UsbTrouble>;

TEST(KernelLine, tells_the_place_of_a_device_that_does_not_enumerate) {
  for (const char* line :
       {"3,812,66443311,-;usb 1-2: device descriptor read/64, error -71",
        "usb 1-2: device not accepting address 7, error -71",
        "usb 1-2: Device not responding to setup address.", "usb usb1-port2: unable to enumerate USB device",
        "usb usb1-port2: Cannot enable. Maybe the USB cable is bad?",
        "usb 1-2: can't set config #1, error -110"})
    EXPECT_EQ(parse_kernel_line(line), (UsbTrouble{Kind::not_described, "1-2", 1})) << line;
  EXPECT_EQ(parse_kernel_line("usb 1-2-port3: unable to enumerate USB device")->usb_path, "1-2.3");
  EXPECT_EQ(parse_kernel_line("usb 12-2.4: device descriptor read/all, error -32")->usb_path, "12-2.4");
  EXPECT_EQ(parse_kernel_line("usb usb2-port1: over-current condition"),
            (UsbTrouble{Kind::over_current, "2-1", 1}));
}

TEST(KernelLine, other_lines_are_none) {
  for (const char* line :
       {"", "usb ", "usb 1-2", "6,1,2,-;usb 1-2: new high-speed USB device number 7 using xhci_hcd",
        "6,1,2,-;usb 1-2: USB disconnect, device number 7",
        "usbcore: registered new interface driver cdc_acm",
        "usb ../../etc: device descriptor read/64, error -71",
        "usb usb1-port: unable to enumerate USB device", "usb -port3: unable to enumerate USB device",
        "cdc_acm 1-2:1.0: ttyACM0: USB ACM device"})
    EXPECT_FALSE(parse_kernel_line(line)) << line;
}

struct Trouble : testing::Test {
  test::FakeSystem system;
  FakeClock clock;

  void log(const std::string& text) { std::ofstream{system.roots.dev / "kmsg", std::ios::app} << text; }
  Troubles look(UsbTroubleWatch& watch) { return watch.look(clock.now(), list_usb_devices(system.roots)); }
  /// Port 2 of the first bus, in the state that the kernel gives it.
  void port(const std::string& attribute, const std::string& value) {
    const auto folder = system.roots.sys / "bus/usb/devices/1-0:1.0/usb1-port2";
    std::filesystem::create_directories(folder);
    std::ofstream{folder / attribute} << value << '\n';
  }
};

TEST_F(Trouble, counts_what_the_log_says_from_now_on) {
  log("3,1,2,-;usb 1-2: device descriptor read/64, error -71\n");
  UsbTroubleWatch watch{system.roots};
  EXPECT_EQ(look(watch), Troubles{});
  log("3,3,2,-;usb 1-2: device descriptor read/64, error -71\n3,4,2,-;usb 1-2: device descr");
  EXPECT_EQ(look(watch), (Troubles{{Kind::not_described, "1-2", 1}}));
  log("iptor read/64, error -71\n3,5,2,-;usb usb1-port2: unable to enumerate USB device\n");
  EXPECT_EQ(look(watch), (Troubles{{Kind::not_described, "1-2", 3}}));
  EXPECT_EQ(look(watch), Troubles{});
}

TEST_F(Trouble, a_device_that_makes_it_starts_anew) {
  log("");
  UsbTroubleWatch watch{system.roots};
  log("3,3,2,-;usb 1-2: device descriptor read/64, error -71\n");
  system.plug_in("1-2", 0x0e8d, 0x2000);
  EXPECT_EQ(look(watch), (Troubles{{Kind::not_described, "1-2", 1}}));
  system.unplug("1-2");
  log("3,4,2,-;usb 1-2: device descriptor read/64, error -71\n");
  EXPECT_EQ(look(watch), (Troubles{{Kind::not_described, "1-2", 1}}));
}

TEST_F(Trouble, a_port_that_is_neither_empty_nor_done_has_failed) {
  port("state", "not attached");
  UsbTroubleWatch watch{system.roots};
  const auto later = [&] {
    clock.advance(1s);
    return look(watch);
  };
  EXPECT_EQ(later(), Troubles{});
  port("state", "default");
  EXPECT_EQ(later(), Troubles{});
  EXPECT_EQ(later(), Troubles{});
  EXPECT_EQ(later(), (Troubles{{Kind::not_described, "1-2", 2}}));
  port("state", "configured");
  system.plug_in("1-2", 0x0e8d, 0x2000);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(later(), Troubles{});
}

TEST_F(Trouble, a_hub_that_works_for_nothing_is_told_where_nothing_else_tells) {
  const auto hub = system.roots.sys / "bus/usb/devices/usb1";
  std::filesystem::create_directories(hub);
  const auto requests = [&](int count) { std::ofstream{hub / "urbnum"} << count << '\n'; };
  requests(28);
  UsbTroubleWatch watch{system.roots};
  const auto later = [&] {
    clock.advance(1s);
    return look(watch);
  };
  EXPECT_EQ(later(), Troubles{});
  requests(41);  // as for a device that enumerates
  system.plug_in("1-2", 0x0e8d, 0x2000);
  EXPECT_EQ(later(), Troubles{});
  requests(49);
  system.unplug("1-2");
  EXPECT_EQ(later(), Troubles{});
  requests(70);
  EXPECT_EQ(later(), Troubles{});
  requests(87);
  EXPECT_EQ(later(), (Troubles{{Kind::bus_busy, "1", 1}}));
  EXPECT_EQ(later(), Troubles{});
}

TEST_F(Trouble, a_hub_with_something_to_do_now_and_then_is_none) {
  const auto hub = system.roots.sys / "bus/usb/devices/usb1";
  std::filesystem::create_directories(hub);
  UsbTroubleWatch watch{system.roots};
  for (int count = 0; count < 200; ++count) {
    if (count % 5 == 0) std::ofstream{hub / "urbnum"} << count << '\n';
    clock.advance(1s);
    EXPECT_EQ(look(watch), Troubles{});
  }
}

TEST_F(Trouble, a_port_switched_off_is_told_once) {
  port("over_current_count", "4");
  UsbTroubleWatch watch{system.roots};
  clock.advance(1s);
  EXPECT_EQ(look(watch), Troubles{});
  port("over_current_count", "5");
  clock.advance(1s);
  EXPECT_EQ(look(watch), (Troubles{{Kind::over_current, "1-2", 1}}));
  clock.advance(1s);
  EXPECT_EQ(look(watch), Troubles{});
}

TEST_F(Trouble, a_system_that_tells_nothing_is_none) {
  UsbTroubleWatch watch{system.roots};
  EXPECT_EQ(look(watch), Troubles{});
}

}  // namespace
}  // namespace mtk
