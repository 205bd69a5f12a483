// SPDX-License-Identifier: Apache-2.0
#include "session/doctor/rule.h"

#include "base/file.h"
#include "session/doctor/test_computer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk::doctor {
namespace {

namespace fs = std::filesystem;
using test::MadeUpComputer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Fix : testing::Test {
  Fix() {
    made.remove_rule();
    made.computer.user = {.uid = 0, .name = "root", .groups = {0}};
  }
  static Bytes content(const fs::path& path) { return read_file(path, 1 << 20).value_or(Bytes{}); }

  MadeUpComputer made;
  fs::path file = made.folder / "etc/udev/rules.d/60-mtkflash.rules";
};

}  // namespace

TEST_F(Fix, installs_the_rule_of_this_version_and_tells_udev) {
  const Repair repair = install_rule(made.computer);
  EXPECT_EQ(repair.state, RepairState::done) << repair.text;
  EXPECT_EQ(repair.file, file);
  EXPECT_EQ(content(file), to_bytes(rule_text()));
  EXPECT_EQ(fs::status(file).permissions(), fs::perms{0644});
  EXPECT_THAT(made.ran, ElementsAre("udevadm control --reload"));
}

TEST_F(Fix, gives_the_rule_to_phones_that_are_plugged_in) {
  made.plug_in_phone();
  made.plug_in_with_tty("ttyACM1", "1-4", 0x1199, 0x0001);
  EXPECT_EQ(install_rule(made.computer).state, RepairState::done);
  EXPECT_THAT(made.ran, ElementsAre("udevadm control --reload", HasSubstr("trigger --action=change"),
                                    HasSubstr("class/tty/ttyACM0")));
  EXPECT_THAT(made.ran[1], HasSubstr("devices/1-2.3"));
}

TEST_F(Fix, changes_nothing_for_an_ordinary_user_and_says_how) {
  made.computer.user.uid = 1000;
  const Repair repair = install_rule(made.computer);
  EXPECT_EQ(repair.state, RepairState::needs_root);
  EXPECT_THAT(repair.next_actions, ElementsAre(HasSubstr("sudo mtkflash doctor --fix")));
  EXPECT_FALSE(fs::exists(file));
  EXPECT_THAT(made.ran, IsEmpty());
}

TEST_F(Fix, keeps_what_somebody_had_changed) {
  made.install("# mine\n");
  EXPECT_EQ(install_rule(made.computer).state, RepairState::done);
  EXPECT_EQ(content(file), to_bytes(rule_text()));
  EXPECT_EQ(content(file.string() + ".old"), to_bytes("# mine\n"));
}

TEST_F(Fix, leaves_a_rule_that_a_package_installed) {
  made.install(rule_text(), "usr/lib/udev/rules.d");
  const Repair repair = install_rule(made.computer);
  EXPECT_EQ(repair.state, RepairState::unchanged);
  EXPECT_EQ(repair.file, made.folder / "usr/lib/udev/rules.d/60-mtkflash.rules");
  EXPECT_FALSE(fs::exists(file));
  EXPECT_THAT(made.ran, ElementsAre("udevadm control --reload"));
}

TEST_F(Fix, covers_an_older_rule_of_a_package) {
  made.install("# older\n", "usr/lib/udev/rules.d");
  EXPECT_EQ(install_rule(made.computer).state, RepairState::done);
  EXPECT_EQ(content(file), to_bytes(rule_text()));
  EXPECT_FALSE(fs::exists(file.string() + ".old"));
}

TEST_F(Fix, that_cannot_write_fails_without_telling_udev) {
  fs::remove_all(made.folder / "etc/udev/rules.d");
  made.write("etc/udev/rules.d", "a file where the folder should be");
  const Repair repair = install_rule(made.computer);
  EXPECT_EQ(repair.state, RepairState::failed);
  ASSERT_TRUE(repair.error);
  EXPECT_THAT(made.ran, IsEmpty());
}

TEST_F(Fix, that_cannot_reach_udev_says_what_is_left_to_do) {
  made.run_result = fail(Errc::not_found, "cannot run udevadm");
  const Repair repair = install_rule(made.computer);
  EXPECT_EQ(repair.state, RepairState::failed);
  EXPECT_THAT(repair.text, HasSubstr("cannot run udevadm"));
  EXPECT_THAT(repair.next_actions, ElementsAre(HasSubstr("udevadm control --reload")));
  EXPECT_EQ(content(file), to_bytes(rule_text()));
}

TEST(Programs, of_the_system_are_run_and_their_failure_is_told) {
  const Computer here = this_computer();
  const std::vector<std::string> good{"true"};
  const std::vector<std::string> bad{"false"};
  const std::vector<std::string> missing{"/nonexistent/udevadm"};
  EXPECT_TRUE(here.run(good));
  EXPECT_EQ(here.run(bad).error().code, Errc::io);
  EXPECT_EQ(here.run(missing).error().code, Errc::not_found);
}

}  // namespace mtk::doctor
