// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/testing.h"

#include <gtest/gtest.h>

namespace mtk::legacy {
namespace {

using namespace std::chrono_literals;

TEST(LegacyQueries, a_command_the_agent_does_not_know_costs_two_seconds_and_nothing_else) {
  AgentBench bench{"T> EF\n wait 2000\n T> 72\n D> 5A 01\n"};
  const auto id = bench.agent.project_id();
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().code, Errc::unsupported);
  EXPECT_EQ(id.error().during.front(), "PROJECT_ID");
  EXPECT_EQ(bench.clock.now().time_since_epoch(), 2s);
  EXPECT_EQ(bench.agent.usb_speed(), UsbSpeed::high);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyQueries, secure_usb_state_takes_no_argument) {
  AgentBench bench{"T> B4\n D> 00 00 17 99\n"};
  EXPECT_EQ(bench.agent.secure_usb_state(), 6041u);
}

TEST(LegacyQueries, bad_blocks_come_in_pairs_and_are_acknowledged) {
  AgentBench bench{"T> A3\n D> 5A 02 00 05 04 00 00 09 04 01\n T> 5A\n"};
  const auto blocks = bench.agent.bad_blocks();
  ASSERT_TRUE(blocks);
  ASSERT_EQ(blocks->size(), 2u);
  EXPECT_EQ((*blocks)[1].block, 9);
  EXPECT_EQ((*blocks)[1].mapped_to, 0x401);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyQueries, a_refused_bad_block_table_may_or_may_not_have_a_code) {
  AgentBench bare{"T> A3\n D> A5\n"};
  EXPECT_EQ(bare.agent.bad_blocks().error().code, Errc::unsupported);
  EXPECT_EQ(bare.agent.state(), AgentState::answering);
  AgentBench coded{"T> A3\n D> A5 00 00 04 10\n T> 72\n D> 5A 01\n"};
  EXPECT_EQ(coded.agent.bad_blocks().error().code, Errc::unsupported);
  EXPECT_TRUE(coded.agent.usb_speed());
}

TEST(LegacyQueries, writes_a_register) {
  AgentBench bench{"T> 7B 10 00 70 00 22 00 00 00\n D> 5A\n"};
  EXPECT_TRUE(bench.agent.write_register32(0x10007000, 0x22000000));
}

TEST(LegacyQueries, a_list_of_unbelievable_size_is_cancelled_in_step) {
  AgentBench bench{"T> A5\n D> 01 FF FF FF FF\n T> A5\n T> 72\n D> 5A 01\n"};
  EXPECT_EQ(bench.agent.read_pmt().error().code, Errc::protocol);
  EXPECT_TRUE(bench.agent.usb_speed());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyQueries, an_agent_without_a_list_says_so) {
  AgentBench bench{"T> A5\n D> A5 00 00 04 0D\n"};
  const auto list = bench.agent.read_pmt();
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().device_status->code, 1037u);
}

constexpr std::string_view look_at_block_1 =
    "H> 60\n D> 5A\n H> 08\n D> 5A\n H> D6 0C 02 00*6 02 00 00*6 02 00\n D> 5A\n H> 00 10 00 00\n";

TEST(LegacyQueries, never_asks_a_phone_with_a_gpt_for_its_list) {
  AgentBench bench{std::string{look_at_block_1} + "D> 45 46 49 20 50 41 52 54 00*504 02 2B\n H> 5A\n"};
  const auto list = bench.agent.partition_list(bench.op);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, Errc::refused);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyQueries, lists_the_partitions_of_a_phone_without_a_gpt) {
  AgentBench bench{std::string{look_at_block_1} +
                   "D> 00*514\n H> 5A\n T> A5\n D> 5A 00 00 00 58\n T> 5A\n"
                   "D> 6C 6B 00*62 00 00 50 00*5 00 00 10 00*5 08 00*7\n T> 5A\n"};
  const auto list = bench.agent.partition_list(bench.op);
  ASSERT_TRUE(list) << to_string(list.error());
  ASSERT_EQ(list->size(), 0x58u);
  EXPECT_EQ(printable_text(*list), "lk");
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyQueries, comes_back_at_high_speed) {
  AgentBench bench{"T> 70 01\n D> 5A\n leave\n T> 72\n D> 5A 01\n"};
  const auto raised = bench.agent.raise_usb_speed({});
  ASSERT_TRUE(raised) << to_string(raised.error());
  EXPECT_TRUE(bench.agent.facts().usb_high_speed);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyQueries, a_phone_that_does_not_come_back_is_lost) {
  AgentBench bench{"T> 70 01\n D> 5A\n gone\n"};
  const auto raised = bench.agent.raise_usb_speed({});
  ASSERT_FALSE(raised);
  EXPECT_EQ(raised.error().code, Errc::timeout);
  EXPECT_EQ(bench.agent.state(), AgentState::lost);
}

TEST(LegacyFinish, restarts_with_six_argument_bytes) {
  AgentBench bench{"T> DB 00 40 00 00 00 08\n D> 5A\n gone\n"};
  EXPECT_TRUE(bench.agent.finish(BootMode::normal, bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyFinish, a_restart_may_swallow_the_last_word) {
  AgentBench bench{"T> DB 00 40 00 00 00 08\n gone\n"};
  EXPECT_TRUE(bench.agent.finish(BootMode::normal, bench.op));
}

TEST(LegacyFinish, leaving_the_bus_may_swallow_the_last_word) {
  AgentBench bench{"T> D9\n D> 5A\n T> 00 00 00 00\n gone\n"};
  EXPECT_TRUE(bench.agent.finish(BootMode::off, bench.op));
}

TEST(LegacyFinish, a_silent_agent_is_an_error_at_stage_reboot) {
  AgentBench bench{"T> DB 00 40 00 00 00 08\n"};
  const auto finished = bench.agent.finish(BootMode::normal, bench.op);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, Errc::timeout);
  EXPECT_EQ(finished.error().stage, Stage::reboot);
}

TEST(LegacyFinish, an_agent_that_is_to_stay_hears_nothing) {
  AgentBench bench{""};
  EXPECT_TRUE(bench.agent.finish(BootMode::stay, bench.op));
  BytesSink sink;
  EXPECT_EQ(bench.agent.read({Area::user, 0, 512}, sink, "x", bench.op).error().code, Errc::disconnected);
}

}  // namespace
}  // namespace mtk::legacy
