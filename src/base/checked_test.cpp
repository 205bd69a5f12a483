// SPDX-License-Identifier: Apache-2.0
#include "base/checked.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mtk {

namespace {
constexpr std::uint64_t top = std::numeric_limits<std::uint64_t>::max();
}

TEST(Checked, sums_and_products_fit_or_are_errors) {
  EXPECT_EQ(checked_add(top - 1, 1).value(), top);
  EXPECT_EQ(checked_add(top, 1).error().code, Errc::out_of_range);
  EXPECT_EQ(checked_multiply(1ULL << 32, (1ULL << 32) - 1).value(), top - (1ULL << 32) + 1);
  EXPECT_EQ(checked_multiply(1ULL << 32, 1ULL << 32).error().code, Errc::out_of_range);
  EXPECT_EQ(checked_multiply(0, top).value(), 0u);
  EXPECT_EQ(checked_multiply(top, 0).value(), 0u);
}

TEST(Checked, a_range_fits_up_to_the_last_byte) {
  EXPECT_TRUE(fits(0, 0, 0));
  EXPECT_TRUE(fits(512, 512, 1024));
  EXPECT_TRUE(fits(1024, 0, 1024));
  EXPECT_FALSE(fits(512, 513, 1024));
  EXPECT_FALSE(fits(1025, 0, 1024));
}

TEST(Checked, a_range_that_wraps_around_does_not_fit) {
  EXPECT_FALSE(fits(1, top, top));
  EXPECT_FALSE(fits(top, top, top));
}

TEST(Checked, rounds_up_to_the_unit) {
  EXPECT_EQ(round_up(0, 512).value(), 0u);
  EXPECT_EQ(round_up(1, 512).value(), 512u);
  EXPECT_EQ(round_up(512, 512).value(), 512u);
  EXPECT_EQ(round_up(513, 512).value(), 1024u);
  EXPECT_EQ(round_up(7, 1).value(), 7u);
  EXPECT_EQ(round_up(top, 512).error().code, Errc::out_of_range);
}

RC_GTEST_PROP(Checked, rounding_up_gives_the_next_multiple, (std::uint32_t value)) {
  const auto unit = *rc::gen::inRange<std::uint64_t>(1, 1U << 20);
  const std::uint64_t rounded = round_up(value, unit).value();
  RC_ASSERT(rounded % unit == 0u);
  RC_ASSERT(rounded >= value);
  RC_ASSERT(rounded - value < unit);
}

}  // namespace mtk
