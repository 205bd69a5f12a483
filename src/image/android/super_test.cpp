// SPDX-License-Identifier: Apache-2.0
#include "image/android/super.h"

#include "image/android/fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Bytes counting(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(i / 512 + i);
  return out;
}

const Bytes image =
    fixture::super_image({{"system_a", counting(8192)}, {"vendor_a", counting(512)}, {"odm_b", {}}});

TEST(Super, logical_partitions_are_listed_with_sizes_and_groups) {
  const SuperTable table = read_super(*memory_image(image)).value();
  ASSERT_EQ(table.partitions.size(), 3u);
  EXPECT_EQ(table.device_size, 1u << 30);
  EXPECT_EQ(table.partitions[0].name, "system_a");
  EXPECT_EQ(table.partitions[0].group, "main");
  EXPECT_EQ(table.partitions[0].size, 8192u);
  EXPECT_TRUE(table.partitions[0].read_only);
  EXPECT_EQ(table.partitions[2].size, 0u);
  EXPECT_THAT(table.warnings, IsEmpty());
  EXPECT_EQ(table.find("nothing"), nullptr);
}

TEST(Super, a_logical_partition_reads_as_one_though_it_lies_in_pieces) {
  const ImagePtr super = memory_image(image);
  const SuperTable table = read_super(*super).value();
  ASSERT_EQ(table.find("system_a")->extents.size(), 2u);
  const ImagePtr system = open_logical(super, *table.find("system_a")).value();
  EXPECT_EQ(read_all(*system, 8192).value(), counting(8192));
  Bytes across(100);
  ASSERT_TRUE(system->read_at(4050, across));
  const Bytes whole = counting(8192);
  EXPECT_EQ(across, Bytes(whole.begin() + 4050, whole.begin() + 4150));
  EXPECT_EQ(system->read_at(8192, across).error().code, Errc::out_of_range);
}

TEST(Super, a_damaged_table_is_read_from_its_copy_and_that_is_told) {
  Bytes damaged = image;
  damaged.at(4096) ^= std::byte{1};            // first geometry
  damaged.at(3 * 4096 + 200) ^= std::byte{1};  // tables of the first slot
  const SuperTable table = read_super(*memory_image(damaged)).value();
  EXPECT_EQ(table.partitions.size(), 3u);
  EXPECT_THAT(table.warnings, ElementsAre(HasSubstr("checksum is wrong")));
  damaged.at(3 * 4096 + 65536 + 200) ^= std::byte{1};
  EXPECT_EQ(read_super(*memory_image(damaged)).error().code, Errc::bad_image);
}

TEST(Super, a_cut_image_tells_which_partition_is_affected) {
  Bytes cut = image;
  cut.resize(cut.size() - 2000);
  const ImagePtr super = memory_image(cut);
  const SuperTable table = read_super(*super).value();
  EXPECT_THAT(table.warnings, ElementsAre("system_a reaches past the end of the image",
                                          "vendor_a reaches past the end of the image"));
  EXPECT_EQ(open_logical(super, *table.find("system_a")).error().code, Errc::out_of_range);
  cut.resize(5000);
  EXPECT_EQ(read_super(*memory_image(cut)).error().code, Errc::bad_image);
}

TEST(Super, no_flipped_bit_of_the_table_goes_unseen) {
  for (std::size_t at = 3 * 4096; at < 3 * 4096 + 128 + 52; ++at) {
    Bytes damaged = image;
    damaged.at(at) ^= std::byte{0x10};
    EXPECT_EQ(read_super(*memory_image(damaged)).value().warnings.size(), 1u) << at;
  }
}

}  // namespace
}  // namespace mtk
