// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/firmware_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::uint64_t mib = 1 << 20;

FirmwareCard demo() {
  FirmwareCard card;
  card.scatter = "rom/MT6580_Android_scatter.txt";
  card.generation = "V1 text";
  card.version = "V1.1.2";
  card.platform = "MT6580";
  card.project = "demo";
  card.storages = {"EMMC"};
  card.chips = {{"MT6580", 0x6580, "exact"}};
  FirmwareEntry nvram;
  nvram.name = "nvram";
  nvram.storage = "EMMC";
  nvram.region = "EMMC_USER";
  nvram.start = 0x380000;
  nvram.size = 5 * mib;
  nvram.identity = true;
  FirmwareEntry boot = nvram;
  boot.name = "boot";
  boot.identity = false;
  boot.start = 0x1d20000;
  boot.size = 16 * mib;
  boot.selected = true;
  boot.file = "boot.img";
  boot.present = true;
  boot.bytes = 7 * mib;
  boot.kind = "Android boot image";
  boot.checksum = ChecksumVerdict::matches;
  FirmwareEntry logo = boot;
  logo.name = "logo";
  logo.file = "logo.bin";
  logo.present = false;
  logo.kind = "";
  card.entries = {nvram, boot, logo};
  return card;
}

TEST(FirmwarePage, shows_the_table_with_the_files_behind_it) {
  const std::string page = firmware_page(demo(), {});
  EXPECT_THAT(page, HasSubstr("Made for               MT6580\n"
                              "Chips                  MT6580 (0x6580)\n"
                              "Project                demo\n"));
  EXPECT_THAT(
      page,
      HasSubstr(
          "   Partition  Area           Start      Room  File         Size  Kind                State\n"
          "   nvram *    EMMC_USER   0x380000   5.0 MiB\n"
          "x  boot       EMMC_USER  0x1d20000  16.0 MiB  boot.img  7.0 MiB  Android boot image  checksum "
          "right\n"
          "x  logo       EMMC_USER  0x1d20000  16.0 MiB  logo.bin                               missing\n"));
  EXPECT_THAT(page, HasSubstr("Nothing in this folder stands in the way of a flash."));
}

TEST(FirmwarePage, leaves_columns_out_where_the_terminal_is_narrow) {
  const Style narrow{.colour = false, .utf8 = false, .width = 80, .terminal = true};
  const std::string page = firmware_page(demo(), narrow);
  EXPECT_THAT(page, HasSubstr("x  boot       16.0 MiB  boot.img  7.0 MiB  checksum right\n"));
  EXPECT_THAT(page, Not(HasSubstr("EMMC_USER")));
}

TEST(FirmwarePage, tells_every_problem_and_never_that_all_is_well_then) {
  FirmwareCard card = demo();
  card.problems = {{"missing_file", "logo", "logo.bin for logo is not in the folder."},
                   {"x", "boot", "is odd"}};
  card.remarks = {{"identity_kept", "nvram", "holds the phone's identity"}};
  const std::string page = firmware_page(card, {});
  EXPECT_THAT(page, HasSubstr("Worth knowing:\n  - nvram: holds the phone's identity\n"));
  EXPECT_THAT(
      page,
      HasSubstr("What stands in the way:\n  - logo.bin for logo is not in the folder.\n  - boot: is odd\n"));
  EXPECT_THAT(page, Not(HasSubstr("Nothing in this folder")));
}

TEST(FirmwarePage, names_that_files_carry_cannot_command_the_terminal) {
  FirmwareCard card = demo();
  card.entries[1].name = "boot\x1b[2J";
  card.platform = "MT\a";
  EXPECT_THAT(firmware_page(card, {}), Not(testing::AnyOf(HasSubstr("\x1b"), HasSubstr("\a"))));
}

TEST(AgentPage, lists_entries_with_their_chips) {
  AgentCard card;
  card.version = "MTK_AllInOne_DA";
  card.sha256 = "ab";
  card.entries = {{.hw_code = 0x6580,
                   .family = "legacy",
                   .chips = {{"MT6580", 0x6580, ""}},
                   .regions = {{0, 1024, 0, 0}}},
                  {.hw_code = 0x9999, .regions = {}}};
  const std::string page = agent_page(card, Style{.width = 100});
  EXPECT_THAT(page, HasSubstr("  - key 0x6580 for MT6580 (0x6580): family legacy, 1 parts, 1.0 KiB\n"));
  EXPECT_THAT(
      page,
      HasSubstr("  - key 0x9999 for a chip that is not in the table: family unknown, 0 parts, 0 bytes\n"));
}

}  // namespace
}  // namespace mtk::cli
