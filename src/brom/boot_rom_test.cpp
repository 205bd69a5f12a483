// SPDX-License-Identifier: Apache-2.0
#include "brom/boot_rom.h"
#include "brom/testing/rom_bench.h"

#include <gtest/gtest.h>

namespace mtk::brom {
namespace {

using namespace std::chrono_literals;

TEST(BootRom, identifies_a_boot_rom) {
  RomBench phone{R"(
    T> FE
    D> FE                                   ; echoed: boot ROM
    T> FD
    D> FD 65 80 00 00
    T> FC
    D> FC 8A 00 CA 00 00 01 00 00
    T> D8
    D> D8 00 00 00 05 00 00
    T> FF
    D> 05
    T> E1
    D> E1 00 00 00 10 00 11 22 33 44 55 66 77 88 99 AA BB CC DD EE FF 00 00
  )"};
  const auto info = phone.rom.identify({}, phone.op);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->stage, BootStage::brom);
  EXPECT_EQ(info->bl_version, 0xfe);
  EXPECT_EQ(info->brom_version, 0x05);
  EXPECT_EQ(info->hw_code, 0x6580);
  EXPECT_EQ(info->hw_subcode, 0x8a00);
  EXPECT_EQ(info->hw_version, 0xca00);
  EXPECT_EQ(info->sw_version, 0x0001);
  EXPECT_TRUE(info->target_config.sbc());
  EXPECT_TRUE(info->target_config.daa());
  EXPECT_EQ(hex_compact(info->me_id), "00112233445566778899aabbccddeeff");
  EXPECT_TRUE(info->notes.empty());
  EXPECT_EQ(phone.rom.stage(), Stage::brom);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(BootRom, asks_an_old_preloader_for_no_ids) {
  RomBench phone{R"(
    T> FE
    D> 01
    T> FD
    D> FD 65 80 00 00
    T> FC
    D> FC 8A 00 CA 00 00 00 00 00
    T> D8
    D> D8 00 00 00 00 00 00
    T> FF
    D> FF
  )"};
  const auto info = phone.rom.identify({.ask_soc_id = true}, phone.op);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->stage, BootStage::preloader);
  EXPECT_EQ(info->bl_version, 1);
  EXPECT_EQ(info->brom_version, 0xff);
  EXPECT_FALSE(info->capabilities);
  EXPECT_TRUE(info->me_id.empty());
  EXPECT_EQ(phone.rom.stage(), Stage::preloader);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(BootRom, asks_a_new_preloader_for_what_it_says_it_has) {
  RomBench phone{R"(
    T> FE
    D> 59 03                                ; the end of a READY comes first
    T> FD
    D> FD 07 66 00 00
    T> FC
    D> FC 8A 00 CA 00 00 00 00 00
    T> D8
    D> D8 00 00 00 00 00 00
    T> FF
    D> FF
    T> FB
    D> FB 00 00 00 05 00 00 00 00           ; xflash and SOC_ID, no ME_ID
    T> E7
    D> E7 00 00 00 20 00*32 00 00
  )"};
  const auto info = phone.rom.identify({.ask_soc_id = true}, phone.op);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->bl_version, 3);
  ASSERT_TRUE(info->capabilities);
  EXPECT_TRUE(info->capabilities->xflash());
  EXPECT_TRUE(info->me_id.empty());
  EXPECT_EQ(info->soc_id.size(), 32u);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(BootRom, leaves_open_what_a_phone_only_echoes) {
  RomBench phone{R"(
    T> FE
    D> FE
    T> FD
    D> FD 65 72 00 00
    T> FC
    D> FC
    wait 1000
    T> D8
    D> D8 00 00 00 00 00 00
    T> FF
    D> 05
    T> E1
    D> E1
  )"};
  const auto info = phone.rom.identify({}, phone.op);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->hw_code, 0x6572);
  EXPECT_EQ(info->hw_version, 0);
  EXPECT_EQ(info->notes.size(), 2u);
}

TEST(BootRom, takes_a_boot_rom_without_a_version_for_ff) {
  RomBench phone{
      "T> FE\n D> FE\n T> FD\n D> FD 65 73 00 00\n T> FC\n D> FC 00*8\n T> D8\n D> D8 00*6\n T> FF\n wait "
      "1000\n"
      "T> E1\n D> E1 00 00 00 00 00 00\n"};
  const auto info = phone.rom.identify({}, phone.op);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->brom_version, 0xff);
  EXPECT_EQ(info->notes.size(), 1u);
}

TEST(BootRom, a_phone_that_falls_silent_is_no_phone_with_open_questions) {
  RomBench phone{"T> FE\n D> FE\n T> FD\n D> FD 65 73 00 00\n T> FC\n"};
  const auto info = phone.rom.identify({}, phone.op);
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, Errc::timeout);
  EXPECT_EQ(info.error().during.front(), "GET_HW_SW_VER");
}

TEST(BootRom, reports_the_status_word_when_the_phone_refuses) {
  RomBench phone{"T> FE\n D> FE\n T> FD\n D> FD 07 66 10 0C\n"};
  const auto info = phone.rom.identify({}, phone.op);
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().code, Errc::device_status);
  EXPECT_EQ(info.error().device_status->code, 0x100cu);
  EXPECT_EQ(info.error().during.front(), "GET_HW_CODE");
  EXPECT_EQ(info.error().stage, Stage::brom);
}

TEST(BootRom, refuses_a_wrong_echo) {
  RomBench phone{"T> FD\n D> FC\n"};
  const auto reply = phone.rom.run(GetHwCode{}, phone.op);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::protocol);
}

TEST(BootRom, does_not_believe_a_huge_id) {
  RomBench phone{"T> E1\n D> E1 FF FF FF FF\n"};
  const auto id = phone.rom.read_block(get_me_id, Content::withheld, phone.op);
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().code, Errc::protocol);
  EXPECT_EQ(id.error().during.front(), "GET_ME_ID");
}

TEST(BootRom, reads_the_log_of_a_boot_rom) {
  RomBench phone{"T> DF\n D> DF 00 00 00 03 41 42 43 00 00\n"};
  const auto log = phone.rom.read_block(get_log, Content::open, phone.op);
  ASSERT_TRUE(log);
  EXPECT_EQ(printable_text(*log), "ABC");
}

TEST(BootRom, a_requested_stop_sends_nothing_more) {
  RomBench phone{""};
  phone.stop.request_stop();
  const auto reply = phone.rom.run(GetHwCode{}, phone.op);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::cancelled);
  EXPECT_EQ(phone.phone.fault(), "");
}

}  // namespace
}  // namespace mtk::brom
