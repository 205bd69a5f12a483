// SPDX-License-Identifier: Apache-2.0
#include "brom/boot_rom.h"
#include "brom/testing/rom_bench.h"
#include "brom/xor16.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace mtk::brom {
namespace {

AgentImage small_agent() {
  return {.load_address = 0x00200000, .data = to_bytes("MTK_DA!"), .signature_length = 1};
}

constexpr std::string_view header =
    "T> D7\n D> D7\n T> 00 20 00 00\n D> 00 20 00 00\n T> 00 00 00 07\n D> 00 00 00 07\n"
    "T> 00 00 00 01\n D> 00 00 00 01\n";
constexpr std::string_view payload = "H> 4D 54 4B 5F 44 41 21\n";

std::string script(std::string_view first_status, std::string_view after) {
  return fmt::format("{}{}{}{}", header, first_status, payload, after);
}

TEST(SendDa, announces_the_length_with_signature_and_checks_the_sum) {
  RomBench phone{script("D> 00 00\n", "D> 4A 63 00 00\n")};
  const auto sent = phone.rom.send_da(small_agent(), phone.op);
  EXPECT_TRUE(sent) << to_string(sent.error());
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(SendDa, takes_checksum_zero_as_not_computed) {
  RomBench phone{script("D> 00 00\n", "D> 00 00 00 00\n")};
  EXPECT_TRUE(phone.rom.send_da(small_agent(), phone.op));
}

TEST(SendDa, refuses_another_checksum) {
  RomBench phone{script("D> 00 00\n", "D> 4A 64 00 00\n")};
  const auto sent = phone.rom.send_da(small_agent(), phone.op);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::protocol);
  EXPECT_EQ(sent.error().during.front(), "SEND_DA");
}

TEST(SendDa, names_the_word_of_a_phone_that_wants_a_login) {
  RomBench phone{std::string{header} + "D> 1D 0D\n"};
  const auto sent = phone.rom.send_da(small_agent(), phone.op);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::device_status);
  EXPECT_EQ(sent.error().device_status->kind, StatusKind::brom16);
  EXPECT_EQ(sent.error().device_status->code, 0x1d0du);
}

TEST(SendDa, names_the_word_of_a_refused_signature) {
  RomBench phone{script("D> 00 00\n", "D> 4A 63 70 24\n gone\n")};
  const auto sent = phone.rom.send_da(small_agent(), phone.op);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().device_status->code, 0x7024u);
}

TEST(SendDa, does_not_call_a_broken_transfer_a_refused_signature) {
  RomBench phone{script("D> 00 00\n", "D> 4A 64 70 24\n gone\n")};
  const auto sent = phone.rom.send_da(small_agent(), phone.op);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::protocol);
  EXPECT_EQ(sent.error().device_status, std::nullopt);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(SendDa, reports_a_broken_transfer_when_the_phone_leaves_instead_of_judging) {
  RomBench phone{script("D> 00 00\n", "D> 4A 64\n gone\n")};
  EXPECT_EQ(phone.rom.send_da(small_agent(), phone.op).error().code, Errc::protocol);
}

TEST(SendDa, believes_a_refusal_of_a_phone_that_computes_no_checksum) {
  RomBench phone{script("D> 00 00\n", "D> 00 00 20 01\n")};
  EXPECT_EQ(phone.rom.send_da(small_agent(), phone.op).error().device_status->code, 0x2001u);
}

TEST(SendDa, refuses_an_agent_shorter_than_its_signature) {
  RomBench phone{""};
  EXPECT_EQ(phone.rom.send_da({.data = to_bytes({1}), .signature_length = 2}, phone.op).error().code,
            Errc::bad_image);
  EXPECT_EQ(phone.rom.send_da({}, phone.op).error().code, Errc::bad_image);
  EXPECT_EQ(phone.phone.fault(), "");
}

TEST(SendDa, sends_a_large_agent_completely) {
  const Bytes data(20001, std::byte{0x5a});
  RomBench phone{fmt::format(
      "H> D7\n D> D7\n H> 00 00 00 00\n D> 00*4\n H> 00 00 4E 21\n D> 00 00 4E 21\n H> 00*4\n D> 00*6\n"
      "H> 5A*20001\n D> {:02X} {:02X} 00 00\n",
      xor16(data) >> 8, xor16(data) & 0xff)};
  const auto sent = phone.rom.send_da({.data = data}, phone.op);
  EXPECT_TRUE(sent) << to_string(sent.error());
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(JumpDa, sends_the_address_and_takes_the_status) {
  RomBench phone{"T> D5\n D> D5\n T> 00 20 00 00\n D> 00 20 00 00 00 00 C0\n"};
  ASSERT_TRUE(phone.rom.jump_da(0x00200000, phone.op));
  const auto agent = phone.link.read_bytes(1, std::chrono::seconds{1});
  ASSERT_TRUE(agent);
  EXPECT_EQ(*agent, to_bytes({0xc0}));
}

TEST(JumpDa, names_the_word_of_a_refusal) {
  RomBench phone{"H> D5\n D> D5\n H> 00 20 00 00\n D> 00 20 00 00 20 01\n"};
  const auto jumped = phone.rom.jump_da(0x00200000, phone.op);
  ASSERT_FALSE(jumped);
  EXPECT_EQ(jumped.error().device_status->code, 0x2001u);
  EXPECT_EQ(jumped.error().during.front(), "JUMP_DA");
}

TEST(JumpDa64, confirms_when_asked_to) {
  RomBench phone{
      "H> DE\n D> DE\n H> 00 20 00 00\n D> 00 20 00 00\n H> 01\n D> 01 00 00\n H> 64\n D> 64 00 00\n"};
  EXPECT_TRUE(phone.rom.jump_da64(0x00200000, phone.op));
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(JumpDa64, accepts_the_first_status_of_a_phone_that_does_not_ask) {
  RomBench phone{"H> DE\n D> DE\n H> 00 20 00 00\n D> 00 20 00 00\n H> 01\n D> 01 00 00\n H> 64\n"};
  EXPECT_TRUE(phone.rom.jump_da64(0x00200000, phone.op));
}

}  // namespace
}  // namespace mtk::brom
