// SPDX-License-Identifier: Apache-2.0
#include "session/signer_command.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {

using namespace std::chrono_literals;

Challenge challenge() {
  return {.from = Challenger::agent, .data = to_bytes({1, 0, 3}), .soc_id = to_bytes({0xab, 0xcd})};
}

TEST(SignerCommand, gets_the_challenge_and_yields_the_response) {
  const auto response = signer_command("cat; printf z", 10s, {})(challenge());
  ASSERT_TRUE(response) << to_string(response.error());
  EXPECT_EQ(*response, to_bytes({1, 0, 3, 'z'}));
}

TEST(SignerCommand, is_told_who_asks) {
  const auto response =
      signer_command("printf \"$MTKFLASH_CHALLENGER $MTKFLASH_SOC_ID\"", 10s, {})(challenge());
  ASSERT_TRUE(response);
  ByteWriter expected;
  expected.text("agent abcd", 10);
  EXPECT_EQ(*response, std::move(expected).take());
}

TEST(SignerCommand, what_fails_answers_nothing_or_too_much_is_an_error) {
  EXPECT_EQ(signer_command("exit 3", 10s, {})(challenge()).error().code, Errc::usage);
  EXPECT_EQ(signer_command("true", 10s, {})(challenge()).error().code, Errc::usage);
  EXPECT_EQ(signer_command("printf x; exit 1", 10s, {})(challenge()).error().code, Errc::usage);
  EXPECT_EQ(signer_command("head -c 5000 /dev/zero", 10s, {})(challenge()).error().code, Errc::usage);
  EXPECT_EQ(signer_command("/nonexistent/program", 10s, {})(challenge()).error().code, Errc::usage);
}

TEST(SignerCommand, one_that_hangs_is_ended) {
  EXPECT_EQ(signer_command("exec sleep 600", 0s, {})(challenge()).error().code, Errc::timeout);
  EXPECT_EQ(signer_command("exec >&-; sleep 600", 0s, {})(challenge()).error().code, Errc::timeout);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(signer_command("exec sleep 600", 10s, stop.get_token())(challenge()).error().code,
            Errc::cancelled);
}

TEST(SignerCommand, none_is_none) { EXPECT_FALSE(signer_command("", 10s, {})); }

}  // namespace
}  // namespace mtk
