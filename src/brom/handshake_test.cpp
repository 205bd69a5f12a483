// SPDX-License-Identifier: Apache-2.0
#include "brom/handshake.h"

#include "brom/testing/bench.h"

#include <gtest/gtest.h>

namespace mtk::brom {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view answered = "T> A0\n D> 5F\n T> 0A\n D> F5\n T> 50\n D> AF\n T> 05\n D> FA\n";

TEST(Handshake, sends_four_bytes_one_at_a_time) {
  ScriptBench bench{answered};
  const auto outcome = shake_hands(bench.link, 5s);
  ASSERT_TRUE(outcome) << to_string(outcome.error());
  EXPECT_EQ(*outcome, Handshake::completed);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(Handshake, repeats_the_first_byte_that_a_preloader_swallows) {
  ScriptBench bench{"T> A0\n wait 15\n" + std::string{answered}};
  EXPECT_TRUE(shake_hands(bench.link, 5s));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(Handshake, sends_the_first_byte_before_it_reads_anything) {
  ScriptBench bench{answered};
  ASSERT_TRUE(shake_hands(bench.link, 5s));
  EXPECT_LE(bench.clock.now().time_since_epoch(), 25ms);  // only the closing silence took time
}

TEST(Handshake, drops_fragments_of_the_ready_beacon_wherever_they_come) {
  ScriptBench bench{
      "D> 41 44 59 52 45\n T> A0\n D> 41 44 59\n wait 5\n D> 52 45 41 44 59\n T> A0\n D> 52 5F\n T> 0A\n"
      "D> 45 41 F5\n T> 50\n D> AF\n T> 05\n D> FA 52 45 41 44 59\n"};
  EXPECT_TRUE(shake_hands(bench.link, 5s));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(Handshake, knows_that_an_echo_means_command_mode) {
  ScriptBench bench{"T> A0\n D> A0\n"};
  const auto outcome = shake_hands(bench.link, 5s);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(*outcome, Handshake::resumed);
}

TEST(Handshake, starts_over_after_a_wrong_answer) {
  ScriptBench bench{"T> A0\n D> 5F\n T> 0A\n D> 0B\n wait 20\n" + std::string{answered}};
  EXPECT_TRUE(shake_hands(bench.link, 5s));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(Handshake, starts_over_when_the_phone_falls_silent_half_way) {
  ScriptBench bench{"T> A0\n D> 5F\n T> 0A\n wait 120\n" + std::string{answered}};
  EXPECT_TRUE(shake_hands(bench.link, 5s));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(Handshake, recognises_a_legacy_agent_of_an_earlier_run) {
  ScriptBench bench{"T> A0\n D> C0 00 00 0B C0\n"};
  const auto outcome = shake_hands(bench.link, 5s);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::protocol);
  EXPECT_EQ(outcome.error().stage, Stage::connect);
}

TEST(Handshake, recognises_a_packet_agent_of_an_earlier_run) {
  ScriptBench bench{"T> A0\n D> EF EE EE FE 01 00 00 00 04 00 00 00\n"};
  const auto outcome = shake_hands(bench.link, 5s);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::protocol);
}

TEST(Handshake, sends_nothing_to_a_port_that_says_it_is_an_agent) {
  ScriptBench bench{""};
  bench.phone.set_identity(UsbIdentity::agent);
  const auto outcome = shake_hands(bench.link, 5s);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::protocol);
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(Handshake, ends_with_timeout_when_nobody_answers) {
  ScriptBench bench{"repeat 1000\n T> A0\n end\n"};
  const auto outcome = shake_hands(bench.link, 1s);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::timeout);
  EXPECT_EQ(outcome.error().stage, Stage::connect);
  EXPECT_EQ(outcome.error().during, std::vector<std::string>{"HANDSHAKE"});
  EXPECT_GE(bench.clock.now().time_since_epoch(), 1s);
  EXPECT_LE(bench.clock.now().time_since_epoch(), 1020ms);
}

TEST(Handshake, a_stop_ends_it_at_once) {
  ScriptBench bench{"repeat 1000\n T> A0\n end\n"};
  bench.stop.request_stop();
  const auto outcome = shake_hands(bench.link, Wait{1h, bench.stop.get_token()});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::cancelled);
  EXPECT_LE(bench.clock.now().time_since_epoch(), 20ms);
}

TEST(Handshake, says_when_the_phone_leaves) {
  ScriptBench bench{"T> A0\n D> 5F\n T> 0A\n gone\n"};
  const auto outcome = shake_hands(bench.link, 1s);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Errc::disconnected);
  EXPECT_EQ(outcome.error().stage, Stage::connect);
}

}  // namespace
}  // namespace mtk::brom
