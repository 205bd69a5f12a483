// SPDX-License-Identifier: Apache-2.0
#include "usb_face.h"

#include <gtest/gtest.h>

namespace mtk::phone {
namespace {

constexpr UsbSetup get_device{0x80, 6, 0x0100, 0, 18};
constexpr UsbSetup get_configuration{0x80, 6, 0x0200, 0, 255};

TEST(UsbFace, a_preloader_describes_itself_as_real_ones_do) {
  UsbFace face{sim::Bus::preloader, {0x0e8d, 0x2000}};
  EXPECT_EQ(hex_compact(*face.control(get_device)),
            "1201000202000040"
            "8d0e00200001"
            "01020001");
  EXPECT_EQ(hex_compact(*face.control(get_configuration)),
            "0902"
            "4300"
            "020103c0fa"
            "0904010002"
            "0a000000"
            "07050102000200"
            "07058102000200"
            "090400000102020100"
            "0524001001"
            "0424020f"
            "0524060100"
            "0524010300"
            "07058303400010");
  EXPECT_EQ(face.control({0x80, 6, 0x0302, 0x0409, 6})->size(), 6u);
  EXPECT_EQ(hex_compact(*face.control({0x80, 6, 0x0301, 0x0409, 255})),
            "12034d006500640069006100540065006b00");
}

TEST(UsbFace, a_boot_rom_is_a_full_speed_device) {
  UsbFace face{sim::Bus::brom, {0x0e8d, 0x0003}};
  EXPECT_EQ(face.bulk_packet(), 64);
  const Bytes configuration = *face.control(get_configuration);
  EXPECT_EQ(std::to_integer<int>(configuration[9 + 9 + 4]), 64);
  EXPECT_FALSE(face.control({0x80, 6, 0x0600, 0, 10}));  // no qualifier: no other speed
}

TEST(UsbFace, a_running_phone_has_no_data_port) {
  UsbFace face{sim::Bus::android, {0x0e8d, 0x2008}};
  EXPECT_EQ(face.control(get_configuration)->size(), 18u);
  EXPECT_FALSE(face.control({0x21, 0x20, 0, 0, 7}));
}

TEST(UsbFace, a_dead_phone_does_not_even_say_what_it_is) {
  UsbFace face{sim::Bus::dead, {}};
  EXPECT_FALSE(face.control(get_device));
  EXPECT_FALSE(face.control({0x00, 9, 1, 0, 0}));
}

TEST(UsbFace, a_tool_is_seen_once_the_line_is_set) {
  UsbFace face{sim::Bus::preloader, {0x0e8d, 0x2000}};
  EXPECT_TRUE(face.control({0x21, 0x22, 3, 0, 0}));
  EXPECT_FALSE(face.line_is_set());
  EXPECT_TRUE(face.control({0x21, 0x20, 0, 0, 7}));
  EXPECT_TRUE(face.line_is_set());
  EXPECT_EQ(hex_compact(*face.control({0xa1, 0x21, 0, 0, 7})), "00100e00000008");
  EXPECT_FALSE(face.control({0x21, 0x77, 0, 0, 0}));
}

TEST(UsbFace, an_answer_is_no_longer_than_asked_for) {
  UsbFace face{sim::Bus::preloader, {0x0e8d, 0x2000}};
  EXPECT_EQ(face.control({0x80, 6, 0x0100, 0, 8})->size(), 8u);
  EXPECT_FALSE(face.control({0x80, 6, 0x0304, 0x0409, 255}));  // a fourth string
}

}  // namespace
}  // namespace mtk::phone
