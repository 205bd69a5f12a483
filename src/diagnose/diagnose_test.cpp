// SPDX-License-Identifier: Apache-2.0
// From an error and what was known to what a person is told.
#include "diagnose/diagnose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mtk {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

Error failure(Errc code, Stage stage, std::vector<std::string> during = {}) {
  return {.code = code, .what = "something", .stage = stage, .during = std::move(during)};
}

Error refusal(StatusKind kind, std::uint32_t code, Stage stage, std::vector<std::string> during = {}) {
  Error error = failure(Errc::device_status, stage, std::move(during));
  error.device_status = DeviceStatus{.kind = kind, .code = code};
  return error;
}

FindingId found(const Error& error, const Situation& situation = {}) { return find(error, situation); }

TEST(Diagnose, a_refused_signature_is_told_from_a_broken_transfer) {
  for (const std::uint32_t word : {0x2001u, 0x7015u, 0x7017u, 0x7024u}) {
    EXPECT_EQ(found(refusal(StatusKind::brom16, word, Stage::brom, {"SEND_DA"})),
              FindingId::agent_signature_refused);
  }
  EXPECT_EQ(found(refusal(StatusKind::brom16, 0x1d0d, Stage::brom, {"SEND_DA"})), FindingId::login_needed);
  EXPECT_EQ(found(failure(Errc::timeout, Stage::brom, {"SEND_DA"})), FindingId::agent_transfer_broken);
  EXPECT_EQ(found(failure(Errc::disconnected, Stage::brom, {"SEND_DA"})), FindingId::agent_transfer_broken);
  EXPECT_EQ(found(failure(Errc::protocol, Stage::brom, {"SEND_DA"})), FindingId::agent_transfer_damaged);
}

TEST(Diagnose, silence_means_something_else_in_every_stage) {
  EXPECT_EQ(found(failure(Errc::timeout, Stage::connect)), FindingId::no_phone);
  EXPECT_EQ(found(failure(Errc::timeout, Stage::connect, {"HANDSHAKE"})), FindingId::start_not_answered);
  EXPECT_EQ(found(failure(Errc::timeout, Stage::brom, {"GET_HW_CODE"})), FindingId::chip_not_read);
  EXPECT_EQ(found(failure(Errc::timeout, Stage::da1, {"GREETING"})), FindingId::agent_silent_after_start);
  EXPECT_EQ(found(failure(Errc::timeout, Stage::da1, {"STAGE_2"})), FindingId::stage2_refused);
  EXPECT_EQ(found(failure(Errc::timeout, Stage::dram)), FindingId::dram_not_started);
  EXPECT_EQ(found(failure(Errc::timeout, Stage::write, {"WRITE_DATA"})), FindingId::agent_stopped_answering);
  EXPECT_EQ(found(failure(Errc::timeout, Stage::reboot)), FindingId::goodbye_failed);
}

TEST(Diagnose, a_busy_port_is_blamed_on_who_holds_it) {
  Error error = failure(Errc::busy, Stage::connect);
  error.what = "ModemManager (process 812) holds /dev/ttyACM0";
  EXPECT_EQ(diagnose(error, {}).likely_cause, "ModemManager (process 812) holds /dev/ttyACM0.");
}

TEST(Diagnose, a_port_without_permission_is_repaired_by_the_doctor) {
  EXPECT_THAT(diagnose(failure(Errc::denied, Stage::connect), {}).next_actions,
              Contains(HasSubstr("mtkflash doctor --fix")));
}

TEST(Diagnose, memory_settings_are_asked_for_only_when_none_were_given) {
  const Error error = refusal(StatusKind::legacy_v5, 3011, Stage::dram);
  EXPECT_EQ(found(error), FindingId::preloader_needed);
  EXPECT_EQ(found(error, {.preloader_given = true}), FindingId::dram_not_started);
  EXPECT_EQ(found(refusal(StatusKind::legacy_v3, 3007, Stage::dram)), FindingId::preloader_needed);
}

TEST(Diagnose, every_failed_memory_start_is_of_one_class) {
  EXPECT_EQ(found(refusal(StatusKind::legacy_v5, 4032, Stage::dram)), FindingId::dram_not_started);
  EXPECT_EQ(found(refusal(StatusKind::legacy_v5, 3012, Stage::dram)), FindingId::dram_not_found);
  EXPECT_EQ(found(refusal(StatusKind::legacy_v5, 3006, Stage::dram)), FindingId::dram_calibration);
  EXPECT_EQ(found(refusal(StatusKind::legacy_v5, 424242, Stage::dram)), FindingId::dram_not_started);
  EXPECT_EQ(found(failure(Errc::disconnected, Stage::dram)), FindingId::dram_not_started);
  EXPECT_EQ(exit_code(refusal(StatusKind::legacy_v5, 3012, Stage::dram), {}), 9);
}

