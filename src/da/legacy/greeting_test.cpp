// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/greeting.h"

#include "da/first_word.h"
#include "da/legacy/testing.h"

#include <gtest/gtest.h>

namespace mtk::legacy {
namespace {

struct GreetingBench : LinkBench {
  using LinkBench::LinkBench;
  Result<Greeting> greeting() { return read_greeting(agent, first_word::patience, op); }
};

std::string greeting_with(std::string_view nand_status, std::string_view ids) {
  return "D> C0 " + std::string{nand_status} + " " + std::string{ids} +
         " 00 00 00 00 15 01 00 4F 52 41 43 4C 45 01 12 34 56 78 A5 01\n T> 5A\n D> 04 02 94\n";
}

TEST(LegacyGreeting, tells_storage_version_and_numbering) {
  GreetingBench phone{greeting_with("00 00 0B C4", "00 05 00*10")};
  const auto greeting = phone.greeting();
  ASSERT_TRUE(greeting) << to_string(greeting.error());
  EXPECT_EQ(greeting->flash.nand_ids.size(), 5u);
  EXPECT_EQ(greeting->flash.emmc_status, 0u);
  EXPECT_EQ(hex_compact(greeting->flash.emmc_id), "1501004f5241434c450112345678a501");
  EXPECT_EQ(greeting->version_major, 4);
  EXPECT_EQ(greeting->chip_id, 0x94);
  EXPECT_EQ(phone.agent.numbering(), StatusKind::legacy_v5);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(LegacyGreeting, the_nand_word_names_the_error_numbering) {
  EXPECT_EQ(numbering_of(0x0bc0), StatusKind::legacy_v3);
  EXPECT_EQ(numbering_of(0x0bc4), StatusKind::legacy_v5);
  EXPECT_EQ(numbering_of(0), StatusKind::legacy32);
  EXPECT_EQ(numbering_of(0x0bc3), StatusKind::legacy32);
}

TEST(LegacyGreeting, takes_no_nand_ids_at_all) {
  GreetingBench phone{greeting_with("00 00 0B C0", "00 00")};
  const auto greeting = phone.greeting();
  ASSERT_TRUE(greeting) << to_string(greeting.error());
  EXPECT_TRUE(greeting->flash.nand_ids.empty());
}

TEST(LegacyGreeting, does_not_believe_thousands_of_nand_ids) {
  GreetingBench phone{"D> C0 00 00 0B C0 FF FF\n"};
  const auto greeting = phone.greeting();
  ASSERT_FALSE(greeting);
  EXPECT_EQ(greeting.error().code, Errc::protocol);
  EXPECT_TRUE(phone.agent.lost());
}

TEST(LegacyGreeting, names_an_agent_of_the_feature_phone_kind) {
  GreetingBench phone{"D> C0 03 02 83\n"};
  const auto greeting = phone.greeting();
  ASSERT_FALSE(greeting);
  EXPECT_EQ(greeting.error().code, Errc::unsupported);
}

TEST(LegacyGreeting, names_an_agent_of_another_family) {
  GreetingBench phone{"D> EF EE EE FE\n"};
  EXPECT_EQ(phone.greeting().error().code, Errc::protocol);
}

TEST(LegacyGreeting, a_silent_agent_ends_in_timeout) {
  GreetingBench phone{""};
  const auto greeting = phone.greeting();
  ASSERT_FALSE(greeting);
  EXPECT_EQ(greeting.error().code, Errc::timeout);
  EXPECT_EQ(greeting.error().during.front(), "GREETING");
}

}  // namespace
}  // namespace mtk::legacy
