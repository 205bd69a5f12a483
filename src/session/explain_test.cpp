// SPDX-License-Identifier: Apache-2.0
#include <mtk/explain.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace mtk {
namespace {

std::vector<std::string> symbols(const CodeExplanation& explanation) {
  std::vector<std::string> out;
  for (const CodeMeaning& meaning : explanation.meanings) out.push_back(meaning.symbol);
  return out;
}

TEST(ExplainCode, a_number_with_two_meanings_has_both) {
  const auto explanation = explain_code("3149");
  EXPECT_THAT(symbols(explanation),
              testing::IsSupersetOf({"S_DA_EMMC_FLASH_NOT_FOUND", "S_DA_SDMMC_WRITE_FAILED"}));
  for (const CodeMeaning& meaning : explanation.meanings) {
    EXPECT_FALSE(meaning.means.empty());
    EXPECT_FALSE(meaning.next_actions.empty());
  }
}

TEST(ExplainCode, a_negative_number_of_an_old_log_is_the_same_code) {
  const auto signed_form = explain_code("-1073283068");
  ASSERT_EQ(symbols(signed_form), symbols(explain_code("0xC0070004")));
  EXPECT_EQ(signed_form.meanings.front().symbol, "STATUS_DA_HASH_MISMATCH");
  EXPECT_EQ(signed_form.meanings.front().code, 0xc0070004U);
}

TEST(ExplainCode, folklore_is_corrected) { EXPECT_FALSE(explain_code("4032").note.empty()); }

TEST(ExplainCode, what_is_not_known_is_not_guessed) {
  const auto explanation = explain_code("8447");
  EXPECT_TRUE(explanation.meanings.empty());
  EXPECT_FALSE(explanation.unknown.empty());
}

}  // namespace
}  // namespace mtk
