// SPDX-License-Identifier: Apache-2.0
#include "image/scatter/convert.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {
namespace {

using testing::HasSubstr;

/// A V1 file around the given entries.
std::string file_with(std::string_view entries, std::string_view block_size = "0x20000") {
  return fmt::format(
      "- general: MTK_PLATFORM_CFG\n  info: \n    - config_version: V1.1.2\n      platform: MT6580\n"
      "      project: k80\n      storage: EMMC\n      boot_channel: MSDC_0\n      block_size: {}\n{}",
      block_size, entries);
}

struct Lines {
  std::string name = "lk";
  std::string file = "lk.bin";
  std::string address = "0x100000";
  std::string linear = "0x100000";
  std::string size = "0x80000";
  std::string region = "EMMC_USER";
  std::string reserved = "false";
  std::string more = "";
};
std::string entry_with(const Lines& l) {
  return fmt::format(
      "- partition_index: SYS0\n  partition_name: {}\n  file_name: {}\n  is_download: true\n"
      "  type: NORMAL_ROM\n  linear_start_addr: {}\n  physical_start_addr: {}\n  partition_size: {}\n"
      "  region: {}\n  storage: HW_STORAGE_EMMC\n  boundary_check: true\n  is_reserved: {}\n"
      "  operation_type: UPDATE\n{}  reserve: 0x00\n\n",
      l.name, l.file, l.linear, l.address, l.size, l.region, l.reserved, l.more);
}

Result<Scatter> parse(std::string_view text) { return parse_scatter(to_bytes(text), "a.txt"); }
Scatter parsed(std::string_view text) {
  auto scatter = parse(text);
  if (!scatter) ADD_FAILURE() << to_string(scatter.error());
  return scatter.value();
}
std::string warnings_of(const Scatter& scatter) {
  std::string text;
  for (const Diagnostic& warning : scatter.warnings) text += to_string(warning, "a.txt") + "\n";
  return text;
}

TEST(Scatter, any_line_end_and_a_byte_order_mark_give_the_same_table) {
  const std::string lines = file_with(entry_with({}));
  const Scatter expected = parsed(lines);
  std::string crlf;
  std::string cr;
  std::string utf16 = "\xff\xfe";
  for (const char c : lines) {
    crlf += c == '\n' ? "\r\n" : std::string(1, c);
    cr += c == '\n' ? '\r' : c;
    utf16 += c;
    utf16 += '\0';
  }
  for (const std::string& text : {crlf, cr, "\xef\xbb\xbf" + lines, utf16}) {
    EXPECT_EQ(parsed(text).sections.at(0).entries, expected.sections.at(0).entries);
  }
}

TEST(Scatter, bytes_of_other_encodings_in_comments_do_no_harm) {
  EXPECT_EQ(parsed(file_with("# \xb7\xd6\xc7\xf8\xb1\xed\n" + entry_with({}))).sections.at(0).entries.size(),
            1u);
}

TEST(Scatter, a_bad_number_is_an_error_with_line_and_column) {
  const auto scatter = parse(file_with(entry_with({.size = "0x8000g"})));
  ASSERT_FALSE(scatter);
  EXPECT_EQ(scatter.error().code, Errc::bad_image);
  EXPECT_THAT(scatter.error().what,
              HasSubstr("a.txt:16:19: error: '0x8000g' is no number for partition_size"));
}

TEST(Scatter, a_number_that_overflows_64_bits_is_an_error) {
  EXPECT_FALSE(parse(file_with(entry_with({.size = "0x10000000000000000"}))));
}

TEST(Scatter, a_missing_size_is_an_error_naming_the_entry) {
  const auto scatter =
      parse(file_with("- partition_index: SYS7\n  partition_name: lk\n"
                      "  physical_start_addr: 0x0\n  region: EMMC_USER\n"));
  ASSERT_FALSE(scatter);
  EXPECT_THAT(scatter.error().what, HasSubstr("a.txt:9:3: error: SYS7 (lk) has no partition_size"));
}

TEST(Scatter, an_entry_that_ends_with_the_file_is_named_by_its_place) {
  const auto scatter = parse(file_with(entry_with({}) + "- partition_index:"));
  ASSERT_FALSE(scatter);
  EXPECT_THAT(scatter.error().what, HasSubstr("error: an entry without a label has no partition_name"));
}

TEST(Scatter, a_value_longer_than_any_name_is_an_error) {
  const auto scatter = parse(file_with(entry_with({.file = std::string(256, 'x')})));
  ASSERT_FALSE(scatter);
  EXPECT_THAT(scatter.error().what, HasSubstr("a.txt:11:14: error: file_name is 256 characters long"));
  EXPECT_TRUE(parse(file_with(entry_with({.file = std::string(255, 'x')}))));
}

TEST(Scatter, a_file_without_partitions_is_an_error) { EXPECT_FALSE(parse(file_with(""))); }

TEST(Scatter, file_names_are_cut_to_their_base_name_with_a_warning) {
  for (const char* path : {"../../etc/passwd", "C:\\rom\\passwd", "/etc/passwd"}) {
    const Scatter scatter = parsed(file_with(entry_with({.file = path})));
    EXPECT_EQ(scatter.sections.at(0).entries.at(0).file_name, "passwd");
    EXPECT_THAT(warnings_of(scatter), HasSubstr("only 'passwd' is used"));
  }
  const Scatter dots = parsed(file_with(entry_with({.file = ".."})));
  EXPECT_EQ(dots.sections.at(0).entries.at(0).file_name, "");
}

TEST(Scatter, none_in_any_case_and_nothing_mean_no_file) {
  for (const char* name : {"NONE", "none", ""}) {
    EXPECT_EQ(parsed(file_with(entry_with({.file = name}))).sections.at(0).entries.at(0).file_name, "");
  }
}

TEST(Scatter, unknown_keys_are_kept_and_unknown_words_warned_about) {
  const Scatter scatter = parsed(file_with(entry_with({.region = "EMMC_MOON", .more = "  d_type: FALSE\n"})));
  const ScatterEntry& entry = scatter.sections.at(0).entries.at(0);
  EXPECT_EQ(entry.more, (std::vector<std::pair<std::string, std::string>>{{"d_type", "FALSE"}}));
  EXPECT_THAT(warnings_of(scatter), HasSubstr("unknown region 'EMMC_MOON' of lk"));
  EXPECT_EQ(place(entry, scatter.sections.at(0), 0x1000000).error().code, Errc::unsupported);
}

TEST(Scatter, both_spellings_of_the_boot_areas_are_the_same_area) {
  for (const char* region : {"EMMC_BOOT_1", "EMMC_BOOT1", "emmc_boot1"}) {
    EXPECT_EQ(parsed(file_with(entry_with({.region = region}))).sections.at(0).entries.at(0).area,
              Area::boot1);
  }
}

TEST(Scatter, only_addresses_of_the_form_ffffnnnn_count_from_the_end) {
  EXPECT_TRUE(is_from_end(0xffff0000));
  EXPECT_TRUE(is_from_end(0xffff01d8));
  EXPECT_FALSE(is_from_end(0xfffeffff));
  EXPECT_FALSE(is_from_end(0x1ffff0080));
  EXPECT_FALSE(is_from_end(0xdf800000));
}

TEST(Scatter, distance_zero_means_the_last_bytes_of_the_area) {
  const Scatter scatter = parsed(file_with(entry_with({.name = "sgpt",
                                                       .address = "0xFFFF0000",
                                                       .linear = "0xFFFF0000",
                                                       .size = "0x4200",
                                                       .reserved = "true"})));
  const ScatterSection& section = scatter.sections.at(0);
  EXPECT_EQ(place(section.entries.at(0), section, 0x1000000).value().region,
            (Region{Area::user, 0x1000000 - 0x4200, 0x4200}));
}

TEST(Scatter, counting_from_the_end_needs_the_size_of_the_area) {
  const Scatter scatter =
      parsed(file_with(entry_with({.address = "0xFFFF0080", .linear = "0xFFFF0080", .reserved = "true"})));
  const ScatterSection& section = scatter.sections.at(0);
  EXPECT_EQ(place(section.entries.at(0), section, {}).error().code, Errc::out_of_range);
  // 0x80 blocks of 0x20000 do not fit into 1 MiB.
  EXPECT_EQ(place(section.entries.at(0), section, 0x100000).error().code, Errc::out_of_range);
}

TEST(Scatter, an_entry_behind_the_end_of_its_area_is_not_placed) {
  const Scatter scatter = parsed(file_with(entry_with({})));
  const ScatterSection& section = scatter.sections.at(0);
  EXPECT_TRUE(place(section.entries.at(0), section, 0x180000));
  EXPECT_EQ(place(section.entries.at(0), section, 0x17ffff).error().code, Errc::out_of_range);
  EXPECT_EQ(place(section.entries.at(0), section, 0x1000).error().code, Errc::out_of_range);
}

TEST(Scatter, a_zero_physical_column_with_descending_linear_addresses_is_refused) {
  const auto scatter =
      parse(file_with(entry_with({.name = "MBR", .address = "0x0", .linear = "0xc00000"}) +
                      entry_with({.name = "UBOOT", .address = "0x0", .linear = "0xb00000"})));
  ASSERT_FALSE(scatter);
  EXPECT_THAT(scatter.error().what, HasSubstr("descend"));
}

TEST(Scatter, one_entry_at_zero_leaves_the_physical_column_in_force) {
  const Scatter scatter =
      parsed(file_with(entry_with({.name = "MBR", .address = "0x0", .linear = "0xc00000"}) +
                       entry_with({.name = "UBOOT", .address = "0x100000", .linear = "0xf00000"})));
  const ScatterSection& section = scatter.sections.at(0);
  EXPECT_EQ(place(section.entries.at(1), section, {}).value().region.offset, 0x100000u);
}

TEST(Scatter, overlapping_entries_and_odd_starts_are_warned_about) {
  const Scatter scatter =
      parsed(file_with(entry_with({}) + entry_with({.name = "lk2", .address = "0x100200"}) +
                       entry_with({.name = "x", .address = "0x900001"})));
  EXPECT_THAT(warnings_of(scatter), HasSubstr("lk2 overlaps lk"));
  EXPECT_THAT(warnings_of(scatter), HasSubstr("x does not start at a sector"));
}

TEST(Scatter, remarks_come_in_the_order_of_their_lines_and_name_nameless_entries_by_their_label) {
  const Scatter scatter = parsed(file_with(entry_with({.name = "", .address = "0x1"}) + "stray\n" +
                                           entry_with({.name = "x", .address = "0x900001"})));
  ASSERT_EQ(scatter.warnings.size(), 4u);
  EXPECT_TRUE(std::ranges::is_sorted(scatter.warnings, {}, &Diagnostic::line));
  EXPECT_THAT(warnings_of(scatter), HasSubstr("SYS0 does not start at a sector"));
}

TEST(Scatter, a_repeated_key_that_decides_nothing_keeps_its_first_value) {
  const Scatter scatter = parsed(file_with(entry_with({.more = "  is_download: false\n"})));
  EXPECT_TRUE(scatter.sections.at(0).entries.at(0).is_download);
  EXPECT_THAT(warnings_of(scatter), HasSubstr("'is_download' stands twice; the first one counts"));
}

TEST(Scatter, a_repeated_address_is_an_error_unless_it_is_the_same) {
  const auto scatter = parse(file_with(entry_with({.more = "  partition_size: 0x1\n"})));
  ASSERT_FALSE(scatter);
  EXPECT_THAT(scatter.error().what,
              HasSubstr("a.txt:22:3: error: 'partition_size' stands twice, as '0x80000' and as '0x1' "
                        "(delete the wrong line)"));
  EXPECT_THAT(warnings_of(parsed(file_with(entry_with({.more = "  partition_size: 0x80000\n"})))),
              HasSubstr("'partition_size' stands twice"));
}

TEST(Scatter, an_entry_listed_twice_counts_once_when_both_are_the_same) {
  const Scatter scatter = parsed(file_with(entry_with({}) + entry_with({})));
  EXPECT_EQ(scatter.sections.at(0).entries.size(), 1u);
  EXPECT_THAT(warnings_of(scatter), HasSubstr("lk is listed twice, first in line 9 (both are the same)"));
}

TEST(Scatter, an_entry_listed_twice_at_different_places_is_an_error) {
  const auto scatter = parse(file_with(entry_with({}) + entry_with({.address = "0x900000"})));
  ASSERT_FALSE(scatter);
  EXPECT_THAT(scatter.error().what, HasSubstr("lk is listed twice"));
  EXPECT_THAT(scatter.error().what, HasSubstr("delete the wrong one"));
}

TEST(Scatter, slips_of_the_pen_are_named_with_what_was_meant) {
  EXPECT_THAT(warnings_of(parsed(file_with(entry_with({.region = "EMMC_USR"})))),
              HasSubstr("unknown region 'EMMC_USR' of lk (did you mean EMMC_USER?)"));
  EXPECT_THAT(warnings_of(parsed(file_with(entry_with({.more = "  is_upgradeable: true\n"})))),
              HasSubstr("a.txt:22:3: warning: unknown key 'is_upgradeable' ignored (did you mean "
                        "is_upgradable?)"));
  const auto scatter =
      parse(file_with("- partition_index: SYS7\n  partition_name: lk\n  physical_start_addr: 0x0\n"
                      "  partion_size: 0x1000\n  region: EMMC_USER\n"));
  ASSERT_FALSE(scatter);
  EXPECT_THAT(
      scatter.error().what,
      HasSubstr("a.txt:9:3: error: SYS7 (lk) has no partition_size (is 'partion_size' meant to be it?)"));
}

TEST(Scatter, quotes_comments_and_tabs_of_people_who_take_it_for_yaml_do_no_harm) {
  const Scatter scatter =
      parsed(file_with("-\tpartition_index:\tSYS0\n\tPartition_Name: \"lk\"\n\tfile_name: 'lk.bin'\n"
                       "\tis_download: true # always\n\tphysical_start_addr: 0x100000 # 1 MiB\n"
                       "\tpartition_size:0x80000\n\tregion : EMMC_USER\n"));
  const ScatterEntry& entry = scatter.sections.at(0).entries.at(0);
  EXPECT_EQ(entry.name, "lk");
  EXPECT_EQ(entry.file_name, "lk.bin");
  EXPECT_TRUE(entry.is_download);
  EXPECT_EQ(entry.physical_start, 0x100000u);
  EXPECT_EQ(entry.linear_start, 0x100000u);
  EXPECT_EQ(entry.size, 0x80000u);
  EXPECT_EQ(entry.area, Area::user);
}

TEST(Scatter, regions_are_known_in_every_spelling) {
  struct Spelling {
    const char* text;
    Area area;
    std::optional<Area> twin = {};
  };
  for (const Spelling& s :
       {Spelling{"EMMC-USER", Area::user}, Spelling{"EMMC_BOOT_2", Area::boot2},
        Spelling{"EMMC_GP1", Area::gp1}, Spelling{"EMMC_RPMB", Area::rpmb},
        Spelling{"EMMC_BOOT_1_BOOT_2", Area::boot1, Area::boot2},
        Spelling{"EMMC-BOOT1-BOOT2", Area::boot1, Area::boot2}, Spelling{"UFS-LUA2", Area::lu2},
        Spelling{"UFS_LU0_LU1", Area::lu0, Area::lu1}, Spelling{"NAND-WHOLE", Area::nand}}) {
    const Scatter scatter = parsed(file_with(entry_with({.region = s.text})));
    EXPECT_EQ(scatter.sections.at(0).entries.at(0).area, s.area) << s.text;
    EXPECT_EQ(scatter.sections.at(0).entries.at(0).twin, s.twin) << s.text;
  }
}

std::string nand_text() {
  std::string text = file_with(
      "- partition_index: SYS0\n  partition_name: PRELOADER\n  file_name: preloader.bin\n  is_download: "
      "true\n"
      "  type: SV5_BL_BIN\n  linear_start_addr: 0x0\n  physical_start_addr: 0x0\n  partition_size: 0x80000\n"
      "  region: NONE\n  storage: HW_STORAGE_NAND\n  boundary_check: true\n  is_reserved: false\n"
      "  operation_type: BOOTLOADERS\n  d_type: FULL_PAGE\n  slc_percentage: 100\n  reserve: 0x00\n"
      "- partition_index: SYS1\n  partition_name: USRDATA\n  file_name: mntl.img\n  is_download: true\n"
      "  type: FTL20_IMG\n  linear_start_addr: 0x80000\n  physical_start_addr: 0x80000\n"
      "  partition_size: 0x0\n  region: NONE\n  storage: HW_STORAGE_NAND\n  boundary_check: true\n"
      "  is_reserved: false\n  operation_type: UPDATE\n  d_type: LOW_PAGE\n  slc_percentage: 10\n"
      "- partition_index: SYS2\n  partition_name: BMTPOOL\n  file_name: NONE\n  is_download: false\n"
      "  type: NORMAL_ROM\n  linear_start_addr: 0xffff0000\n  physical_start_addr: 0xffff0000\n"
      "  partition_size: 0x0\n  region: NONE\n  storage: HW_STORAGE_NAND\n  boundary_check: false\n"
      "  is_reserved: true\n  operation_type: RESERVED\n");
  text.replace(text.find("V1.1.2"), 6, "V1.1.7");
  text.replace(text.find("storage: EMMC"), 13, "storage: NAND");
  text.replace(text.find("MSDC_0"), 6, "NONE");
  return text;
}

TEST(Scatter, nand_files_place_their_entries_in_the_whole_chip) {
  const Scatter scatter = parsed(nand_text());
  const ScatterSection& section = scatter.sections.at(0);
  EXPECT_EQ(section.storage, ScatterStorage::nand);
  EXPECT_EQ(section.find("USRDATA")->type, ScatterType::mntl);
  EXPECT_EQ(section.find("USRDATA")->more.at(0), (std::pair<std::string, std::string>{"d_type", "LOW_PAGE"}));
  EXPECT_EQ(place(*section.find("PRELOADER"), section, 0x20000000).value().region,
            (Region{Area::nand, 0, 0x80000}));
  // How large the pool of spare blocks is only the phone knows; what is before it reaches up to the end.
  EXPECT_EQ(place(*section.find("BMTPOOL"), section, 0x20000000).error().code, Errc::out_of_range);
  EXPECT_EQ(place(*section.find("USRDATA"), section, 0x20000000).value().region,
            (Region{Area::nand, 0x80000, 0x20000000 - 0x80000}));
}

TEST(Scatter, xml_errors_have_their_line_and_column) {
  const std::string open =
      "<root>\n <general name=\"MTK_PLATFORM_CFG\"><config_version name=\"V1.1.8\">"
      "<platform>MT6768</platform></config_version></general>\n <partition_index name=\"SYS0\">\n";
  const std::string names =
      "  <partition_name>lk</partition_name><region>EMMC_USER</region>"
      "<physical_start_addr>0x0</physical_start_addr>\n";
  const auto bad = parse(open + names + "  <partition_size>1O</partition_size></partition_index></root>");
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().what, HasSubstr("a.txt:5:4: error: '1O' is no number for partition_size"));
  const auto cut = parse(open + names);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, Errc::bad_image);
  EXPECT_THAT(cut.error().what, HasSubstr("not usable XML"));
  const auto nested = parse(open + names +
                            "<partition_size>0x10</partition_size><partition_index name=\"SYS1\"/>"
                            "</partition_index></root>");
  ASSERT_FALSE(nested);
  const Scatter good =
      parsed(open + names + "<partition_size>0x10</partition_size></partition_index></root>");
  EXPECT_EQ(good.generation, ScatterGeneration::xml_v1);
  EXPECT_EQ(good.config_version, "V1.1.8");
}

