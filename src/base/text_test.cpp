// SPDX-License-Identifier: Apache-2.0
// The table of sentences: ids, arguments and the way back to English.
#include "base/text.h"

#include "base/text_pseudo_table.h"

#include <gtest/gtest.h>

#include <regex>

namespace mtk {
namespace {

constexpr Language pseudo() { return pseudo_locale::language_table[1]; }

TEST(Text, every_id_has_an_english_sentence) {
  ASSERT_EQ(languages().front().code, "en");
  ASSERT_EQ(languages().front().sentences.size(), text_count);
  for (const std::string_view sentence : languages().front().sentences) EXPECT_FALSE(sentence.empty());
}

TEST(Text, arguments_are_named_in_every_language) {
  const std::regex unnamed{R"(\{[^a-z{])"};
  for (const Language& language : languages()) {
    for (const std::string_view sentence : language.sentences) {
      EXPECT_FALSE(std::regex_search(std::string{sentence}, unnamed)) << sentence;
    }
  }
}

TEST(Text, say_fills_in_named_arguments) {
  EXPECT_EQ(
      format_text(Text::connect_waiting, languages().front(), fmt::make_format_args(fmt::arg("seconds", 12))),
      "Waiting for the phone, 12 s");
}

TEST(Text, a_translation_may_move_the_argument) {
  EXPECT_EQ(format_text(Text::connect_waiting, pseudo(), fmt::make_format_args(fmt::arg("seconds", 12))),
            "«12 ŝ: ẁąîţîñĝ»");
}

TEST(Text, a_missing_translation_falls_back_to_english) {
  EXPECT_EQ(text(Text::stage_write, pseudo()), "«Ðöŵñļöåð»");
  EXPECT_EQ(text(Text::stage_verify, pseudo()), "Checking");
}

TEST(Text, a_missing_argument_yields_the_bare_sentence) {
  EXPECT_EQ(format_text(Text::connect_waiting, pseudo(), {}), "Waiting for the phone, {seconds} s");
}

TEST(Text, the_language_follows_the_system_setting) {
  const std::span<const Language> choices = pseudo_locale::language_table;
  EXPECT_EQ(choose_language(choices, "xx_YY.UTF-8").code, "xx");
  EXPECT_EQ(choose_language(choices, "xx").code, "xx");
  EXPECT_EQ(choose_language(choices, "tlh").code, "en");
  EXPECT_EQ(choose_language(choices, "C.UTF-8").code, "en");
  EXPECT_EQ(choose_language(choices, "").code, "en");
}

}  // namespace
}  // namespace mtk
