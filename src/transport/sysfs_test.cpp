// SPDX-License-Identifier: Apache-2.0
#include "transport/sysfs.h"

#include "transport/test_sysfs.h"

#include <gtest/gtest.h>

namespace mtk {

TEST(Sysfs, finds_the_usb_device_behind_both_kinds_of_port) {
  test::FakeSystem system;
  system.plug_in("ttyACM0", "1-2.3", 0x0e8d, 0x2000);
  system.plug_in("ttyUSB4", "1-4", 0x0403, 0x6001);
  const auto acm = describe_usb_tty(system.roots, "ttyACM0");
  ASSERT_TRUE(acm);
  EXPECT_EQ(acm->vid, 0x0e8d);
  EXPECT_EQ(acm->pid, 0x2000);
  EXPECT_EQ(acm->usb_path, "1-2.3");
  const auto adapter = describe_usb_tty(system.roots, "ttyUSB4");
  ASSERT_TRUE(adapter);
  EXPECT_EQ(adapter->vid, 0x0403);
  EXPECT_EQ(adapter->usb_path, "1-4");
}

TEST(Sysfs, a_port_without_a_usb_device_is_none) {
  test::FakeSystem system;
  std::filesystem::create_directories(system.roots.sys / "class/tty/ttyACM1/device");
  EXPECT_FALSE(describe_usb_tty(system.roots, "ttyACM1"));
  EXPECT_FALSE(describe_usb_tty(system.roots, "ttyACM9"));
  EXPECT_TRUE(list_usb_ttys(system.roots).empty());
}

TEST(Sysfs, a_damaged_id_is_no_port) {
  test::FakeSystem system;
  system.plug_in("ttyACM0", "1-2", 0x0e8d, 3);
  std::ofstream{system.roots.sys / "devices/pci0000:00/usb1/1-2/idProduct"} << "12345\n";
  EXPECT_FALSE(describe_usb_tty(system.roots, "ttyACM0"));
}

TEST(Sysfs, a_place_yields_its_first_port) {
  test::FakeSystem system;
  system.plug_in("ttyACM0", "1-2", 0x0e8d, 0x6000, 3);
  system.plug_in("ttyACM1", "1-2", 0x0e8d, 0x6000, 1);
  system.plug_in("ttyACM2", "1-2.4", 0x0e8d, 0x0003, 0);
  EXPECT_EQ(usb_tty_at(system.roots, "1-2")->name, "ttyACM1");
  EXPECT_EQ(usb_tty_at(system.roots, "1-2.4")->name, "ttyACM2");
  EXPECT_FALSE(usb_tty_at(system.roots, "1-3"));
}

}  // namespace mtk
