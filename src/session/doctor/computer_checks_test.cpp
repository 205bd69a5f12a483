// SPDX-License-Identifier: Apache-2.0
#include "session/connection_log.h"
#include "session/doctor/checks.h"
#include "session/doctor/test_computer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk::doctor {

using mtk::test::first_process;
using test::MadeUpComputer;
using testing::HasSubstr;

TEST(UdevRule, of_this_version_is_fine_wherever_udev_looks) {
  MadeUpComputer made;
  EXPECT_EQ(check_udev_rule(made.computer).verdict, Verdict::fine);
  EXPECT_THAT(check_udev_rule(made.computer).text,
              testing::StartsWith((made.folder / "etc/udev/rules.d/60-mtkflash.rules").string() + " is"));
  made.remove_rule();
  made.install(rule_text(), "usr/local/lib/udev/rules.d");
  EXPECT_EQ(check_udev_rule(made.computer).verdict, Verdict::fine);
}

TEST(UdevRule, missing_is_a_problem_and_the_way_on_is_doctor_fix) {
  MadeUpComputer made;
  made.remove_rule();
  const Check check = check_udev_rule(made.computer);
  EXPECT_EQ(check.verdict, Verdict::problem);
  EXPECT_THAT(check.next_action, HasSubstr("mtkflash doctor --fix"));
}

TEST(UdevRule, an_older_one_hides_that_of_this_version) {
  MadeUpComputer made;
  made.install("# older\n", "etc/udev/rules.d");
  made.install(rule_text(), "usr/lib/udev/rules.d");
  const Check check = check_udev_rule(made.computer);
  EXPECT_EQ(check.verdict, Verdict::problem);
  EXPECT_THAT(check.text, HasSubstr("etc/udev/rules.d/60-mtkflash.rules"));
}

TEST(UdevRule, that_is_no_file_cannot_be_judged) {
  MadeUpComputer made;
  made.remove_rule();
  std::filesystem::create_directories(made.folder / "etc/udev/rules.d/60-mtkflash.rules");
  EXPECT_EQ(check_udev_rule(made.computer).verdict, Verdict::cannot_tell);
}

TEST(UdevRule, does_not_apply_where_udev_does_not_run) {
  MadeUpComputer made;
  std::filesystem::remove(made.folder / "run/udev/control");
  EXPECT_EQ(check_udev_rule(made.computer).verdict, Verdict::not_applicable);
}

TEST(Groups, of_a_member_are_fine) {
  MadeUpComputer made;
  const Check check = check_groups(made.computer);
  EXPECT_EQ(check.verdict, Verdict::fine);
  EXPECT_THAT(check.text, HasSubstr("plugdev"));
}

TEST(Groups, of_a_stranger_are_a_problem_with_the_command_that_joins) {
  MadeUpComputer made;
  made.computer.user.groups = {1000};
  const Check check = check_groups(made.computer);
  EXPECT_EQ(check.verdict, Verdict::problem);
  EXPECT_THAT(check.next_action, HasSubstr("usermod -aG plugdev,dialout eve"));
}

TEST(Groups, entered_after_the_login_are_not_in_force) {
  MadeUpComputer made;
  made.computer.user.groups = {1000};
  made.write("etc/group", "plugdev:x:46:bob,eve\n");
  const Check check = check_groups(made.computer);
  EXPECT_EQ(check.verdict, Verdict::problem);
  EXPECT_THAT(check.next_action, HasSubstr("Log out"));
}

TEST(Groups, do_not_matter_to_who_sits_at_the_screen) {
  MadeUpComputer made;
  made.computer.user.groups = {1000};
  made.write("run/systemd/users/1000", "NAME=eve\nACTIVE_SEATS=\n");
  EXPECT_EQ(check_groups(made.computer).verdict, Verdict::problem);
  made.write("run/systemd/users/1000", "NAME=eve\nACTIVE_SEATS=seat0\n");
  EXPECT_EQ(check_groups(made.computer).verdict, Verdict::not_applicable);
}

