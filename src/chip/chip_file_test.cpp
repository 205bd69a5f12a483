// SPDX-License-Identifier: Apache-2.0
// Chip records read at run time: equal to the generated table, and clear about what is wrong with a file.
#include "chip/chip_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mtk {
namespace {

const std::filesystem::path chip_folder = MTK_SOURCE_DIR "/data/chips";

Result<std::string> no_parents(const std::string& name) { return fail(Errc::io, "no file " + name); }

Result<ChipFile> parse(const std::string& text) { return ChipFile::parse(text, "my.toml", no_parents); }

const std::string minimal =
    "name = \"MT1\"\nhw_code = 0x1111\nnames = [\"MT1\"]\nda_protocol = \"legacy\"\nsources = [\"me\"]\n";

void expect_equal(const Chip& a, const Chip& b) {
  const auto list = [](std::span<const std::string_view> items) {
    return std::vector<std::string_view>(items.begin(), items.end());
  };
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(list(a.names), list(b.names));
  EXPECT_EQ(list(a.scatter_names), list(b.scatter_names));
  EXPECT_EQ(list(a.sources), list(b.sources));
  EXPECT_EQ(a.marketing, b.marketing);
  EXPECT_EQ(a.note, b.note);
  EXPECT_EQ(a.da_protocol, b.da_protocol);
  EXPECT_EQ(a.da_entry_hw_code, b.da_entry_hw_code);
  EXPECT_EQ(a.watchdog, b.watchdog);
  EXPECT_EQ(a.uart0, b.uart0);
  EXPECT_EQ(a.da1_address, b.da1_address);
  EXPECT_EQ(a.da1_address_forced_by_preloader, b.da1_address_forced_by_preloader);
  EXPECT_EQ(a.preloader_version, b.preloader_version);
  EXPECT_EQ(a.bbchip_id, b.bbchip_id);
  EXPECT_EQ(a.usb_download, b.usb_download);
  EXPECT_EQ(a.is_iot, b.is_iot);
  EXPECT_EQ(a.is_64bit, b.is_64bit);
  EXPECT_EQ(a.asks_soc_id, b.asks_soc_id);
  EXPECT_EQ(a.write_status_may_be_one, b.write_status_may_be_one);
  EXPECT_EQ(a.legacy, b.legacy);
  EXPECT_EQ(a.xflash, b.xflash);
  EXPECT_EQ(a.tested, b.tested);
}

TEST(ChipFile, every_file_of_the_project_reads_the_same_at_run_time) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{chip_folder}) {
    if (entry.path().extension() != ".toml") continue;
    SCOPED_TRACE(entry.path());
    const auto file = ChipFile::load(entry.path());
    ASSERT_TRUE(file) << to_string(file.error());
    const Chip* generated = find_chip(file->chip().hw_code);
    ASSERT_NE(generated, nullptr);
    expect_equal(file->chip(), *generated);
    ++files;
  }
  EXPECT_EQ(files, all_chips().size());
}

TEST(ChipFile, stays_valid_when_moved) {
  auto file = parse(minimal + "note = \"short\"\n");
  ASSERT_TRUE(file);
  const Chip& chip = file->chip();
  const ChipFile moved = std::move(*file);
  EXPECT_EQ(&moved.chip(), &chip);
  EXPECT_EQ(chip.note, "short");
  EXPECT_EQ(chip.names.front(), "MT1");
}

TEST(ChipFile, a_child_lays_its_fields_over_its_parent) {
  const auto parent = [](const std::string&) -> Result<std::string> {
    return "watchdog = { address = 0x10, value = 0x20, bits = 16 }\nuart0 = 5\n"
           "legacy = { tail = { kind = \"zero4\", word = 1 }, bmt_flag = 1 }\n";
  };
  const auto file = ChipFile::parse("inherits = \"common/x\"\nwatchdog = { value = 0x30 }\n" + minimal +
                                        "legacy = { tail = { kind = \"zero4\" } }\n",
                                    "my.toml", parent);
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_EQ(file->chip().watchdog, (Watchdog{.address = 0x10, .value = 0x30, .bits = 16}));
  EXPECT_EQ(file->chip().uart0, 5u);
  EXPECT_EQ(file->chip().legacy.tail, (ConfigTail{TailKind::zero4, 0}));
  EXPECT_EQ(file->chip().legacy.bmt_flag, 1);
}