TEST(Scatter, a_value_cannot_smuggle_lines_into_another_form) {
  const std::string head = "<root><general name=\"MTK_PLATFORM_CFG\"/><partition_index name=\"SYS0\">";
  EXPECT_FALSE(parse(
      head + "<partition_name>a&#10;- partition_index: SYS1</partition_name></partition_index></root>"));
  EXPECT_FALSE(parse("<root><general name=\"MTK_PLATFORM_CFG\"/><partition_index name=\"a&#10;b\"/></root>"));
}

TEST(Scatter, braces_may_stand_on_any_line) {
  const std::string expected = "A 0x0\n{\n}\nB 0x100\n{\n}\n";
  for (const char* text :
       {"A 0x0 {\n}\nB 0x100 {}\n", "A 0x0\n{ }\nB\t0X100\r\n{\r\n}\r\n", "A 0x0\n{}\nB 0x100"}) {
    EXPECT_EQ(parsed(text).sections.at(0).entries.at(1).physical_start, 0x100u) << text;
    EXPECT_EQ(parsed(text).sections.at(0).entries.at(0).size, 0x100u) << text;
  }
  EXPECT_THAT(warnings_of(parsed("A 0x0\n{\nx\n}\nB 0x100\n{\n}\n")),
              HasSubstr("a.txt:3:1: warning: 'x' between braces ignored"));
  EXPECT_TRUE(parse(expected));
}

