// SPDX-License-Identifier: Apache-2.0
#include "chip/usb_ids.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {

TEST(UsbIds, tell_the_three_stages_apart) {
  EXPECT_EQ(find_usb_id(0x0e8d, 0x0003)->role, UsbRole::brom);
  EXPECT_EQ(find_usb_id(0x0e8d, 0x2000)->role, UsbRole::preloader);
  EXPECT_EQ(find_usb_id(0x0e8d, 0x2001)->role, UsbRole::agent);
}

TEST(UsbIds, know_other_makers_download_ports) {
  EXPECT_TRUE(is_download_port(find_usb_id(0x1004, 0x6000)->role));
  EXPECT_EQ(find_usb_id(0x22d9, 0x0006)->role, UsbRole::preloader);
  EXPECT_EQ(find_usb_id(0x0fce, 0xf200)->role, UsbRole::brom);
}

TEST(UsbIds, a_running_phone_is_no_download_port) {
  EXPECT_FALSE(is_download_port(find_usb_id(0x0e8d, 0x201c)->role));
  EXPECT_FALSE(is_download_port(find_usb_id(0x0e8d, 0x2008)->role));
  EXPECT_FALSE(is_download_port(find_usb_id(0x0e8d, 0x2007)->role));
}

TEST(UsbIds, strangers_are_not_taken_for_phones) {
  EXPECT_EQ(find_usb_id(0x0403, 0x6001), nullptr);
  EXPECT_EQ(find_usb_id(0x0e8d, 0x1806), nullptr);
}

TEST(UsbIds, every_listed_identity_finds_itself) {
  ASSERT_FALSE(usb_ids().empty());
  for (const UsbId& id : usb_ids()) EXPECT_EQ(find_usb_id(id.vendor, id.product), &id);
}

}  // namespace
}  // namespace mtk
