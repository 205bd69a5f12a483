// SPDX-License-Identifier: Apache-2.0
#include "session/doctor/checks.h"
#include "session/doctor/test_computer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk::doctor {

using mtk::test::first_process;
using test::MadeUpComputer;
using testing::Each;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(Permission, is_given_by_the_device_or_by_its_serial_port) {
  MadeUpComputer made;
  const UsbDevice phone = made.plug_in_phone();
  EXPECT_THAT(check_permission(made.computer, phone).text, HasSubstr("/bus/usb/001/"));
  made.openable = {made.roots.dev / "ttyACM0"};
  const Check check = check_permission(made.computer, phone);
  EXPECT_EQ(check.verdict, Verdict::fine);
  EXPECT_THAT(check.text, HasSubstr("ttyACM0"));
}

TEST(Permission, denied_names_the_nodes_and_what_to_do) {
  MadeUpComputer made;
  const UsbDevice phone = made.plug_in_phone();
  made.openable.clear();
  Check check = check_permission(made.computer, phone);
  EXPECT_EQ(check.verdict, Verdict::problem);
  EXPECT_THAT(check.text, HasSubstr("ttyACM0"));
  EXPECT_THAT(check.next_action, HasSubstr("Plug the phone in again"));
  made.remove_rule();
  EXPECT_THAT(check_permission(made.computer, phone).next_action, HasSubstr("mtkflash doctor --fix"));
}

TEST(Permission, of_a_phone_without_nodes_cannot_be_told) {
  MadeUpComputer made;
  UsbDevice phone = made.plug_in_phone();
  std::filesystem::remove_all(made.roots.dev);
  EXPECT_EQ(check_permission(made.computer, phone).verdict, Verdict::cannot_tell);
}

TEST(RuleApplied, is_what_udev_keeps_of_this_phone) {
  MadeUpComputer made;
  const UsbDevice phone = made.plug_in_phone();
  EXPECT_EQ(check_rule_applied(made.computer, phone).verdict, Verdict::fine);
  made.write("run/udev/data/c189:6", "E:ID_MM_DEVICE_IGNORE=0\n");
  Check check = check_rule_applied(made.computer, phone);
  EXPECT_EQ(check.verdict, Verdict::problem);
  EXPECT_THAT(check.next_action, HasSubstr("Plug the phone in again"));
  made.remove_rule();
  check = check_rule_applied(made.computer, phone);
  EXPECT_THAT(check.next_action, HasSubstr("mtkflash doctor --fix"));
}

TEST(RuleApplied, cannot_be_told_without_the_records_and_does_not_apply_without_udev) {
  MadeUpComputer made;
  const UsbDevice phone = made.plug_in_phone();
  std::filesystem::remove_all(made.folder / "run/udev/data");
  EXPECT_EQ(check_rule_applied(made.computer, phone).verdict, Verdict::cannot_tell);
  std::filesystem::remove_all(made.folder / "run/udev");
  EXPECT_EQ(check_rule_applied(made.computer, phone).verdict, Verdict::not_applicable);
}

TEST(Holder, of_the_port_is_named) {
  MadeUpComputer made;
  const UsbDevice phone = made.plug_in_phone();
  mtk::test::add_process(made.roots, first_process, "bash", {"/dev/null"});
  EXPECT_EQ(check_holder(made.computer, phone).verdict, Verdict::fine);
  mtk::test::add_process(made.roots, first_process + 1, "minicom", {made.roots.dev / "ttyACM0"});
  const Check check = check_holder(made.computer, phone);
  EXPECT_EQ(check.verdict, Verdict::problem);
  EXPECT_THAT(check.text, HasSubstr("minicom (process 90000001)"));
  EXPECT_THAT(check.next_action, HasSubstr("Close minicom"));
}

TEST(Holder, by_the_device_itself_counts_too) {
  MadeUpComputer made;
  const UsbDevice phone = made.plug_in_phone();
  mtk::test::add_process(made.roots, first_process, "other-flasher", {usb_node_of(made.roots, phone)});
  EXPECT_EQ(check_holder(made.computer, phone).verdict, Verdict::problem);
}

TEST(PortDriver, of_the_kernel_is_fine_and_another_program_is_not) {
  MadeUpComputer made;
  const UsbDevice phone = made.plug_in_phone();
  EXPECT_THAT(check_port_driver(made.computer, phone).text, HasSubstr("cdc_acm serves the port (ttyACM0)"));
  made.bind("");
  EXPECT_EQ(check_port_driver(made.computer, phone).verdict, Verdict::fine);
  made.bind("usbfs");
  EXPECT_EQ(check_port_driver(made.computer, phone).verdict, Verdict::problem);
  std::filesystem::remove_all(made.device_at(made.place) / (made.place + ":1.1"));
  EXPECT_EQ(check_port_driver(made.computer, phone).verdict, Verdict::cannot_tell);
}

