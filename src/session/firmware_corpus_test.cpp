// SPDX-License-Identifier: Apache-2.0
// The card of every published scatter file against a table that was not made by the parser.
#include <mtk/firmware.h>

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace mtk {
namespace {

const std::filesystem::path corpus = std::filesystem::path{MTK_SOURCE_DIR} / "tests/corpus";

/// The columns of a line; empty ones count.
std::vector<std::string> columns(const std::string& line) {
  std::vector<std::string> out;
  std::stringstream in{line + "\t"};
  for (std::string column; std::getline(in, column, '\t');) out.push_back(column);
  return out;
}

TEST(FirmwareCorpus, every_published_scatter_gives_its_expected_card) {
  std::ifstream table{corpus / "cards.tsv"};
  std::string line;
  ASSERT_TRUE(std::getline(table, line));  // the heads
  std::size_t rows = 0;
  for (; std::getline(table, line); ++rows) {
    const auto expected = columns(line);
    ASSERT_EQ(expected.size(), 9U) << line;
    const FirmwareCard card = describe_firmware(corpus / "scatter" / expected[0], ReadImages::no);
    ASSERT_FALSE(card.error) << expected[0] << ": " << card.error->what;
    std::vector<std::string> chips;
    for (const ChipName& chip : card.chips) chips.push_back(chip.name);
    const auto marked = std::ranges::count_if(card.entries, &FirmwareEntry::selected);
    const std::vector<std::string> found{expected[0],
                                         card.generation,
                                         card.version,
                                         card.platform,
                                         card.project,
                                         fmt::format("{}", fmt::join(card.storages, ",")),
                                         std::to_string(card.entries.size()),
                                         std::to_string(marked),
                                         fmt::format("{}", fmt::join(chips, ","))};
    EXPECT_EQ(found, expected);
  }
  EXPECT_EQ(rows, 53U);
}

TEST(FirmwareCorpus, a_scatter_alone_serves_nothing_and_says_which_files_are_missing) {
  const FirmwareCard card = describe_firmware(corpus / "scatter/MT6580_alcatel_pixi4_4034x.txt");
  ASSERT_FALSE(card.error);
  EXPECT_TRUE(std::ranges::none_of(card.scenes, &SceneCard::possible));
  for (const FirmwareEntry& entry : card.entries) {
    if (!entry.selected || entry.file.empty() || entry.identity) continue;
    EXPECT_FALSE(entry.present) << entry.name;
    EXPECT_TRUE(std::ranges::any_of(card.problems, [&](const Warning& problem) {
      return problem.id == "missing_file" && problem.subject == entry.name;
    })) << entry.name;
  }
}

}  // namespace
}  // namespace mtk
