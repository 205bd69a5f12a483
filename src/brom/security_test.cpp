// SPDX-License-Identifier: Apache-2.0
#include "brom/boot_rom.h"
#include "brom/testing/rom_bench.h"

#include <gtest/gtest.h>

namespace mtk::brom {
namespace {

TEST(BromSecurity, sends_an_auth_file_and_checks_its_sum) {
  RomBench phone{
      "H> E2\n D> E2\n H> 00 00 00 06\n D> 00 00 00 06 00 00\n H> 01 02 03 04 05 06\n D> 00 07 00 00\n"};
  const auto sent = phone.rom.send_auth(to_bytes({1, 2, 3, 4, 5, 6}), phone.op);
  EXPECT_TRUE(sent) << to_string(sent.error());
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(BromSecurity, a_phone_that_needs_no_auth_file_is_content) {
  RomBench phone{"H> E2\n D> E2\n H> 00 00 00 01\n D> 00 00 00 01 1D 0C\n"};
  EXPECT_TRUE(phone.rom.send_auth(to_bytes({1}), phone.op));
}

TEST(BromSecurity, a_refused_certificate_has_a_word) {
  RomBench phone{"H> E0\n D> E0\n H> 00 00 00 01\n D> 00 00 00 01 00 00\n H> 01\n D> 00 01 60 05\n"};
  const auto sent = phone.rom.send_certificate(to_bytes({1}), phone.op);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().device_status->code, 0x6005u);
  EXPECT_EQ(sent.error().during.front(), "SEND_CERT");
}

TEST(BromSecurity, answers_a_challenge_with_big_endian_lengths) {
  RomBench phone{R"(
    H> E3
    D> E3 00 00  00 00 00 04  0A 0B 0C 0D
    H> 00 00 00 02
    D> 00 00 00 02 00 00
    H> DD EE
    D> 00 00
  )"};
  Bytes seen_id;
  Bytes seen_challenge;
  const Signer signer = [&](const Challenge& challenge) -> Result<Bytes> {
    EXPECT_EQ(challenge.from, Challenger::brom);
    seen_id = challenge.soc_id;
    seen_challenge = challenge.data;
    return to_bytes({0xdd, 0xee});
  };
  const auto done = phone.rom.log_in(signer, to_bytes({0x11}), phone.op);
  ASSERT_TRUE(done) << to_string(done.error());
  EXPECT_EQ(seen_id, to_bytes({0x11}));
  EXPECT_EQ(seen_challenge, to_bytes({0x0a, 0x0b, 0x0c, 0x0d}));
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(BromSecurity, needs_no_signer_when_the_login_was_done_before) {
  RomBench phone{"H> E3\n D> E3 70 17\n"};
  EXPECT_TRUE(phone.rom.log_in({}, {}, phone.op));
}

TEST(BromSecurity, does_not_believe_a_huge_challenge) {
  RomBench phone{"H> E3\n D> E3 00 00 7F FF FF FF\n"};
  EXPECT_EQ(phone.rom.log_in({}, {}, phone.op).error().code, Errc::protocol);
}

}  // namespace
}  // namespace mtk::brom