TEST(Diagnose, an_open_numbering_is_read_by_the_stage) {
  EXPECT_EQ(found(refusal(StatusKind::legacy32, 3012, Stage::dram)), FindingId::dram_not_found);
  EXPECT_EQ(found(refusal(StatusKind::legacy32, 3012, Stage::write)), FindingId::storage_not_found);
}

TEST(Diagnose, a_pulled_cable_while_writing_keeps_the_way_on) {
  const Situation situation{.written = Written::partly, .partition = "boot", .download_mode = true};
  const Diagnosis result =
      diagnose(failure(Errc::disconnected, Stage::write, {"WRITE_DATA", "write boot"}), situation);
  EXPECT_EQ(result.finding, FindingId::link_lost_writing);
  EXPECT_TRUE(result.retryable);
  EXPECT_EQ(result.exit_code, 11);
  EXPECT_THAT(result.device_state, HasSubstr("boot is written in part"));
  EXPECT_THAT(result.device_state, HasSubstr("still enter download mode"));
  EXPECT_THAT(result.next_actions.front(), HasSubstr("repeat: everything selected is written again"));
}

TEST(Diagnose, a_proven_link_spares_the_cable_advice) {
  const Error error = failure(Errc::timeout, Stage::write);
  EXPECT_THAT(diagnose(error, {}).next_actions, Contains(HasSubstr("another cable")));
  EXPECT_THAT(diagnose(error, {.link_is_proven = true}).next_actions, Each(Not(HasSubstr("another cable"))));
}

TEST(Diagnose, nothing_written_is_said_and_the_phone_may_be_unplugged) {
  const Diagnosis result = diagnose(refusal(StatusKind::brom16, 0x7017, Stage::brom, {"SEND_DA"}), {});
  EXPECT_THAT(result.device_state, HasSubstr("Nothing was written"));
  EXPECT_THAT(result.device_state, HasSubstr("safe to unplug"));
  ASSERT_TRUE(result.status);
  EXPECT_EQ(result.status->number, "0x7017");
  EXPECT_EQ(result.status->symbol, "DAA_Security_Error");
  EXPECT_FALSE(result.retryable);
  EXPECT_EQ(result.exit_code, 8);
}

TEST(Diagnose, stage_2_from_the_boot_rom_suspects_memory_first) {
  const Error error = failure(Errc::timeout, Stage::da1, {"STAGE_2"});
  EXPECT_THAT(diagnose(error, {}).likely_cause, HasSubstr("mixed or damaged"));
  EXPECT_THAT(diagnose(error, {.entered_by = EnteredBy::brom}).likely_cause,
              HasSubstr("memory is not set up"));
}

TEST(Diagnose, a_refusal_of_the_planner_speaks_for_itself) {
  Error error = failure(Errc::refused, Stage::host);
  error.what = "recovery.img has 9 bytes, recovery has room for 8.";
  const Diagnosis result = diagnose(error, {});
  EXPECT_EQ(result.headline, error.what);
  EXPECT_EQ(result.exit_code, 3);
}

TEST(Diagnose, prints_what_happened_the_state_the_next_steps_and_what_was_checked) {
  const Situation situation{.evidence = {"SEND_DA of 180 KiB went through without a repeat"}};
  EXPECT_EQ(to_string(diagnose(refusal(StatusKind::brom16, 0x5a5b, Stage::brom, {"SEND_DA"}), situation)),
            "What happened: Boot ROM: The phone knows this agent and rejects it as revoked.\n"
            "  SEND_DA: device status: something (phone said 0x5a5b)\n"
            "  phone said 0x5A5B DA_IN_BLACKLIST\n"
            "  Likely cause: The maker withdrew this agent.\n"
            "Phone now: Nothing was written to the phone. It is safe to unplug the phone.\n"
            "Next:\n"
            "  1. Use the agent of a newer official firmware (--da).\n"
            "Already checked: SEND_DA of 180 KiB went through without a repeat\n");
}