TEST(Scatter, a_form_for_one_storage_takes_one_table) {
  const std::string two =
      "- storage_type: EMMC\n" + entry_with({}) + "- storage_type: UFS\n" + entry_with({.region = "UFS_LU2"});
  const Scatter scatter = parsed(file_with(two));
  EXPECT_EQ(convert_scatter(scatter, ScatterForm::v1).error().code, Errc::usage);
  EXPECT_EQ(convert_scatter(scatter, ScatterForm::v1, ScatterStorage::nand).error().code, Errc::usage);
  const Scatter ufs = convert_scatter(scatter, ScatterForm::v1, ScatterStorage::ufs).value();
  EXPECT_EQ(ufs.config_version, "V1.1.2");
  EXPECT_EQ(ufs.sections.at(0).storage, ScatterStorage::ufs);
  EXPECT_EQ(convert_scatter(scatter, ScatterForm::xml).value().generation, ScatterGeneration::xml_v2);
}

TEST(Scatter, a_second_section_for_one_storage_is_an_error) {
  EXPECT_FALSE(parse(
      file_with("- storage_type: EMMC\n" + entry_with({}) + "- storage_type: EMMC\n" + entry_with({}))));
}

TEST(Scatter, chip_letters_of_the_camera_driver_are_no_part_of_the_chip) {
  EXPECT_EQ(chip_of_platform("MT6757D"), "MT6757");
  EXPECT_EQ(chip_of_platform("mt6580"), "MT6580");
  EXPECT_EQ(chip_of_platform("MT6735M"), "MT6735M");
  EXPECT_EQ(chip_of_platform("D"), "D");
  EXPECT_EQ(chip_of_platform(""), "");
}

