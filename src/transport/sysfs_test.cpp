// SPDX-License-Identifier: Apache-2.0
#include "transport/sysfs.h"

#include "transport/test_sysfs.h"

#include <gtest/gtest.h>

namespace mtk {

TEST(Sysfs, finds_the_usb_device_behind_both_kinds_of_port) {
  test::FakeSystem system;
  system.plug_in_with_tty("ttyACM0", "1-2.3", 0x0e8d, 0x2000);
  system.plug_in_with_tty("ttyUSB4", "1-4", 0x0403, 0x6001);
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
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 3);
  std::ofstream{system.device_at("1-2") / "idProduct"} << "12345\n";
  EXPECT_FALSE(describe_usb_tty(system.roots, "ttyACM0"));
  EXPECT_TRUE(list_usb_devices(system.roots).empty());
}

TEST(Sysfs, lists_devices_with_and_without_a_port) {
  test::FakeSystem system;
  system.plug_in_with_tty("ttyACM0", "1-2.3", 0x0e8d, 0x2000);
  system.plug_in("1-1", 0x18d1, 0x4ee7);
  std::filesystem::create_directories(system.roots.sys / "bus/usb/devices/usb1");
  std::filesystem::create_directories(system.roots.sys / "bus/usb/devices/1-1:1.0");
  const std::vector<UsbDevice> expected{{"1-1", 0x18d1, 0x4ee7, 2, ""},
                                        {"1-2.3", 0x0e8d, 0x2000, 1, "ttyACM0"}};
  EXPECT_EQ(list_usb_devices(system.roots), expected);
}

TEST(Sysfs, a_port_counts_once_its_node_is_there) {
  test::FakeSystem system;
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x2000);
  std::filesystem::remove(system.roots.dev / "ttyACM0");
  EXPECT_TRUE(list_usb_ttys(system.roots).empty());
}

TEST(Sysfs, a_place_yields_its_first_port) {
  test::FakeSystem system;
  system.plug_in("1-2", 0x0e8d, 0x6000);
  system.add_tty("ttyACM0", "1-2", 3);
  system.add_tty("ttyACM1", "1-2", 1);
  system.plug_in_with_tty("ttyACM2", "1-2.4", 0x0e8d, 0x0003);
  EXPECT_EQ(usb_tty_at(system.roots, "1-2")->name, "ttyACM1");
  EXPECT_EQ(usb_tty_at(system.roots, "1-2.4")->name, "ttyACM2");
  EXPECT_FALSE(usb_tty_at(system.roots, "1-3"));
}

TEST(Sysfs, a_place_yields_its_device_and_its_node) {
  test::FakeSystem system;
  system.plug_in("1-1", 0x18d1, 0x4ee7);
  system.plug_in("12-2.3", 0x0e8d, 0x0003);
  const auto device = usb_device_at(system.roots, "12-2.3");
  ASSERT_TRUE(device);
  EXPECT_EQ(*device, (UsbDevice{"12-2.3", 0x0e8d, 0x0003, 2, ""}));
  EXPECT_EQ(usb_node_of(system.roots, *device), system.roots.dev / "bus/usb/012/002");
  EXPECT_FALSE(usb_device_at(system.roots, "12-2"));
}

TEST(Sysfs, tells_a_data_port_by_its_class) {
  test::FakeSystem system;
  system.plug_in("1-2", 0x0e8d, 0x0003);
  const auto add_interface = [&](const std::string& name, const char* class_code) {
    std::filesystem::create_directories(system.device_at("1-2") / name);
    std::ofstream{system.device_at("1-2") / name / "bInterfaceClass"} << class_code << '\n';
  };
  add_interface("1-2:1.0", "02");
  EXPECT_FALSE(has_data_interface(system.roots, "1-2"));
  add_interface("1-2:1.1", "0a");
  EXPECT_TRUE(has_data_interface(system.roots, "1-2"));
  EXPECT_FALSE(has_data_interface(system.roots, "1-3"));
}

}  // namespace mtk
