// SPDX-License-Identifier: Apache-2.0
#include "brom/boot_rom.h"
#include "brom/testing/rom_bench.h"

#include <gtest/gtest.h>

namespace mtk::brom {
namespace {

TEST(BromMemory, reads_words_between_two_statuses) {
  RomBench phone{R"(
    T> D1
    D> D1
    T> 10 00 70 00
    D> 10 00 70 00
    T> 00 00 00 02
    D> 00 00 00 02
    D> 00 00  22 00 00 64 00 00 00 01  00 00
  )"};
  const auto words = phone.rom.read32(0x10007000, 2, phone.op);
  ASSERT_TRUE(words) << to_string(words.error());
  EXPECT_EQ(*words, (std::vector<std::uint32_t>{0x22000064, 1}));
}

TEST(BromMemory, a_refused_read_is_one_status_word) {
  RomBench phone{"H> D1\n D> D1\n H> 00 00 00 00\n D> 00*4\n H> 00 00 00 01\n D> 00 00 00 01 10 00\n"};
  const auto words = phone.rom.read32(0, 1, phone.op);
  ASSERT_FALSE(words);
  EXPECT_EQ(words.error().device_status->code, 0x1000u);
  EXPECT_EQ(words.error().during.front(), "READ32");
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(BromMemory, reads_halfwords) {
  RomBench phone{
      "H> D0\n D> D0\n H> 00 00 00 08\n D> 00 00 00 08\n H> 00 00 00 01\n D> 00 00 00 01 00 00 65 80 00 "
      "00\n"};
  const auto words = phone.rom.read16(8, 1, phone.op);
  ASSERT_TRUE(words);
  EXPECT_EQ(*words, std::vector<std::uint16_t>{0x6580});
}

TEST(BromMemory, asks_for_no_or_too_many_words_never) {
  RomBench phone{""};
  EXPECT_EQ(phone.rom.read32(0, 0, phone.op).error().code, Errc::out_of_range);
  EXPECT_EQ(phone.rom.read32(0, 65537, phone.op).error().code, Errc::out_of_range);
  EXPECT_EQ(phone.phone.fault(), "");
}

constexpr std::string_view watchdog_head =
    "T> D4\n D> D4\n T> 10 00 70 00\n D> 10 00 70 00\n T> 00 00 00 01\n D> 00 00 00 01\n";

TEST(BromMemory, switches_the_watchdog_off) {
  RomBench phone{std::string{watchdog_head} + "D> 00 00\n T> 22 00 00 64\n D> 22 00 00 64 00 00\n"};
  const auto result = phone.rom.turn_watchdog_off({.address = 0x10007000, .value = 0x22000064}, phone.op);
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(*result, WatchdogResult::off);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(BromMemory, takes_status_0001_in_either_place_as_success) {
  RomBench phone{std::string{watchdog_head} + "D> 00 01\n T> 22 00 00 64\n D> 22 00 00 64 00 01\n"};
  const auto result = phone.rom.turn_watchdog_off({.address = 0x10007000, .value = 0x22000064}, phone.op);
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(*result, WatchdogResult::off);
}

TEST(BromMemory, a_refused_watchdog_write_is_no_error) {
  RomBench phone{std::string{watchdog_head} + "D> 10 01\n"};
  const auto result = phone.rom.turn_watchdog_off({.address = 0x10007000, .value = 0x22000064}, phone.op);
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_EQ(*result, WatchdogResult::refused);
}

TEST(BromMemory, old_chips_have_a_watchdog_of_16_bits) {
  RomBench phone{
      "H> D2\n D> D2\n H> C0 00 00 00\n D> C0 00 00 00\n H> 00 00 00 01\n D> 00 00 00 01 00 00\n"
      "T> 22 64\n D> 22 64 00 00\n"};
  const auto result =
      phone.rom.turn_watchdog_off({.address = 0xc0000000, .value = 0x2264, .width_bits = 16}, phone.op);
  ASSERT_TRUE(result) << to_string(result.error());
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(BromMemory, a_phone_lost_at_the_watchdog_is_an_error) {
  RomBench phone{std::string{watchdog_head} + "gone\n"};
  const auto result = phone.rom.turn_watchdog_off({.address = 0x10007000, .value = 0x22000064}, phone.op);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::disconnected);
}

}  // namespace
}  // namespace mtk::brom