TEST(Groups, do_not_matter_to_root) {
  MadeUpComputer made;
  made.computer.user = {.uid = 0, .name = "root", .groups = {0}};
  EXPECT_EQ(check_groups(made.computer).verdict, Verdict::fine);
}

TEST(Groups, of_a_system_without_any_cannot_be_judged) {
  MadeUpComputer made;
  made.write("etc/group", "root:x:0:\nbroken line\n");
  EXPECT_EQ(check_groups(made.computer).verdict, Verdict::cannot_tell);
}

TEST(ModemManager, that_does_not_run_is_fine) {
  MadeUpComputer made;
  made.remove_rule();
  EXPECT_EQ(check_modem_manager(made.computer).verdict, Verdict::fine);
}

TEST(ModemManager, is_a_problem_until_the_rule_tells_it) {
  MadeUpComputer made;
  mtk::test::add_process(made.roots, first_process, "ModemManager");
  EXPECT_EQ(check_modem_manager(made.computer).verdict, Verdict::fine);
  made.remove_rule();
  const Check check = check_modem_manager(made.computer);
  EXPECT_EQ(check.verdict, Verdict::problem);
  EXPECT_THAT(check.text, HasSubstr("process 90000000"));
  EXPECT_THAT(check.next_action, HasSubstr("mtkflash doctor --fix"));
}

TEST(UsbAccess, hidden_devices_are_told_from_no_usb_at_all) {
  MadeUpComputer made;
  EXPECT_EQ(check_usb_access(made.computer).verdict, Verdict::fine);
  std::filesystem::remove_all(made.roots.dev / "bus");
  EXPECT_EQ(check_usb_access(made.computer).verdict, Verdict::problem);
  EXPECT_THAT(check_usb_access(made.computer).next_action, HasSubstr("/dev/bus/usb"));
  std::filesystem::remove_all(made.roots.sys / "bus");
  EXPECT_THAT(check_usb_access(made.computer).next_action, HasSubstr("USB controller"));
}

TEST(SerialDriver, is_loaded_or_available_or_not_needed) {
  MadeUpComputer made;
  EXPECT_THAT(check_serial_driver(made.computer).text, HasSubstr("is loaded."));
  std::filesystem::remove(made.roots.sys / "bus/usb/drivers/cdc_acm");
  EXPECT_EQ(check_serial_driver(made.computer).verdict, Verdict::not_applicable);
  made.write("lib/modules/6.1.0/modules.dep", "kernel/drivers/usb/class/cdc-acm.ko:\n");
  EXPECT_THAT(check_serial_driver(made.computer).text, HasSubstr("when a phone appears"));
}

TEST(History, does_not_apply_before_the_first_attempt) {
  MadeUpComputer made;
  EXPECT_EQ(check_history(made.computer).verdict, Verdict::not_applicable);
}

TEST(History, counts_and_judges_what_came_after_the_last_phone) {
  MadeUpComputer made;
  const ConnectionLog log{made.computer.data / "connections.jsonl"};
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(log.add({.end = AttemptEnd::left}));
  Check check = check_history(made.computer);
  EXPECT_EQ(check.verdict, Verdict::problem);
  EXPECT_THAT(check.text, HasSubstr("on record: 3. The phone was caught: 0"));
  EXPECT_THAT(check.next_action, HasSubstr("Start mtkflash first"));
  ASSERT_TRUE(log.add({.end = AttemptEnd::caught}));
  check = check_history(made.computer);
  EXPECT_EQ(check.verdict, Verdict::fine);
  EXPECT_THAT(check.text, HasSubstr("left before it answered: 3"));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(log.add({.end = AttemptEnd::not_opened}));
  EXPECT_THAT(check_history(made.computer).next_action, HasSubstr("permission"));
}

}  // namespace mtk::doctor
