// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/doctor_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk::cli {
namespace {

using testing::HasSubstr;

Check check(std::string label, Verdict verdict, std::string text, std::string next = {}) {
  return {.id = "x",
          .label = std::move(label),
          .subject = {},
          .verdict = verdict,
          .text = std::move(text),
          .next_action = std::move(next)};
}

TEST(DoctorPage, begins_with_the_answer) {
  Examination examination{.checks = {check("Groups", Verdict::fine, "Good."),
                                     check("Speed", Verdict::cannot_tell, "Who knows.")}};
  EXPECT_THAT(doctor_page(examination, {}), testing::StartsWith("Nothing on this computer stands between"));
  examination.checks.push_back(check("Rule", Verdict::problem, "Missing.", "Install it."));
  EXPECT_THAT(doctor_page(examination, {}), testing::StartsWith("1 of 3 checks found a problem."));
}

TEST(DoctorPage, has_the_way_on_below_its_problem) {
  const Examination examination{.checks = {check("Rule", Verdict::problem, "Missing.", "Install it."),
                                           check("Groups", Verdict::fine, "Good.")}};
  EXPECT_THAT(doctor_page(examination, {}),
              HasSubstr("  problem     Rule: Missing.\n              Next: Install it.\n"
                        "  fine        Groups: Good.\n"));
}

TEST(DoctorPage, names_the_phone_and_folds_what_does_not_apply) {
  Examination examination{.checks = {check("Speed", Verdict::not_applicable, "No phone."),
                                     check("Driver", Verdict::not_applicable, "No phone."),
                                     check("Rule", Verdict::not_applicable, "No udev.")},
                          .versions = {{.id = "kernel", .label = "kernel", .value = "6.1"}}};
  examination.checks.push_back(check("Holder", Verdict::fine, "Nobody."));
  examination.checks.back().subject = "usb:1-2";
  const std::string page = doctor_page(examination, {});
  EXPECT_THAT(page, HasSubstr("usb:1-2, Holder: Nobody."));
  EXPECT_THAT(page, HasSubstr("  - Speed, Driver: No phone.\n  - Rule: No udev.\n"));
  EXPECT_THAT(page, HasSubstr("kernel 6.1"));
}

TEST(RepairPage, says_what_was_done_and_what_is_left) {
  const Repair repair{.state = RepairState::needs_root,
                      .text = "Only root.",
                      .next_actions = {"Run it as root."},
                      .file = {},
                      .error = {}};
  EXPECT_EQ(repair_page(repair, {}), "Only root.\nNext: Run it as root.\n");
}

}  // namespace
}  // namespace mtk::cli