TEST(Scatter, ordinary_text_is_refused_with_its_first_line) {
  const auto scatter = parse("hello there\nthis is no scatter\n");
  ASSERT_FALSE(scatter);
  EXPECT_THAT(scatter.error().what, HasSubstr("a.txt:1:1: error: not a scatter file: 'hello there'"));
  EXPECT_FALSE(parse(""));
  EXPECT_FALSE(parse("\n \n"));
}

TEST(Scatter, a_brace_entry_listed_twice_counts_as_in_every_other_form) {
  const std::string first = "A 0x0\n{\n}\n__NODL_BMTPOOL 0xFFFF0050\n{\n}\n";
  const Scatter scatter = parsed(first + "__NODL_RSV_BMTPOOL 0xFFFF0050\n{\n}\n");
  EXPECT_EQ(scatter.sections.at(0).entries.size(), 2u);
  EXPECT_THAT(warnings_of(scatter), HasSubstr("BMTPOOL is listed twice, first in line 4"));
  EXPECT_FALSE(parse(first + "__NODL_BMTPOOL 0xFFFF00a8\n{\n}\n"));
}

TEST(Scatter, brace_addresses_must_ascend) {
  EXPECT_TRUE(parse("A 0x0\n{\n}\nB 0x100\n{\n}\n"));
  EXPECT_FALSE(parse("A 0x100\n{\n}\nB 0x0\n{\n}\n"));
}

}  // namespace
}  // namespace mtk
