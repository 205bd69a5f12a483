// SPDX-License-Identifier: Apache-2.0
// Scatters that are made: printed, converted, and out of a phone's table.
#include "image/scatter/convert.h"
#include "image/scatter/from_table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace mtk {
namespace {

Result<Scatter> scatter_of_text(std::string_view text) { return parse_scatter(to_bytes(text), "a.txt"); }

bool is_nvram(std::string_view name) { return name == "nvram"; }

TEST(ScatterOfTable, a_phones_table_becomes_a_scatter_that_downloads_nothing) {
  const std::vector<TableEntry> table{{"nvram", {Area::lu2, 0x8000, 0x1000}},
                                      {"boot", {Area::lu2, 0x9000, 0x2000}}};
  const Scatter scatter = scatter_of_table(table, "MT6893", is_nvram).value();
  const Scatter back = scatter_of_text(print_scatter(scatter).value()).value();
  const ScatterSection& section = *back.section(ScatterStorage::ufs);
  ASSERT_EQ(section.entries.size(), 4u);
  EXPECT_EQ(section.find("preloader")->twin, Area::lu1);
  EXPECT_EQ(place(*section.find("preloader"), section, 0x80000).value().region,
            (Region{Area::lu0, 0, 0x80000}));
  EXPECT_EQ(section.find("pgpt")->size, 0x8000u);
  EXPECT_EQ(place(*section.find("boot"), section, {}).value().region, (Region{Area::lu2, 0x9000, 0x2000}));
  EXPECT_EQ(section.find("boot")->file_name, "boot.img");
  EXPECT_EQ(section.find("nvram")->policy, ScatterPolicy::protected_area);
  EXPECT_TRUE(std::ranges::none_of(section.entries, &ScatterEntry::is_download));
  EXPECT_TRUE(back.warnings.empty());
}

TEST(ScatterOfTable, a_table_no_scatter_can_hold_is_refused) {
  const auto refused = [](std::vector<TableEntry> table) {
    const auto scatter = scatter_of_table(table, "", is_nvram);
    return !scatter && scatter.error().code == Errc::bad_image;
  };
  const Region at{Area::user, 0x1000, 0x1000};
  EXPECT_TRUE(refused({}));
  for (const char* name : {"", " a", "a\nb", "../a", "#a", "\"a\""})
    EXPECT_TRUE(refused({{name, at}})) << name;
  EXPECT_TRUE(refused({{"a", at}, {"a", {Area::user, 0x3000, 0x1000}}}));
  EXPECT_TRUE(refused({{"a", at}, {"b", {Area::rpmb, 0, 0x1000}}}));
}

RC_GTEST_PROP(ScatterProperty, a_phones_table_survives_every_form, ()) {
  const auto area = *rc::gen::element(Area::user, Area::lu2, Area::nand);
  std::vector<TableEntry> table;
  std::uint64_t at = *rc::gen::element(0ULL, 0x8000ULL, 0x80000ULL);
  const auto count = *rc::gen::inRange<std::size_t>(1, 30);
  for (std::size_t i = 0; i < count; ++i) {
    at += 512 * *rc::gen::inRange<std::uint64_t>(0, 100);
    const std::uint64_t length = 512 * *rc::gen::inRange<std::uint64_t>(1, 1 << 20);
    table.push_back({fmt::format("part_{}", i), {area, at, length}});
    at += length;
  }
  const Scatter scatter = scatter_of_table(table, "MT6580", is_nvram).value();
  const auto form = *rc::gen::element(ScatterForm::v1, ScatterForm::v2, ScatterForm::xml);
  const auto text = print_scatter(convert_scatter(scatter, form).value());
  RC_ASSERT(text.has_value());
  const auto back = scatter_of_text(*text);
  RC_ASSERT(back.has_value());
  for (const TableEntry& entry : table) {
    const ScatterSection& section = back->sections.at(0);
    const ScatterEntry* found = section.find(entry.name);
    RC_ASSERT(found != nullptr);
    RC_ASSERT(place(*found, section, {}).value().region == entry.region);
  }
}

// What is printed is what was read.

rc::Gen<std::string> word() {
  return rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::elementOf(std::string("abcxyz_0129"))));
}

