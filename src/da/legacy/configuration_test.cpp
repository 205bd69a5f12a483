// SPDX-License-Identifier: Apache-2.0
// gtest comes before rapidcheck's glue.
#include <gtest/gtest.h>

#include "da/legacy/configuration.h"
#include "da/legacy/testing.h"

#include <rapidcheck/gtest.h>

namespace mtk::legacy {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view eighteen = "T> FF FE 00 08 00 70 07 FF FF 00 00 00 00 00 01 01 02 00\n";
constexpr std::string_view tail = "T> 00 00 00 01 46 46 00*14 FF 00 00 00\n";
const ConfigTail slc{.kind = TailKind::tlc24};

TEST(LegacyConfiguration, is_18_bytes_with_a_name_each) {
  LinkBench phone{std::string{eighteen} + "D> 00 00 00 00\n"};
  const auto reply = send_configuration(phone.agent, {}, {}, 10s);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 0u);
  EXPECT_FALSE(reply->tail_was_sent);
}

TEST(LegacyConfiguration, tails_are_as_their_chips_want_them) {
  EXPECT_TRUE(tail_bytes({}).empty());
  EXPECT_EQ(tail_bytes({.kind = TailKind::zero4, .word = 0x00020000}), to_bytes({0, 2, 0, 0}));
  EXPECT_EQ(hex_compact(tail_bytes(slc)), "000000014646" + std::string(28, '0') + "ff000000");
  EXPECT_EQ(tail_bytes({.kind = TailKind::tlc28}).size(), 28u);
  EXPECT_EQ(hex_compact(tail_bytes({.kind = TailKind::tlc28})), "00000000" + hex_compact(tail_bytes(slc)));
}

TEST(LegacyConfiguration, keeps_the_tail_from_an_agent_that_answers_within_the_second) {
  LinkBench phone{std::string{eighteen} + "wait 900\n D> 00 00\n wait 500\n D> 0B C3\n"};
  const auto reply = send_configuration(phone.agent, {}, tail_bytes(slc), 10s);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 0xbc3u);
  EXPECT_FALSE(reply->tail_was_sent);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(LegacyConfiguration, sends_the_tail_after_a_second_of_silence) {
  LinkBench phone{std::string{eighteen} + "wait 1000\n" + std::string{tail} + "wait 3000\n D> 00 00 00 00\n"};
  const auto reply = send_configuration(phone.agent, {}, tail_bytes(slc), 10s);
  ASSERT_TRUE(reply) << phone.phone.state();
  EXPECT_TRUE(reply->tail_was_sent);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(LegacyConfiguration, an_unearned_ack_shows_that_the_tail_was_not_wanted) {
  LinkBench phone{"D> 5A\n"};
  EXPECT_EQ(settle_after_status(phone.agent, {.tail_was_sent = true}), TailTaken::no);
}

TEST(LegacyConfiguration, silence_after_the_status_is_how_it_should_be) {
  LinkBench phone{""};
  EXPECT_EQ(settle_after_status(phone.agent, {.tail_was_sent = true}), TailTaken::yes);
  EXPECT_EQ(settle_after_status(phone.agent, {.calibration_words = 5}), TailTaken::yes);
}

TEST(LegacyConfiguration, takes_the_words_of_an_agent_that_calibrated_memory) {
  LinkBench phone{"D> 00 00 00 03 1C 00 40 04 AA 08 00 33 00 00 00 13 00 00 00 10\n T> 80\n"};
  EXPECT_EQ(settle_after_status(phone.agent, {.tail_was_sent = true, .calibration_words = 5}),
            TailTaken::yes);
  EXPECT_TRUE(phone.agent.send(0x80));
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

RC_GTEST_PROP(LegacyConfiguration, decodes_what_it_encodes,
              (std::uint8_t brom, std::uint32_t access, std::uint32_t pool, std::uint8_t charge)) {
  Configuration sent;
  sent.brom_version = brom;
  sent.nand_access_control = access;
  sent.bmt_pool_size = pool;
  sent.force_charge = charge;
  const auto received = decode<Configuration>(encode(sent));
  RC_ASSERT(received.has_value());
  RC_ASSERT(received->brom_version == brom);
  RC_ASSERT(received->nand_access_control == access);
  RC_ASSERT(received->bmt_pool_size == pool);
  RC_ASSERT(received->force_charge == charge);
}

}  // namespace
}  // namespace mtk::legacy
