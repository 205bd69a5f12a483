// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/emi_exchange.h"

#include "da/legacy/testing.h"

#include <gtest/gtest.h>

namespace mtk::legacy {
namespace {

// Two records of 4 bytes, sum 0x24.
EmiSettings settings(std::uint32_t version) {
  return {.version = version, .record_count = 2, .payload = to_bytes({1, 2, 3, 4, 5, 6, 7, 8})};
}
constexpr std::string_view memory_runs =
    "T> 5A\n T> 80 00 00 01\n D> 00 00 00 00 02 00 00 00 00 00 20 00 00 00\n";
constexpr std::string_view calibration_dump =
    "D> 00 00 00 03 1C 00 40 04 AA 08 00 33 00 00 00 13 00 00 00 10\n";

void expect_memory(std::uint32_t version, const std::string& script, const EmiQuirks& quirks = {}) {
  SCOPED_TRACE(version);
  LinkBench phone{script};
  const auto memory = enable_dram(phone.agent, settings(version), quirks);
  ASSERT_TRUE(memory) << to_string(memory.error()) << "\n" << phone.phone.state();
  EXPECT_EQ(memory->type, 2);
  EXPECT_EQ(memory->size, 0x20000000u);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(EnableDram, late_versions_send_length_and_all_records) {
  for (const std::uint32_t version : {15u, 16u, 17u, 20u, 21u}) {
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02X", version);
    expect_memory(version, "T> E8 00 00 00 " + std::string{hex} +
                               "\n D> 5A 00 00 00 BC\n T> 5A\n T> 00 00 00 08\n T> 01 02 03 04 05 06 07 08\n"
                               "D> 00 24\n" +
                               std::string{memory_runs});
  }
}

TEST(EnableDram, one_chip_takes_the_records_without_their_length) {
  expect_memory(17,
                "T> E8 00 00 00 11\n D> 5A 00 00 00 BC\n T> 5A\n T> 01 02 03 04 05 06 07 08\n D> 00 24\n" +
                    std::string{memory_runs},
                {.sends_length = false});
}

TEST(EnableDram, versions_10_and_11_hear_the_flash_id_first_and_send_no_length) {
  for (const std::uint32_t version : {10u, 11u}) {
    expect_memory(version,
                  "T> E8 00 00 00 0" + std::string{version == 10 ? "A" : "B"} +
                      "\n D> 5A 15*16 00 00 00 B8\n T> 5A\n T> 01 02 03 04 05 06 07 08\n D> 00 24\n" +
                      std::string{memory_runs});
  }
}

TEST(EnableDram, version_12_sends_one_record_with_another_head) {
  expect_memory(12, "T> E8 00 00 00 0C\n D> 5A 00 00 00 06\n T> 5A\n T> 00 00 01 00 05 06\n D> 00 0C\n" +
                        std::string{memory_runs});
}

TEST(EnableDram, version_13_hears_the_calibration_too) {
  expect_memory(13, "T> E8 00 00 00 0D\n D> 5A 00 00 00 06\n T> 5A\n T> 00 00 01 00 05 06\n D> 00 0C\n" +
                        std::string{memory_runs} + std::string{calibration_dump});
}

TEST(EnableDram, version_0_is_sent_as_all_ones) {
  expect_memory(
      0,
      "T> E8 FF FF FF FF\n D> 5A 00 00 00 B0\n T> 5A\n T> 00 00 00 08\n T> 01 02 03 04 05 06 07 08\n"
      "D> 00 24\n" +
          std::string{memory_runs});
}

TEST(EnableDram, an_unknown_version_is_not_tried) {
  LinkBench phone{""};
  EXPECT_EQ(enable_dram(phone.agent, settings(14), {}).error().code, Errc::unsupported);
  EXPECT_EQ(phone.phone.fault(), "");
}

TEST(EnableDram, a_refused_version_has_no_code) {
  LinkBench phone{"T> E8 00 00 00 15\n D> A5 00 00 00 B0\n"};
  const auto memory = enable_dram(phone.agent, settings(21), {});
  ASSERT_FALSE(memory);
  EXPECT_EQ(memory.error().code, Errc::device_status);
  EXPECT_EQ(memory.error().device_status->text, "A5");
  EXPECT_EQ(memory.error().during.front(), "ENABLE_DRAM");
  EXPECT_TRUE(phone.agent.lost());
}

constexpr std::string_view records_sent =
    "T> E8 00 00 00 15\n D> 5A 00 00 00 BC\n T> 5A\n T> 00 00 00 08\n T> 01 02 03 04 05 06 07 08\n";

TEST(EnableDram, says_no_to_another_sum) {
  LinkBench phone{std::string{records_sent} + "D> 00 25\n T> A5\n"};
  EXPECT_EQ(enable_dram(phone.agent, settings(21), {}).error().code, Errc::protocol);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(EnableDram, keeps_the_code_of_memory_that_does_not_start) {
  LinkBench phone{std::string{records_sent} + "D> 00 24\n T> 5A\n T> 80 00 00 01\n D> 00 00 0B C4\n"};
  phone.agent.set_numbering(StatusKind::legacy_v5);
  const auto memory = enable_dram(phone.agent, settings(21), {});
  ASSERT_FALSE(memory);
  EXPECT_EQ(memory.error().code, Errc::device_status);
  EXPECT_EQ(memory.error().device_status->kind, StatusKind::legacy_v5);
  EXPECT_EQ(memory.error().device_status->code, 3012u);
  EXPECT_TRUE(phone.agent.lost());
}

TEST(EnableDram, a_record_larger_than_the_file_is_refused) {
  LinkBench phone{"T> E8 00 00 00 0C\n D> 5A FF FF FF FF\n"};
  EXPECT_EQ(enable_dram(phone.agent, settings(12), {}).error().code, Errc::bad_image);
}

TEST(MemoryRequest, tells_which_storage_the_phone_has) {
  LinkBench phone{
      "D> 00 00 00 00 15 01 00 4F 52 41 43 4C 45 01 12 34 56 78 A5 01 00 00 0B C4 00 02 00 00 00 00\n"};
  const auto ids = read_memory_request(phone.agent);
  ASSERT_TRUE(ids);
  EXPECT_EQ(hex_compact(ids->emmc_id), "1501004f5241434c450112345678a501");
  EXPECT_EQ(ids->nand_status, 0xbc4u);
  EXPECT_EQ(ids->nand_ids.size(), 2u);
}

TEST(MemoryRequest, both_numberings_have_a_code_for_it) {
  EXPECT_TRUE(asks_for_memory_settings(3011));
  EXPECT_TRUE(asks_for_memory_settings(3007));
  EXPECT_FALSE(asks_for_memory_settings(3012));
  EXPECT_FALSE(asks_for_memory_settings(0));
}

}  // namespace
}  // namespace mtk::legacy
