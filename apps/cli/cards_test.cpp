// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/cards.h"

#include "base/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

constexpr Style style{.colour = false, .utf8 = false, .width = 100};
const std::string digest = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

Outcome flashed() {
  Outcome outcome;
  outcome.partitions = {{"nvram", PartitionOutcome::kept, 5 * mib, digest},
                        {"boot", PartitionOutcome::written, 8 * mib, ""},
                        {"boot", PartitionOutcome::verified, 8 * mib, digest},
                        {"preloader", PartitionOutcome::unchanged, 32 * 1024, ""}};
  outcome.identity_folder = "/data/phones/cid-1/identity";
  outcome.duration = 65s;
  return outcome;
}

TEST(SuccessCard, tells_what_was_written_kept_and_verified_and_what_comes_next) {
  EXPECT_EQ(
      success_card(flashed(), BootMode::normal, 10s, style),
      "Done. The phone holds what it should: everything written was read back and compared.\n"
      "\n"
      "  Partition      Size  Done                  SHA-256\n"
      "  boot        8.0 MiB  written and verified  001122334455\n"
      "  preloader  32.0 KiB  was there already\n"
      "\n"
      "Kept on this computer before anything was written: nvram in /data/phones/cid-1/identity.\n"
      "8.0 MiB written, 21.0 MiB moved in all, 2.1 MiB/s. The whole run took 1 min 5 s.\n"
      "It is safe to unplug the phone. The phone starts now. The first start may show only the logo for up\n"
      "to 10 minutes; that is normal.\n");
}

TEST(SuccessCard, never_says_verified_when_something_was_not) {
  Outcome outcome = flashed();
  std::erase_if(outcome.partitions,
                [](const auto& part) { return part.outcome == PartitionOutcome::verified; });
  const std::string card = success_card(outcome, BootMode::off, 1s, style);
  EXPECT_THAT(card, HasSubstr("Done, but not compared with what was sent."));
  EXPECT_THAT(card, Not(HasSubstr("verified\n")));
  EXPECT_THAT(card, HasSubstr("hold the power key to start it"));
}

TEST(FailureCard, has_its_four_parts_in_order) {
  Outcome outcome;
  outcome.error =
      Error{.code = Errc::disconnected, .what = "the phone left", .stage = Stage::write}.in("write boot");
  outcome.failure = FailureReport{.what = "The link broke while boot was written.",
                                  .symbol = "3149 S_DA_SDMMC_WRITE_FAILED",
                                  .device_state = "boot is written in part.",
                                  .cause = "A loose plug.",
                                  .next_actions = {"Plug in again and repeat.", "Change the cable."},
                                  .evidence = {"32 MiB were compared.", "The chip is MT6580."},
                                  .retryable = true};
  outcome.began_writing = true;
  outcome.half_written = "boot";
  outcome.partitions = {{"lk", PartitionOutcome::written, mib, ""},
                        {"lk", PartitionOutcome::verified, mib, digest}};
  EXPECT_EQ(failure_card(outcome, style),
            "What happened: The link broke while boot was written.\n"
            "  write boot: disconnected: the phone left\n"
            "  3149 S_DA_SDMMC_WRITE_FAILED\n"
            "Likely cause: A loose plug.\n"
            "Phone now: boot is written in part.\n"
            "\n"
            "Complete before that:\n"
            "  Partition     Size  Done                  SHA-256\n"
            "  lk         1.0 MiB  written and verified  001122334455\n"
            "\n"
            "Next:\n"
            "  1. Plug in again and repeat.\n"
            "  2. Change the cable.\n"
            "Already checked: 32 MiB were compared. The chip is MT6580.\n");
}

TEST(FailureCard, refusals_say_plainly_that_nothing_was_written) {
  Outcome outcome;
  outcome.error = Error{.code = Errc::refused, .what = "two reasons"};
  outcome.refusals = {"This firmware is for MT6572.", "boot.img is too large."};
  EXPECT_EQ(failure_card(outcome, style),
            "Nothing was written to the phone.\n"
            "\n"
            "  - This firmware is for MT6572.\n"
            "  - boot.img is too large.\n");
  outcome.refusals.clear();
  EXPECT_EQ(failure_card(outcome, style), "Nothing was written to the phone.\n\n  - two reasons\n");
}

TEST(ReadCard, names_file_and_digest) {
  Outcome outcome;
  outcome.partitions = {{"boot", PartitionOutcome::kept, mib, digest}};
  const std::string card = read_card(outcome, ReadJob{{{"boot", "boot.img"}}}, 1s, style);
  EXPECT_THAT(card, HasSubstr("boot       1.0 MiB  boot.img  001122334455"));
  EXPECT_THAT(card, HasSubstr("1.0 MiB read, 1.0 MiB/s. The whole run took 0 s."));
}

TEST(PartitionTable, is_aligned) {
  PhoneCard phone;
  phone.partitions = {{"proinfo", {Area::user, 0x80000, 3 * mib}},
                      {"boot", {Area::user, 0x1d20000, 16 * mib}}};
  EXPECT_EQ(partition_table(phone, style),
            "Partition  Area      Start     Length      Size\n"
            "proinfo    user    0x80000   0x300000   3.0 MiB\n"
            "boot       user  0x1d20000  0x1000000  16.0 MiB\n");
}

TEST(Cards, what_a_phone_says_cannot_command_the_terminal) {
  PhoneCard phone;
  phone.facts = {{"chip", "Chip", "MT\x1b[2J6580"}};
  phone.partitions = {{"a\nb", {Area::user, 0, 1}}};
  EXPECT_THAT(phone_card(phone, style), Not(HasSubstr("\x1b")));
  EXPECT_THAT(partition_table(phone, style), HasSubstr("a?b"));
}

TEST(Cards, colours_are_only_used_where_they_are_wanted) {
  EXPECT_THAT(success_card(flashed(), BootMode::normal, 1s, style), Not(HasSubstr("\x1b")));
  const Style rich{.colour = true, .utf8 = true, .width = 100};
  EXPECT_THAT(success_card(flashed(), BootMode::normal, 1s, rich), HasSubstr("\x1b[38;5;71m✓ Done."));
}

TEST(ExplanationCard, lists_causes_and_numbered_steps) {
  CodeExplanation explanation;
  explanation.asked = "4032";
  explanation.meanings = {{.code = 4032,
                           .code_text = "4032",
                           .symbol = "S_X",
                           .family = "legacy",
                           .generation = "V5",
                           .area = "dram",
                           .means = "Memory did not start.",
                           .causes = {"Wrong preloader.", "Flat battery."},
                           .next_actions = {"Name the preloader.", "Charge."},
                           .retryable = false}};
  EXPECT_EQ(explanation_card(explanation, style),
            "4032 S_X\n"
            "  legacy, V5, dram\n"
            "  Memory did not start.\n"
            "  Likely causes, the likeliest first:\n"
            "    - Wrong preloader.\n"
            "    - Flat battery.\n"
            "  Next:\n"
            "    1. Name the preloader.\n"
            "    2. Charge.\n");
}

}  // namespace
}  // namespace mtk::cli
