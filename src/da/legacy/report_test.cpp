// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/report.h"

#include "da/legacy/facts.h"
#include "da/legacy/testing.h"

#include <gtest/gtest.h>

namespace mtk::legacy {
namespace {

constexpr std::string_view nor = "D> 00 00 0B C3 00 08 FF FF 00 00 00 00 00*8 00 00 00 00 00 00 00 00\n";
constexpr std::string_view nand_of_seven_ids = "D> 00 00 0B C4 00 FF FF 00*8 00 07 00*14 00*9\n";
constexpr std::string_view emmc =
    "D> 00 00 00 00 00*5 40 00 00 00*5 40 00 00 00*5 40 00 00 00*32 00*4 04 00 00 00\n"
    "D> 4F 00 01 15 4C 43 41 52 34 12 01 45 01 A5 78 56 01 00*7\n";
constexpr std::string_view sd_and_ram =
    "D> 00 00 0C 4A 00*8 00*16 00*4 00 02 00 00 00*4 02 00 00 00 00 00 20 00 00 00 11*16\n";
constexpr std::string_view end = "D> 5A 00 00 0C 06 00 00 04 0B C1\n";

std::string report_with(std::string_view nand, std::string_view last) {
  std::string text;
  for (const auto part : {nor, nand, emmc, sd_and_ram, last}) text += part;
  return text;
}

TEST(LegacyReport, of_seven_nand_ids_is_236_bytes) {
  EXPECT_EQ((ReportShape{NandSizeWidth::eight, 7}.size()), 226u);
  LinkBench phone{report_with(nand_of_seven_ids, end)};
  const auto facts = read_report(phone.agent, 7);
  ASSERT_TRUE(facts) << to_string(facts.error());
  EXPECT_EQ(facts->emmc.user, 0x4000000u);
  EXPECT_EQ(facts->ram.external_size, 0x20000000u);
  EXPECT_EQ(facts->download_status, 0xc06u);
  EXPECT_EQ(facts->boot_style, 0x40bu);
  EXPECT_FALSE(facts->extra);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(LegacyReport, takes_the_extra_word_of_some_chips) {
  LinkBench phone{report_with(nand_of_seven_ids, "D> 00 00 00 00\n" + std::string{end})};
  const auto facts = read_report(phone.agent, 7);
  ASSERT_TRUE(facts) << to_string(facts.error());
  EXPECT_EQ(facts->extra, 0u);
  EXPECT_EQ(facts->download_status, 0xc06u);
}

TEST(LegacyReport, takes_the_narrow_nand_size_of_old_agents) {
  LinkBench phone{report_with("D> 00 00 0B C4 00 FF FF 00*4 00 05 00*10 00*9\n", end)};
  const auto facts = read_report(phone.agent, 5);
  ASSERT_TRUE(facts) << to_string(facts.error()) << phone.phone.state();
  EXPECT_EQ(facts->nand.ids.size(), 5u);
  EXPECT_EQ(facts->emmc.user, 0x4000000u);
}

TEST(LegacyReport, takes_no_nand_ids_at_all) {
  LinkBench phone{report_with("D> 00 00 0B C4 00 FF FF 00*8 00 00 00*9\n", end)};
  const auto facts = read_report(phone.agent, 0);
  ASSERT_TRUE(facts) << to_string(facts.error());
  EXPECT_EQ(facts->emmc.user, 0x4000000u);
}

TEST(LegacyReport, does_not_believe_thousands_of_nand_ids) {
  LinkBench phone{std::string{nor} + "D> 00 00 0B C4 00 FF FF FF*8 FF FF\n"};
  EXPECT_EQ(read_report(phone.agent, 7).error().code, Errc::protocol);
}

TEST(LegacyReport, that_never_ends_is_refused) {
  LinkBench phone{report_with(nand_of_seven_ids, "D> 00*64\n")};
  EXPECT_EQ(read_report(phone.agent, 7).error().code, Errc::protocol);
}

TEST(LegacyReport, a_failed_chip_check_is_an_error) {
  LinkBench phone{report_with(nand_of_seven_ids, "D> 5A 00*8 CF\n")};
  const auto facts = read_report(phone.agent, 7);
  ASSERT_FALSE(facts);
  EXPECT_EQ(facts.error().code, Errc::device_status);
  EXPECT_EQ(facts.error().device_status->text, "SOC_FAIL");
}

Greeting greeting_with_card() {
  Greeting greeting;
  greeting.flash.emmc_id = *parse_hex("1501004f5241434c450112345678a501");
  return greeting;
}

TEST(LegacyFacts, knows_the_card_in_either_byte_order) {
  Report report_with;
  const Bytes swapped = *parse_hex("4f0001154c4341523412014501a57856");
  std::ranges::copy(swapped, report_with.emmc.id.begin());
  EXPECT_TRUE(is_same_card(greeting_with_card(), report_with));
  std::ranges::copy(greeting_with_card().flash.emmc_id, report_with.emmc.id.begin());
  EXPECT_TRUE(is_same_card(greeting_with_card(), report_with));
  report_with.emmc.id[15] = std::byte{0x77};
  EXPECT_FALSE(is_same_card(greeting_with_card(), report_with));
}

TEST(LegacyFacts, undoes_the_swap_when_only_the_report_has_the_card) {
  Greeting greeting;
  greeting.flash.emmc_status = 0xbc4;
  Report report_with;
  const Bytes swapped = *parse_hex("4f0001154c4341523412014501a57856");
  std::ranges::copy(swapped, report_with.emmc.id.begin());
  EXPECT_EQ(hex_compact(facts_of(greeting, report_with).storage_id), "1501004f5241434c450112345678a501");
}

TEST(LegacyFacts, takes_the_sd_card_when_there_is_no_emmc) {
  Report report_with;
  report_with.emmc.status = 0xc4d;
  report_with.sd.user = 0x1000000;
  const AgentFacts facts = facts_of({}, report_with);
  EXPECT_EQ(facts.storage, StorageKind::sd);
  EXPECT_EQ(facts.area(Area::user)->size, 0x1000000u);
}

}  // namespace
}  // namespace mtk::legacy