TEST(Speed, names_controller_and_hubs) {
  MadeUpComputer made;
  const Check check = check_speed(made.computer, made.plug_in_phone());
  EXPECT_EQ(check.verdict, Verdict::fine);
  EXPECT_THAT(check.text, HasSubstr("480 Mbit/s, on xhci_hcd, hubs between: 1"));
}

TEST(Speed, a_slow_hub_is_a_problem) {
  MadeUpComputer made;
  const UsbDevice phone = made.plug_in_phone();
  made.set("speed", "12");
  made.set_other("1-2", "speed", "12");
  const Check check = check_speed(made.computer, phone);
  EXPECT_EQ(check.verdict, Verdict::problem);
  EXPECT_THAT(check.text, HasSubstr("usb:1-2 "));
}

TEST(Speed, a_slow_preloader_is_doubtful_and_a_slow_boot_rom_is_not) {
  MadeUpComputer made;
  UsbDevice phone = made.plug_in_phone();
  made.set("speed", "12");
  EXPECT_EQ(check_speed(made.computer, phone).verdict, Verdict::cannot_tell);
  phone.pid = 0x0003;
  EXPECT_EQ(check_speed(made.computer, phone).verdict, Verdict::fine);
  made.set("speed", "unknown");
  EXPECT_EQ(check_speed(made.computer, phone).verdict, Verdict::cannot_tell);
}

TEST(PowerSaving, of_the_port_is_a_problem) {
  MadeUpComputer made;
  const UsbDevice phone = made.plug_in_phone();
  EXPECT_EQ(check_power_saving(made.computer, phone).verdict, Verdict::fine);
  made.set("power/control", "auto");
  const Check check = check_power_saving(made.computer, phone);
  EXPECT_EQ(check.verdict, Verdict::problem);
  EXPECT_THAT(check.next_action, HasSubstr("1-2.3/power/control"));
  made.set("power/autosuspend_delay_ms", "-1000");
  EXPECT_EQ(check_power_saving(made.computer, phone).verdict, Verdict::fine);
  std::filesystem::remove_all(made.device_at(made.place) / "power");
  EXPECT_EQ(check_power_saving(made.computer, phone).verdict, Verdict::not_applicable);
}

TEST(Examination, of_a_good_computer_finds_nothing) {
  MadeUpComputer made;
  made.plug_in_phone();
  for (const Check& check : examine(made.computer)) {
    EXPECT_NE(check.verdict, Verdict::problem) << check.id << ": " << check.text;
    EXPECT_FALSE(check.id.empty() || check.label.empty() || check.text.empty());
  }
}

TEST(Examination, looks_at_every_phone_and_at_phones_only) {
  MadeUpComputer made;
  made.plug_in_phone();
  made.plug_in("1-4", 0x0e8d, 0x0003);
  made.plug_in("1-5", 0x0e8d, 0x00a5);  // a modem of the same vendor
  std::vector<std::string> subjects;
  for (const Check& check : examine(made.computer))
    if (check.id == name::permission.id) subjects.push_back(check.subject);
  EXPECT_THAT(subjects, testing::ElementsAre("usb:1-2.3", "usb:1-4"));
}

TEST(Examination, without_a_phone_says_so_once_per_check) {
  MadeUpComputer made;
  std::vector<Check> of_phones;
  for (const Check& check : examine(made.computer))
    if (check.text.starts_with("No phone in download mode")) of_phones.push_back(check);
  EXPECT_EQ(of_phones.size(), 6U);
  EXPECT_THAT(of_phones, Each(Field(&Check::verdict, Verdict::not_applicable)));
}

TEST(Advice, stands_for_checks_on_other_systems) {
  for (const Platform platform : {Platform::windows, Platform::macos}) {
    const auto checks = advice_for(platform);
    EXPECT_GE(checks.size(), 2U);
    EXPECT_THAT(checks, Each(Field(&Check::verdict, Verdict::cannot_tell)));
    EXPECT_THAT(checks, Each(Field(&Check::next_action, testing::Not(IsEmpty()))));
  }
  EXPECT_THAT(advice_for(Platform::gnu_linux), IsEmpty());
}

}  // namespace mtk::doctor
