// SPDX-License-Identifier: Apache-2.0
// docs/user/connecting.md quotes the coach: every sentence is there, word for word, and nothing else is
// quoted.
#include "session/coach.h"

#include <gtest/gtest.h>

#include <fstream>

namespace mtk {
namespace {

/// The quoted blocks of a page, each on one line.
std::set<std::string> quotes_of(std::ifstream lines) {
  std::set<std::string> quotes;
  std::string quote;
  for (std::string line; std::getline(lines, line);) {
    const auto mark = line.find("> ");
    const bool is_quoted = mark != std::string::npos && line.find_first_not_of(" .0123456789") == mark;
    if (is_quoted) {
      quote += (quote.empty() ? "" : " ") + line.substr(mark + 2);
    } else if (!quote.empty()) {
      quotes.insert(std::exchange(quote, {}));
    }
  }
  return quotes;
}

TEST(ConnectingPage, says_what_the_coach_says) {
  std::set<std::string> said;
  for (const Text sentence : Coach::sentences()) said.emplace(text(sentence));
  EXPECT_EQ(quotes_of(std::ifstream{MTK_SOURCE_DIR "/docs/user/connecting.md"}), said);
}

TEST(ConnectingPage, has_every_sentence_of_the_section) {
  std::ifstream lines{MTK_SOURCE_DIR "/data/texts/en.toml"};
  std::size_t count = 0;
  bool in_section = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("[")) in_section = line.starts_with("[coach]");
    if (in_section && line.find(" = \"") != std::string::npos) ++count;
  }
  EXPECT_EQ(Coach::sentences().size(), count);
}

}  // namespace
}  // namespace mtk
