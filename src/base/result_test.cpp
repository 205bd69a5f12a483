// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace mtk {

using ::testing::ElementsAre;

namespace {

Result<std::unique_ptr<int>> make(bool works) {
  if (!works) return fail(Errc::timeout, "phone silent for 5 s");
  return std::make_unique<int>(7);
}

Result<int> read_value(bool works) {
  MTK_TRY_LET(const auto value, make(works));
  return *value + 1;
}

Result<> check(bool works, int& steps) {
  MTK_TRY(make(works));
  ++steps;
  return {};
}

}  // namespace

TEST(Result, try_let_moves_the_value_out_or_hands_the_error_on) {
  EXPECT_EQ(read_value(true).value(), 8);
  EXPECT_EQ(read_value(false).error().code, Errc::timeout);
}

TEST(Result, try_stops_at_the_first_error) {
  int steps = 0;
  EXPECT_TRUE(check(true, steps));
  EXPECT_EQ(steps, 1);
  EXPECT_FALSE(check(false, steps));
  EXPECT_EQ(steps, 1);
}

TEST(Result, steps_are_kept_innermost_first_and_printed_outermost_first) {
  const auto result = in(in(make(false), "WRITE_DATA"), "write boot_a");
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().during, ElementsAre("WRITE_DATA", "write boot_a"));
  EXPECT_EQ(to_string(result.error()), "write boot_a: WRITE_DATA: timeout: phone silent for 5 s");
}

TEST(Result, the_stage_named_first_stays) {
  const auto result = at(Stage::write, at(Stage::da2, make(false)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().stage, Stage::da2);
  EXPECT_TRUE(at(Stage::write, make(true)));
}

TEST(Error, prints_the_word_of_the_phone) {
  const Error refused{.code = Errc::device_status,
                      .what = "refused",
                      .device_status = DeviceStatus{.kind = StatusKind::brom16, .code = 0x100c, .text = {}}};
  EXPECT_EQ(to_string(refused), "device status: refused (phone said 0x100c)");
}

TEST(Error, every_code_stage_and_status_kind_has_a_name) {
  EXPECT_EQ(to_string(Errc::timeout), "timeout");
  EXPECT_EQ(to_string(Errc::refused), "refused");
  EXPECT_EQ(to_string(Errc::internal), "internal");
  EXPECT_EQ(to_string(Stage::host), "host");
  EXPECT_EQ(to_string(Stage::da2), "da2");
  EXPECT_EQ(to_string(Stage::reboot), "reboot");
  EXPECT_EQ(to_string(StatusKind::brom16), "brom16");
  EXPECT_EQ(to_string(StatusKind::xml_text), "xml");
}

TEST(AssertDeathTest, a_broken_promise_of_ours_ends_the_program) {
  EXPECT_DEATH(MTK_ASSERT(1 + 1 == 3), "broken promise: 1 \\+ 1 == 3");
}

}  // namespace mtk