rc::Gen<ScatterEntry> entries() {
  return rc::gen::exec([] {
    ScatterEntry entry;
    entry.label = *word();
    entry.name = *word();
    entry.file_name = *rc::gen::oneOf(rc::gen::just(std::string{}),
                                      rc::gen::map(word(), [](std::string w) { return w + ".img"; }));
    entry.is_download = *rc::gen::arbitrary<bool>();
    entry.type =
        *rc::gen::element(ScatterType::none, ScatterType::raw, ScatterType::ext4, ScatterType::unknown);
    entry.linear_start = *rc::gen::arbitrary<std::uint64_t>();
    entry.physical_start = *rc::gen::arbitrary<std::uint64_t>();
    entry.size = *rc::gen::arbitrary<std::uint64_t>();
    entry.region = "UFS_LU0_LU1";
    entry.area = Area::lu0;
    entry.twin = Area::lu1;
    entry.storage = *rc::gen::element(ScatterStorage::emmc, ScatterStorage::ufs, ScatterStorage::nand);
    entry.boundary_check = *rc::gen::arbitrary<bool>();
    entry.is_reserved = *rc::gen::arbitrary<bool>();
    entry.policy =
        *rc::gen::element(ScatterPolicy::update, ScatterPolicy::binregion, ScatterPolicy::reserved);
    entry.is_upgradable = *rc::gen::arbitrary<bool>();
    entry.empty_boot_needed = *rc::gen::arbitrary<bool>();
    entry.combo_partsize_check = *rc::gen::arbitrary<bool>();
    return entry;
  });
}

RC_GTEST_PROP(ScatterProperty, a_printed_file_reads_as_what_was_printed, ()) {
  Scatter scatter;
  scatter.generation = *rc::gen::element(ScatterGeneration::v1, ScatterGeneration::v2,
                                         ScatterGeneration::xml_v1, ScatterGeneration::xml_v2);
  const bool second =
      scatter.generation == ScatterGeneration::v2 || scatter.generation == ScatterGeneration::xml_v2;
  scatter.config_version = second ? "V2.1.0" : "V1.1.2";
  scatter.platform = *word();
  scatter.project = *word();
  scatter.skip_pmt_operate = *rc::gen::arbitrary<bool>();
  scatter.sections.push_back(
      {.storage = ScatterStorage::emmc, .boot_channel = *word(), .block_size = 0x20000});
  if (second)
    scatter.sections.push_back(
        {.storage = ScatterStorage::ufs, .boot_channel = *word(), .block_size = 0x80000});
  for (ScatterSection& section : scatter.sections) {
    section.entries = *rc::gen::nonEmpty(rc::gen::container<std::vector<ScatterEntry>>(entries()));
    // Names are unique in a table.
    for (std::size_t i = 0; i < section.entries.size(); ++i) section.entries[i].name += fmt::format("{}", i);
  }

  const auto text = print_scatter(scatter);
  RC_ASSERT(text.has_value());
  auto back = scatter_of_text(*text);
  RC_ASSERT(back.has_value());

  RC_ASSERT(back->generation == scatter.generation);
  RC_ASSERT(back->platform == scatter.platform);
  RC_ASSERT(back->project == scatter.project);
  RC_ASSERT(back->skip_pmt_operate == scatter.skip_pmt_operate);
  RC_ASSERT(back->sections.size() == scatter.sections.size());
  for (std::size_t i = 0; i < scatter.sections.size(); ++i) {
    for (ScatterEntry& entry : back->sections[i].entries) entry.line = 0;
    RC_ASSERT(back->sections[i].block_size == scatter.sections[i].block_size);
    RC_ASSERT(back->sections[i].entries == scatter.sections[i].entries);
  }
}

}  // namespace
}  // namespace mtk
