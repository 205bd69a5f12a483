// SPDX-License-Identifier: Apache-2.0
#include "image/utf16.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mtk {
namespace {

TEST(Utf16, characters_of_every_length_survive) {
  const std::string text = "a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x93\xb1";
  const std::u16string units = u"a\u00e9\u4e2d\xd83d\xdcf1";
  EXPECT_EQ(utf16_from_utf8(text), units);
  EXPECT_EQ(utf8_from_utf16(units), text);
}

TEST(Utf16, a_lone_surrogate_becomes_the_replacement_character) {
  EXPECT_EQ(utf8_from_utf16(std::u16string{0xd83d}), "\xef\xbf\xbd");
  EXPECT_EQ(utf8_from_utf16(std::u16string{0xdcf1, u'a'}),
            "\xef\xbf\xbd"
            "a");
}

TEST(Utf16, bytes_that_are_no_utf8_become_replacement_characters) {
  // A stray tail byte, an overlong slash, a surrogate, a cut character, a byte of no length.
  EXPECT_EQ(utf16_from_utf8("\x80"), u"\ufffd");
  EXPECT_EQ(utf16_from_utf8("\xc0\xaf"), u"\ufffd\ufffd");
  EXPECT_EQ(utf16_from_utf8("\xed\xa0\x80"), u"\ufffd\ufffd\ufffd");
  EXPECT_EQ(utf16_from_utf8("\xe4\xb8"), u"\ufffd\ufffd");
  EXPECT_EQ(utf16_from_utf8("\xff"
                            "a"),
            u"\ufffd"
            u"a");
}

RC_GTEST_PROP(Utf16Property, any_bytes_give_text_that_survives, (const std::string& bytes)) {
  const std::u16string units = utf16_from_utf8(bytes);
  RC_ASSERT(utf16_from_utf8(utf8_from_utf16(units)) == units);
}

}  // namespace
}  // namespace mtk
