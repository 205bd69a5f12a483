// SPDX-License-Identifier: Apache-2.0
#include "da/xml/packet_sum.h"

#include <gtest/gtest.h>

namespace mtk::xml {
namespace {

TEST(XmlPacketSum, adds_words_and_single_bytes_at_the_end) {
  EXPECT_EQ(packet_sum({}), 0u);
  EXPECT_EQ(packet_sum(to_bytes({0x01, 0x02, 0x03, 0x04})), 0x04030201u);
  EXPECT_EQ(packet_sum(to_bytes({0x01, 0x02, 0x03, 0x04, 0x01, 0, 0, 0x80})), 0x84030202u);
}

TEST(XmlPacketSum, bytes_at_the_end_have_no_sign) {
  EXPECT_EQ(packet_sum(to_bytes({0xff, 0xfe, 0xfd})), 0xffu + 0xfeu + 0xfdu);
}

TEST(XmlPacketSum, wraps_at_32_bits) {
  EXPECT_EQ(packet_sum(to_bytes({0xff, 0xff, 0xff, 0xff, 0x02, 0, 0, 0, 0x01})), 2u);
}

}  // namespace
}  // namespace mtk::xml
