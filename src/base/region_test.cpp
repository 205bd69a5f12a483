// SPDX-License-Identifier: Apache-2.0
#include <mtk/region.h>

#include <gtest/gtest.h>

namespace mtk {

TEST(Region, understands_every_spelling_of_an_area) {
  EXPECT_EQ(parse_area("EMMC_BOOT_1"), Area::boot1);
  EXPECT_EQ(parse_area("EMMC_BOOT1"), Area::boot1);
  EXPECT_EQ(parse_area("EMMC-USER"), Area::user);
  EXPECT_EQ(parse_area("user"), Area::user);
  EXPECT_EQ(parse_area("UFS_LU2"), Area::lu2);
  EXPECT_EQ(parse_area("UFS-LUA0"), Area::lu0);
  EXPECT_EQ(parse_area("EMMC_BOOT1_BOOT2"), std::nullopt);
  EXPECT_EQ(parse_area(""), std::nullopt);
}

TEST(Region, prints_place_and_length) {
  EXPECT_EQ(to_string(Region{Area::user, 0x1d80000, 0x180000}), "user+0x1d80000:0x180000");
}

}  // namespace mtk