TEST(ChipFile, reads_what_is_special_about_xflash_agents) {
  const auto file =
      parse(minimal + "xflash = { joined_acks = true, shutdown_bytes = 32, checksum_bits = 32 }\n");
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_EQ(file->chip().xflash,
            (XflashFacts{.joined_acks = true, .shutdown_bytes = 32, .checksum_bits = 32}));
}

TEST(ChipFile, reads_what_is_special_about_xml_agents) {
  const auto file =
      parse(minimal + "xml = { starts_64bit = true, checksum_bits = 16, challenge = \"hrid_random\" }\n");
  ASSERT_TRUE(file) << to_string(file.error());
  EXPECT_EQ(file->chip().xml,
            (XmlFacts{.starts_64bit = true, .checksum_bits = 16, .challenge = XmlChallenge::hrid_random}));
  EXPECT_THAT(parse(minimal + "xml = { checksum_bits = 8 }\n").error().what,
              testing::HasSubstr("must be one of 16, 32"));
}

struct Mistake {
  std::string text;
  std::string message;
};

class ChipFileMistake : public testing::TestWithParam<Mistake> {};

TEST_P(ChipFileMistake, is_refused_with_file_and_line) {
  const auto file = parse(GetParam().text);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Errc::bad_image);
  EXPECT_THAT(file.error().what, testing::HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ChipFileMistake,
    testing::Values(
        Mistake{"name = ", "my.toml:1:"},
        Mistake{minimal + "speed = 3\n", "my.toml:6: speed is no known field"},
        Mistake{minimal + "uart0 = -1\n", "my.toml:6: uart0 must be a number"},
        Mistake{minimal + "uart0 = \"x\"\n", "uart0 must be a number"},
        Mistake{minimal + "bbchip_id = 0x100\n", "bbchip_id must be a number from 0 to 0xff"},
        Mistake{minimal + "is_iot = 1\n", "is_iot must be true or false"},
        Mistake{minimal + "note = 1\n", "note must be a text"},
        Mistake{minimal + "scatter_names = [1]\n", "scatter_names must be a list of texts"},
        Mistake{minimal + "watchdog = 3\n", "watchdog must be a table"},
        Mistake{minimal + "watchdog = { bits = 8 }\n", "watchdog.bits must be one of 0, 16, 32"},
        Mistake{minimal + "legacy = { tail = { kind = \"zero5\" } }\n", "legacy.tail.kind must be one of"},
        Mistake{minimal + "legacy = { tail = { size = 1 } }\n", "legacy.tail.size is no known field"},
        Mistake{minimal + "xflash = { shutdown_bytes = 28 }\n",
                "xflash.shutdown_bytes must be one of 24, 32"},
        Mistake{minimal + "xflash = { checksum_bits = 8 }\n", "xflash.checksum_bits must be one of 16, 32"},
        Mistake{minimal + "tested = { write = \"yes\" }\n", "tested.write must be one of"},
        Mistake{"name = \"A\"\n", "names is missing"},
        Mistake{"name = \"A\"\nnames = [\"B\"]\nhw_code = 1\nda_protocol = \"xml\"\nsources = []\n",
                "names must contain the name"},
        Mistake{"inherits = \"../../etc/passwd\"\n" + minimal, "inherits must name a file of this folder"},
        Mistake{"inherits = \"/etc/x\"\n" + minimal, "inherits must name a file of this folder"}));

TEST(ChipFile, a_circle_of_parents_ends_in_an_error) {
  const auto circle = [](const std::string&) -> Result<std::string> { return "inherits = \"common/x\"\n"; };
  const auto file = ChipFile::parse("inherits = \"common/x\"\n" + minimal, "my.toml", circle);
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().what, testing::HasSubstr("chains more than 4 files"));
}

TEST(ChipFile, a_parent_may_not_name_a_chip) {
  const auto parent = [](const std::string&) -> Result<std::string> { return "hw_code = 7\n"; };
  const auto file = ChipFile::parse("inherits = \"common/x\"\n" + minimal, "my.toml", parent);
  ASSERT_FALSE(file);
  EXPECT_THAT(file.error().what, testing::HasSubstr("common/x.toml:1: hw_code belongs to one chip"));
}

TEST(ChipFile, a_missing_file_is_an_io_error) {
  const auto file = ChipFile::load(chip_folder / "mt0000.toml");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Errc::not_found);
}

RC_GTEST_PROP(ChipFile, any_text_yields_a_record_or_an_error, (const std::string& text)) {
  const auto file = parse(minimal + text);
  if (!file) RC_ASSERT(file.error().code == Errc::bad_image || file.error().code == Errc::io);
}

}  // namespace
}  // namespace mtk
