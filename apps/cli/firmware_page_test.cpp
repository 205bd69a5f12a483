// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/firmware_page.h"

#include "base/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

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

TEST(FirmwarePage, says_what_the_firmware_is_and_what_it_can_serve) {
  FirmwareCard card = demo();
  card.package = "one.zip";
  card.form = "zip";
  card.file_count = 12;
  card.build = {
      .brand = "Acme", .model = "One", .android = "11", .security_patch = "2021-05-05", .build = "RP1A"};
  card.verified_boot = VerifiedBootCard{.algorithm = "SHA256_RSA2048",
                                        .key_sha1 = "0123456789abcdef",
                                        .is_signed = true,
                                        .verification_disabled = true};
  card.entries[1].notes = {{"android", "11.0.0", "Android 11.0.0"}, {"signed", "x", "signed (x)"}};
  card.scenes = {{"download-only", true, "", true},
                 {"firmware-upgrade", true, "", false},
                 {"format-all-download", false, "it has no preloader", false}};
  const std::string page = firmware_page(card, {});
  EXPECT_THAT(page, HasSubstr("Package                one.zip (zip archive, read in place, 12 files)\n"));
  EXPECT_THAT(page,
              HasSubstr("Model                  Acme One\n"
                        "Android                11, security patch 2021-05-05\n"
                        "Build                  RP1A\n"
                        "Verified boot          signed, SHA256_RSA2048, key 0123456789ab; verification is "
                        "switched off in it\n"));
  EXPECT_THAT(page, HasSubstr("  - boot.img: Android 11.0.0, signed (x)\n"));
  EXPECT_THAT(page,
              HasSubstr("  - download-only: yes\n"
                        "  - firmware-upgrade: the package has everything for it, but this tool does not\n"
                        "    do it yet\n"
                        "  - format-all-download: no, it has no preloader\n"));
}

TEST(ComparisonPage, ends_with_the_verdict) {
  FirmwareCard card = demo();
  card.package = "roms/one.zip";
  const ComparedWith with{
      .comparison = {.verdict = "foreign",
                     .text = "For another phone.",
                     .rows = {{.id = "chip", .label = "Chip", .text = "MT6580 / MT6735"}}},
      .name = "other"};
  EXPECT_EQ(comparison_page(with, card, {}),
            "one.zip compared with other:\nChip                   MT6580 / MT6735\n\nFor another phone.\n");
}

TEST(AgentPage, lists_entries_with_their_chips_and_parts) {
  AgentCard card;
  card.version = "MTK_AllInOne_DA";
  card.generation = "classic";
  card.sha256 = "ab";
  AgentRegionCard da1{
      .role = "da1", .offset = 0x140c, .length = 1024, .load_address = 0x200000, .signature_length = 256};
  card.entries = {{.hw_code = 0x6580,
                   .hw_sub_code = 0x8a00,
                   .hw_version = 0xca00,
                   .family = "legacy",
                   .chips = {{"MT6580", 0x6580, ""}},
                   .regions = {da1}},
                  {.hw_code = 0x9999, .problem = "too many parts", .regions = {}}};
  const std::string page = agent_page(card, Style{.width = 100});
  EXPECT_THAT(page, HasSubstr("Generation             V3 or V5 (legacy and XFlash)\n"));
  EXPECT_THAT(
      page,
      HasSubstr("  - key 0x6580 for MT6580 (0x6580): family legacy, 1 parts, 1.0 KiB\n"
                "      sub code 0x8a00, hardware 0xca00, software 0x0000\n"
                "      first stage: 1.0 KiB at 0x200000, file offset 0x140c, signature of 256 bytes\n"));
  EXPECT_THAT(
      page,
      HasSubstr("  - key 0x9999 for a chip that is not in the table: family unknown, 0 parts, 0 bytes\n"));
  EXPECT_THAT(page, HasSubstr("not a phone's agent: too many parts\n"));
}

}  // namespace
}  // namespace mtk::cli
