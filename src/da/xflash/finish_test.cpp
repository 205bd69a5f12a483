// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/testing.h"

#include <gtest/gtest.h>

namespace mtk::xflash {
namespace {

using namespace std::chrono_literals;

std::string shutdown(std::string_view words) {
  return script({"T> 07 00 01 00\n", ok, "T> ", words, "\n", ok});
}

void expect_finish(BootMode next, std::string_view words, const XflashFacts& chip = {},
                   const AgentTuning& tuning = {}) {
  AgentBench bench{shutdown(words) + "gone\n", tuning, chip};
  const auto finished = bench.agent.finish(next, bench.op);
  EXPECT_TRUE(finished) << to_string(finished.error());
  EXPECT_EQ(bench.phone.fault(), "");
  EXPECT_EQ(bench.agent.state(), AgentState::lost);
}

TEST(XflashFinish, says_how_the_phone_starts_next) {
  expect_finish(BootMode::normal, "01 00*23");
  expect_finish(BootMode::fastboot, "01 00*11 02 00*11");
  expect_finish(BootMode::preloader, "01 00*15 01 00*7");
  expect_finish(BootMode::home, "01 00*11 01 00*11");
  expect_finish(BootMode::off, "00*24");
}

TEST(XflashFinish, meta_mode_is_a_setting_of_its_own_before_the_restart) {
  AgentBench bench{control_of("06 00 02 00") + "H> 01 02 00\n D> 00 00 00 00\n" + shutdown("01 00*23") +
                   "gone\n"};
  const auto finished = bench.agent.finish(BootMode::meta, bench.op);
  EXPECT_TRUE(finished) << to_string(finished.error());
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(XflashFinish, an_agent_without_meta_mode_is_not_restarted) {
  AgentBench bench{"H> 09 00 01 00\n D> 00 00 00 00\n H> 06 00 02 00\n D> 04 00 01 C0\n"};
  EXPECT_EQ(bench.agent.finish(BootMode::meta, bench.op).error().code, Errc::unsupported);
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(XflashFinish, newer_builds_take_two_words_more) {
  const XflashFacts newer{.shutdown_bytes = 32};
  expect_finish(BootMode::normal, "01 00*31", newer);
  expect_finish(BootMode::off, "00*32", newer);
}

TEST(XflashFinish, the_phone_may_keep_its_time) {
  expect_finish(BootMode::normal, "01 00*19 01 00*3", {}, {.keep_clock = true});
}

TEST(XflashFinish, a_good_status_is_no_proof_of_a_restart) {
  AgentBench bench{shutdown("01 00*23")};
  const auto finished = bench.agent.finish(BootMode::normal, bench.op);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, Errc::timeout);
  EXPECT_EQ(finished.error().stage, Stage::reboot);
  EXPECT_EQ(finished.error().during.front(), "SHUTDOWN");
  EXPECT_EQ(bench.clock.now().time_since_epoch(), 5s);
}

TEST(XflashFinish, an_agent_that_is_to_stay_hears_nothing) {
  AgentBench bench{""};
  EXPECT_TRUE(bench.agent.finish(BootMode::stay, bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
  EXPECT_EQ(bench.agent.state(), AgentState::lost);
}

TEST(XflashFinish, a_phone_that_is_switched_off_is_not_waited_for) {
  AgentBench bench{shutdown("00*24")};
  EXPECT_TRUE(bench.agent.finish(BootMode::off, bench.op));
  EXPECT_EQ(bench.clock.now().time_since_epoch(), 0s);
}

TEST(XflashFinish, a_restart_may_swallow_the_last_word) {
  AgentBench bench{script({"T> 07 00 01 00\n", ok, "T> 01 00*23\n gone\n"})};
  EXPECT_TRUE(bench.agent.finish(BootMode::normal, bench.op));
}

TEST(XflashFinish, is_the_last_command) {
  AgentBench bench{shutdown("00*24")};
  EXPECT_TRUE(bench.agent.finish(BootMode::off, bench.op));
  BytesSink sink;
  EXPECT_EQ(bench.agent.read({Area::user, 0, 512}, sink, "x", bench.op).error().code, Errc::disconnected);
}

TEST(XflashFinish, a_refusal_is_an_error) {
  AgentBench bench{"T> 07 00 01 00\n D> 03 00 01 C0\n"};
  EXPECT_EQ(bench.agent.finish(BootMode::normal, bench.op).error().code, Errc::unsupported);
}

}  // namespace
}  // namespace mtk::xflash
