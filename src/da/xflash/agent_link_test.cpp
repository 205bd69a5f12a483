// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/testing.h"

#include <gtest/gtest.h>

namespace mtk::xflash {
namespace {

using namespace std::chrono_literals;

struct LinkBench : ScriptBench {
  explicit LinkBench(std::string_view conversation, const XflashFacts& chip = {})
      : ScriptBench(framed(conversation)), agent(link, chip) {}
  AgentLink agent;
};

TEST(XflashLink, a_known_question_has_two_statuses_before_and_one_after_its_answer) {
  LinkBench bench{script({control_of("05 00 04 00"), "D> 31 2E 30\n", ok})};
  EXPECT_EQ(bench.agent.get(control::da_version, bench.silent), to_bytes("1.0"));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XflashLink, an_unknown_question_ends_with_one_status) {
  LinkBench bench{script({"H> 09 00 01 00\n", ok, "H> 16 00 04 00\n D> 04 00 01 C0\n",
                          control_of("05 00 04 00"), "D> 31\n", ok})};
  const auto asked = bench.agent.get(control::sla_enabled, bench.silent);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, Errc::unsupported);
  EXPECT_EQ(asked.error().device_status->code, 0xc0010004u);
  EXPECT_EQ(asked.error().device_status->kind, StatusKind::xflash32);
  EXPECT_EQ(asked.error().during.front(), "SLA_ENABLED_STATUS");
  EXPECT_FALSE(bench.agent.lost());
  EXPECT_EQ(bench.agent.ask(control::da_version, bench.silent), to_bytes("1"));
}

TEST(XflashLink, an_answer_with_a_bad_result_is_no_answer) {
  LinkBench bench{script({control_of("0F 00 04 00"), "D> 00 00 00 00\n D> 01 00 04 C0\n"})};
  const auto asked = bench.agent.ask(control::battery_voltage, bench.silent);
  ASSERT_TRUE(asked);
  EXPECT_FALSE(*asked);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XflashLink, an_action_has_three_statuses) {
  LinkBench bench{script({control_of("01 00 08 00"), ok})};
  EXPECT_TRUE(bench.agent.act(control::start_downloads, bench.silent));
  LinkBench refused{script({control_of("01 00 08 00"), "D> 01 00 01 C0\n"})};
  const auto acted = refused.agent.act(control::start_downloads, refused.silent);
  ASSERT_FALSE(acted);
  EXPECT_EQ(acted.error().code, Errc::device_status);
  EXPECT_EQ(acted.error().during.front(), "START_DL_INFO");
}

TEST(XflashLink, a_result_may_be_the_answer) {
  LinkBench bench{script({control_of("0E 00 04 00"), "D> 03 00 04 40\n"})};
  EXPECT_EQ(bench.agent.result_of(control::otp_lock_status, bench.silent), status::otp_unlocked);
}

TEST(XflashLink, a_parameter_follows_the_second_status) {
  LinkBench bench{script({control_of("04 00 02 00"), "T> 68 00 00 00\n", ok})};
  EXPECT_TRUE(bench.agent.set(control::set_reset_key, 0x68, bench.silent));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XflashLink, messages_stand_between_any_two_packets) {
  constexpr std::string_view message = "D> raw EF EE EE FE 02 00 00 00 06 00 00 00 01 00 00 00 68 69\n";
  LinkBench bench{script({"H> 09 00 01 00\n", message, ok, message, "H> 05 00 04 00\n", message, ok, message,
                          "D> 31 2E 30\n", message, ok})};
  EXPECT_EQ(bench.agent.get(control::da_version, bench.silent), to_bytes("1.0"));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XflashLink, a_status_may_have_two_bytes_or_be_the_magic) {
  LinkBench bench{"D> 00 00\n D> EF EE EE FE\n D> 05 00\n"};
  EXPECT_TRUE(bench.agent.expect_ok(1s, bench.silent));
  EXPECT_TRUE(bench.agent.expect_ok(1s, bench.silent));
  EXPECT_EQ(bench.agent.expect_ok(1s, bench.silent).error().device_status->code, 5u);
  EXPECT_FALSE(bench.agent.lost());
}

TEST(XflashLink, a_status_of_another_length_is_out_of_step) {
  for (const std::string_view answer : {"D> 00\n", "D> 00 00 00\n", "D> 00*5\n"}) {
    LinkBench bench{answer};
    EXPECT_EQ(bench.agent.expect_ok(1s, bench.silent).error().code, Errc::protocol);
    EXPECT_TRUE(bench.agent.lost());
  }
}

TEST(XflashLink, an_acknowledgement_is_one_transfer_where_the_chip_wants_it) {
  LinkBench apart{"T> 00 00 00 00\n"};
  EXPECT_TRUE(apart.agent.acknowledge(0));
  EXPECT_TRUE(apart.phone.finished()) << apart.phone.state();
  LinkBench joined{"J> 00 00 00 00\n T> 01 00 00 00\n", {.joined_acks = true}};
  EXPECT_TRUE(joined.agent.acknowledge(0));
  EXPECT_TRUE(joined.agent.send_word(1));
  EXPECT_TRUE(joined.phone.finished()) << joined.phone.state();
}

TEST(XflashLink, a_silent_agent_is_lost) {
  LinkBench bench{"H> 09 00 01 00\n"};
  const auto asked = bench.agent.ask(control::da_version, bench.silent);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, Errc::timeout);
  EXPECT_TRUE(bench.agent.lost());
}

}  // namespace
}  // namespace mtk::xflash
