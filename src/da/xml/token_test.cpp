// SPDX-License-Identifier: Apache-2.0
#include "da/xml/token.h"

#include <gtest/gtest.h>

namespace mtk::xml {
namespace {

TEST(XmlToken, splits_word_value_and_rest) {
  const auto step = parse_token("OK!PROGRESS@50@erase @ 50 %");
  ASSERT_TRUE(step);
  EXPECT_EQ(step->word, token::progress);
  EXPECT_EQ(step->value, "50");
  EXPECT_EQ(step->rest, "erase @ 50 %");
  EXPECT_TRUE(step->is_ok());
}

TEST(XmlToken, judges_by_the_beginning) {
  EXPECT_TRUE(parse_token("OK")->is_ok());
  EXPECT_TRUE(parse_token("OK@0x0")->is_ok());
  EXPECT_TRUE(parse_token("ERR")->is_error());
  EXPECT_TRUE(parse_token("ERR!UNSUPPORTED")->is_error());
  EXPECT_FALSE(parse_token("ERR")->is_ok());
  for (const std::string_view other : {"", "O", "ok", "0K", "EOK", " OK"}) {
    const auto parsed = parse_token(other);
    ASSERT_FALSE(parsed) << other;
    EXPECT_EQ(parsed.error().code, Errc::protocol);
  }
}

TEST(XmlToken, numbers_come_padded_plain_or_decimal) {
  EXPECT_EQ(parse_number("0x0000000000018000"), 0x18000u);
  EXPECT_EQ(parse_number("0x1be"), 0x1beu);
  EXPECT_EQ(parse_number("0x00000000000000000000001"), 1u);
  EXPECT_EQ(parse_number("4096"), 4096u);
  EXPECT_EQ(parse_number("0xffffffffffffffff"), 0xffffffffffffffffu);
  for (const std::string_view other : {"", "0x", "x1", "-1", "12k", "0x1 ", "0x10000000000000000"})
    EXPECT_EQ(parse_number(other), std::nullopt) << other;
}

TEST(XmlToken, values_are_sent_without_padding) {
  EXPECT_EQ(token::ok_with(0), "OK@0x0");
  EXPECT_EQ(token::ok_with(0x51114), "OK@0x51114");
}

}  // namespace
}  // namespace mtk::xml
