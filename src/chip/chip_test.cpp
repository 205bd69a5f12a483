// SPDX-License-Identifier: Apache-2.0
// The generated chip table against the list of facts it was made from, and the lookup of platform names.
#include <mtk/chip.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

namespace mtk {
namespace {

using Codes = std::vector<std::uint16_t>;
using Row = std::map<std::string, std::string>;

std::vector<std::string> split(const std::string& line, char separator) {
  std::vector<std::string> parts;
  std::istringstream in{line};
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

std::vector<Row> facts() {
  std::ifstream file{MTK_SOURCE_DIR "/tests/data/chips.csv"};
  std::string line;
  std::getline(file, line);
  const auto columns = split(line, ',');
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    Row row;
    const auto cells = split(line, ',');
    for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = i < cells.size() ? cells[i] : "";
    rows.push_back(row);
  }
  return rows;
}

std::uint64_t number(const std::string& cell) { return cell.empty() ? 0 : std::stoull(cell, nullptr, 0); }

/// `MT6735/T/MT8735A` -> MT6735, MT6735T, MT8735A; `MT6583/6589` -> MT6583, MT6589.
std::vector<std::string> full_names(const std::string& cell) {
  std::vector<std::string> names;
  for (std::string part : split(cell, '/')) {
    part = part.substr(0, part.find(' '));
    if (part.find_first_not_of("0123456789") == std::string::npos) {
      part = "MT" + part;
    } else if (part.size() <= 2) {
      part = names.back().substr(0, 6) + part;
    }
    for (char& c : part) {
      if (part.starts_with("MT62")) c = static_cast<char>(std::toupper(c));
    }
    names.push_back(part);
  }
  return names;
}

TEST(ChipTable, holds_every_listed_chip_with_equal_values) {
  const auto rows = facts();
  ASSERT_EQ(rows.size(), 89u);
  ASSERT_EQ(all_chips().size(), rows.size());
  for (Row row : rows) {
    SCOPED_TRACE(row["hw_code"]);
    const Chip* chip = find_chip(static_cast<std::uint16_t>(number(row["hw_code"])));
    ASSERT_NE(chip, nullptr);
    EXPECT_EQ(to_string(chip->da_protocol), row["da_protocol"]);
    EXPECT_EQ(chip->da_entry_hw_code, number(row["da_entry_hw_code"]));
    EXPECT_EQ(chip->watchdog.address, number(row["wdt_addr"]));
    EXPECT_EQ(chip->watchdog.value, number(row["wdt_disable_value"]));
    EXPECT_EQ(chip->watchdog.bits, number(row["wdt_access_bits"]));
    EXPECT_EQ(chip->uart0, number(row["uart0_addr"]));
    EXPECT_EQ(chip->da1_address, number(row["da1_addr_via_brom"]));
    EXPECT_EQ(chip->da1_address_forced_by_preloader, number(row["da1_addr_forced_by_preloader"]));
    EXPECT_EQ(chip->preloader_version, number(row["preloader_bl_ver"]));
    EXPECT_EQ(chip->bbchip_id, number(row["bbchip_id"]));
    EXPECT_EQ(chip->usb_download.lock_key, number(row["misc_lock_key_addr"]));
    EXPECT_EQ(chip->usb_download.flag, number(row["usbdl_flag_addr"]));
    EXPECT_EQ(chip->usb_download.reset_control, number(row["rst_con_addr"]));
    EXPECT_EQ(chip->is_iot, row["is_iot"] == "1");
    EXPECT_EQ(chip->is_64bit, row["flag_64bit"] == "1");
    EXPECT_THAT(chip->marketing, testing::HasSubstr(row["marketing"]));
    EXPECT_THAT(std::vector<std::string>(chip->names.begin(), chip->names.end()),
                testing::ElementsAreArray(full_names(row["names"])));
  }
}

TEST(ChipTable, is_sorted_and_every_record_names_its_sources) {
  for (std::size_t i = 0; i < all_chips().size(); ++i) {
    const Chip& chip = all_chips()[i];
    if (i > 0) {
      EXPECT_LT(all_chips()[i - 1].hw_code, chip.hw_code);
    }
    EXPECT_FALSE(chip.sources.empty()) << chip.name;
    EXPECT_THAT(chip.names, testing::Contains(chip.name));
    EXPECT_EQ(chip.watchdog.address == 0, chip.watchdog.bits == 0) << chip.name;
  }
}

TEST(ChipTable, knows_the_configuration_tails_of_legacy_agents) {
  EXPECT_EQ(find_chip(0x6580)->legacy.tail.kind, TailKind::tlc24);
  EXPECT_EQ(find_chip(0x6580)->legacy.other_tail, ConfigTail{});
  EXPECT_EQ(find_chip(0x8163)->legacy.tail.kind, TailKind::tlc24);
  EXPECT_EQ(find_chip(0x8127)->legacy.tail.kind, TailKind::tlc28);
  EXPECT_EQ(find_chip(0x6592)->legacy.tail, (ConfigTail{TailKind::zero4, 0}));
  EXPECT_EQ(find_chip(0x6582)->legacy.other_tail, (ConfigTail{TailKind::zero4, 1}));
  for (const std::uint16_t code :
       Codes{0x6571, 0x6572, 0x6595, 0x0321, 0x0335, 0x0337, 0x6752, 0x6795, 0x8172, 0x8590, 0x2601}) {
    EXPECT_EQ(find_chip(code)->legacy.tail.kind, TailKind::none) << code;
  }
}

TEST(ChipTable, knows_which_reports_carry_a_word_more) {
  for (const std::uint16_t code : Codes{0x8127, 0x8163, 0x8590})
    EXPECT_EQ(find_chip(code)->legacy.report_extra_u32, Known::yes) << code;
  for (const std::uint16_t code : Codes{0x6580, 0x0321, 0x6752, 0x6795, 0x8172, 0x6595, 0x2601})
    EXPECT_EQ(find_chip(code)->legacy.report_extra_u32, Known::no) << code;
  for (const std::uint16_t code : Codes{0x6571, 0x6572, 0x6582, 0x6583})
    EXPECT_EQ(find_chip(code)->legacy.report_extra_u32, Known::unknown) << code;
}

TEST(ChipTable, an_unknown_chip_gets_the_common_watchdog_and_the_legacy_family) {
  EXPECT_EQ(find_chip(0x1234), nullptr);
  EXPECT_EQ(default_chip().watchdog, (Watchdog{.address = 0x10007000, .value = 0x22000064, .bits = 32}));
  EXPECT_EQ(default_chip().da_protocol, DaProtocol::legacy);
  EXPECT_TRUE(default_chip().names.empty());
}

std::vector<std::pair<unsigned, NameMatch>> found(std::string_view platform) {
  std::vector<std::pair<unsigned, NameMatch>> result;
  for (const ChipMatch& match : chips_of_platform(platform)) {
    result.emplace_back(match.chip->hw_code, match.match);
  }
  return result;
}

using testing::ElementsAre;
using testing::Pair;

TEST(PlatformName, of_one_chip_is_exact) {
  EXPECT_THAT(found("MT6580"), ElementsAre(Pair(0x6580u, NameMatch::exact)));
  EXPECT_THAT(found("mt6580"), ElementsAre(Pair(0x6580u, NameMatch::exact)));
  EXPECT_THAT(found("MT6589"), ElementsAre(Pair(0x6583u, NameMatch::exact)));
}

TEST(PlatformName, with_another_suffix_is_the_same_number) {
  EXPECT_EQ(match_platform(*find_chip(0x0551), "MT6757D"), NameMatch::exact);
  EXPECT_EQ(match_platform(*find_chip(0x0551), "MT6757CD"), NameMatch::same_number);
  EXPECT_THAT(found("MT6737T"),
              ElementsAre(Pair(0x0335u, NameMatch::same_number), Pair(0x0321u, NameMatch::family),
                          Pair(0x0337u, NameMatch::family)));
  EXPECT_THAT(found("MT6735M"),
              ElementsAre(Pair(0x0321u, NameMatch::same_number), Pair(0x0335u, NameMatch::same_number),
                          Pair(0x0337u, NameMatch::family)));
}

TEST(PlatformName, of_several_chips_yields_them_all) {
  EXPECT_THAT(found("MT6750"), ElementsAre(Pair(0x0326u, NameMatch::exact), Pair(0x0601u, NameMatch::exact)));
}

TEST(PlatformName, that_scatter_files_are_known_to_carry_is_told_apart) {
  EXPECT_THAT(found("MT6765"), ElementsAre(Pair(0x0766u, NameMatch::exact), Pair(0x0717u, NameMatch::seen)));
}

TEST(PlatformName, of_a_stranger_matches_nothing) {
  EXPECT_TRUE(found("MT9999").empty());
  EXPECT_TRUE(found("").empty());
  EXPECT_TRUE(found("MT").empty());
  EXPECT_EQ(match_platform(*find_chip(0x6580), "MT6582"), NameMatch::none);
  EXPECT_EQ(match_platform(default_chip(), "MT6580"), NameMatch::none);
}

TEST(PlatformName, every_name_of_a_chip_finds_it) {
  for (const Chip& chip : all_chips()) {
    for (const std::string_view name : chip.names)
      EXPECT_EQ(match_platform(chip, name), NameMatch::exact) << name;
  }
}

}  // namespace
}  // namespace mtk
