// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/testing.h"

#include <gtest/gtest.h>

namespace mtk::legacy {
namespace {

// 32 MiB at 16 MiB of USER.
constexpr std::string_view format =
    "H> 60\n D> 5A\n H> 08\n D> 5A\n"
    "T> D4 02 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 02 00 00 00\n";
constexpr Region place{Area::user, 0x1000000, 0x2000000};

TEST(LegacyErase, takes_both_acknowledgements_at_the_end) {
  AgentBench bench{std::string{format} + "D> 5A 5A 00 00 00 00 64\n T> 5A\n D> 5A 5A\n H> 72\n D> 5A 01\n"};
  const auto erased = bench.agent.erase(place, "userdata", bench.op);
  ASSERT_TRUE(erased) << to_string(erased.error());
  EXPECT_TRUE(bench.agent.usb_speed());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyErase, acknowledges_progress_in_either_numbering) {
  AgentBench bench{
      std::string{format} +
      "D> 5A 5A 00 00 0B CD 10\n T> 5A\n wait 50000\n D> 00 00 0B D1 20\n T> 5A\n D> 00 00 00 00 64\n"
      "T> 5A\n D> 5A 5A\n"};
  EXPECT_TRUE(bench.agent.erase(place, "userdata", bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyErase, waits_minutes_for_the_first_progress) {
  AgentBench bench{std::string{format} + "D> 5A 5A\n wait 599000\n D> 00 00 00 00 64\n T> 5A\n D> 5A 5A\n"};
  EXPECT_TRUE(bench.agent.erase(place, "userdata", bench.op));
}

TEST(LegacyErase, a_refused_start_closes_with_one_more_ack) {
  AgentBench bench{std::string{format} + "D> A5 00 00 0B D8 5A\n H> 72\n D> 5A 01\n"};
  const auto erased = bench.agent.erase(place, "userdata", bench.op);
  ASSERT_FALSE(erased);
  EXPECT_EQ(erased.error().code, Errc::device_status);
  EXPECT_EQ(erased.error().device_status->code, 0xbd8u);
  EXPECT_EQ(erased.error().stage, Stage::erase);
  EXPECT_TRUE(bench.agent.usb_speed());
}

TEST(LegacyErase, a_refused_range_closes_with_one_more_ack) {
  AgentBench bench{std::string{format} + "D> 5A A5 00 00 0B DC 5A\n H> 72\n D> 5A 01\n"};
  const auto erased = bench.agent.erase(place, "userdata", bench.op);
  ASSERT_FALSE(erased);
  EXPECT_EQ(erased.error().device_status->code, 0xbdcu);
  EXPECT_TRUE(bench.agent.usb_speed());
}

TEST(LegacyErase, an_error_half_way_leaves_an_agent_that_proves_it_answers) {
  AgentBench bench{std::string{format} +
                   "D> 5A 5A 00 00 0B CF 00 00 00 00 01 00 00 00 A5\n H> 72\n D> 5A 01\n"};
  const auto erased = bench.agent.erase(place, "userdata", bench.op);
  ASSERT_FALSE(erased);
  EXPECT_EQ(erased.error().device_status->code, 0xbcfu);
  EXPECT_EQ(bench.agent.state(), AgentState::answering);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyErase, an_agent_silent_after_an_error_is_lost) {
  AgentBench bench{std::string{format} + "D> 5A 5A 00 00 0B CF\n H> 72\n"};
  ASSERT_FALSE(bench.agent.erase(place, "userdata", bench.op));
  EXPECT_EQ(bench.agent.state(), AgentState::lost);
}

TEST(LegacyErase, works_on_whole_blocks_only) {
  AgentBench bench{""};
  EXPECT_EQ(bench.agent.erase({Area::user, 256, 512}, "x", bench.op).error().code, Errc::out_of_range);
  EXPECT_EQ(bench.agent.erase({Area::user, 512, 100}, "x", bench.op).error().code, Errc::out_of_range);
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(LegacyErase, endless_progress_is_not_followed_for_ever) {
  AgentBench bench{std::string{format} + "D> 5A 5A\n repeat 10001\n D> 00 00 0B CD 10\n H> 5A\n end\n"};
  const auto erased = bench.agent.erase(place, "userdata", bench.op);
  ASSERT_FALSE(erased);
  EXPECT_EQ(erased.error().code, Errc::protocol);
}

}  // namespace
}  // namespace mtk::legacy