TEST(Diagnose, what_looks_alike_is_told_apart) {
  EXPECT_EQ(find(failure(Errc::denied, Stage::connect), {}), FindingId::port_no_permission);
  EXPECT_EQ(find(failure(Errc::busy, Stage::connect), {}), FindingId::port_not_opened);
  EXPECT_EQ(find(failure(Errc::bad_image, Stage::da2, {"partition table"}), {}),
            FindingId::no_partition_table);
  EXPECT_EQ(find(failure(Errc::unsupported, Stage::dram, {"memory id"}), {.preloader_given = true}),
            FindingId::memory_not_listed);
  EXPECT_EQ(find(failure(Errc::unsupported, Stage::dram, {"preloader file"}), {}),
            FindingId::preloader_needed);
  EXPECT_EQ(find(failure(Errc::usage, Stage::da2, {"signer", "DA_SLA"}), {}), FindingId::signer_failed);
  EXPECT_EQ(find(failure(Errc::timeout, Stage::brom, {"signer"}), {}), FindingId::signer_failed);
}

TEST(ExitCode, follows_the_kind_of_failure) {
  EXPECT_EQ(exit_code(failure(Errc::internal, Stage::host), {}), 1);
  EXPECT_EQ(exit_code(failure(Errc::usage, Stage::host), {}), 2);
  EXPECT_EQ(exit_code(failure(Errc::refused, Stage::host), {}), 3);
  EXPECT_EQ(exit_code(failure(Errc::bad_image, Stage::host), {}), 4);
  EXPECT_EQ(exit_code(failure(Errc::timeout, Stage::connect), {}), 5);
  EXPECT_EQ(exit_code(failure(Errc::busy, Stage::connect), {}), 6);
  EXPECT_EQ(exit_code(failure(Errc::timeout, Stage::connect, {"HANDSHAKE"}), {}), 7);
  EXPECT_EQ(exit_code(failure(Errc::disconnected, Stage::brom), {}), 7);
  EXPECT_EQ(exit_code(refusal(StatusKind::brom16, 0x1d0d, Stage::brom), {}), 8);
  EXPECT_EQ(exit_code(failure(Errc::unsupported, Stage::da2, {"DA_SLA"}), {}), 8);
  EXPECT_EQ(exit_code(failure(Errc::protocol, Stage::da2, {"FOREIGN_FILE"}), {}), 8);
  EXPECT_EQ(exit_code(failure(Errc::usage, Stage::da2, {"signer"}), {}), 8);
  EXPECT_EQ(exit_code(failure(Errc::denied, Stage::connect), {}), 6);
  EXPECT_EQ(exit_code(failure(Errc::bad_image, Stage::da2, {"partition table"}), {}), 10);
  EXPECT_EQ(exit_code(failure(Errc::timeout, Stage::dram), {}), 9);
  EXPECT_EQ(exit_code(failure(Errc::timeout, Stage::da1), {}), 10);
  EXPECT_EQ(exit_code(failure(Errc::timeout, Stage::write), {.written = Written::partly}), 11);
  EXPECT_EQ(exit_code(failure(Errc::verify, Stage::verify), {.written = Written::partly}), 12);
  EXPECT_EQ(exit_code(failure(Errc::cancelled, Stage::write), {.written = Written::partly}), 13);
  EXPECT_EQ(exit_code(failure(Errc::io, Stage::host), {}), 14);
  EXPECT_EQ(exit_code(failure(Errc::not_found, Stage::host), {}), 14);
}

RC_GTEST_PROP(Diagnose, every_failure_gets_a_headline_a_state_and_something_to_do, ()) {
  const auto code = static_cast<Errc>(*rc::gen::inRange(0, static_cast<int>(Errc::internal) + 1));
  const auto stage = static_cast<Stage>(*rc::gen::inRange(0, static_cast<int>(Stage::reboot) + 1));
  Error error = failure(code, stage, *rc::gen::arbitrary<std::vector<std::string>>());
  if (*rc::gen::arbitrary<bool>()) {
    error.device_status = DeviceStatus{.kind = static_cast<StatusKind>(*rc::gen::inRange(0, 6)),
                                       .code = *rc::gen::arbitrary<std::uint32_t>()};
  }
  const Situation situation{.written = static_cast<Written>(*rc::gen::inRange(0, 3)),
                            .partition = *rc::gen::arbitrary<std::string>(),
                            .link_is_proven = *rc::gen::arbitrary<bool>()};
  const Diagnosis result = diagnose(error, situation);
  RC_ASSERT(!result.headline.empty());
  RC_ASSERT(!result.device_state.empty());
  RC_ASSERT(!result.next_actions.empty());
  RC_ASSERT(result.exit_code >= 1 && result.exit_code <= 14);
}

}  // namespace
}  // namespace mtk
