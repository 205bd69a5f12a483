// SPDX-License-Identifier: Apache-2.0
#include "transport/holders.h"

#include "transport/test_proc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {

using test::first_process;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Holders, are_the_programs_that_have_the_port_open) {
  test::FakeSystem system;
  const auto port = system.roots.dev / "ttyACM0";
  test::add_process(system.roots, first_process + 2, "screen", {"/dev/null", port});
  test::add_process(system.roots, first_process + 1, "ModemManager", {port, port});
  test::add_process(system.roots, first_process + 3, "bash", {"/dev/null", system.roots.dev / "ttyACM1"});
  EXPECT_THAT(holders_of(system.roots, {{port}}).found,
              ElementsAre(Holder{first_process + 1, "ModemManager", port},
                          Holder{first_process + 2, "screen", port}));
}

TEST(Holders, do_not_include_this_program) {
  test::FakeSystem system;
  const auto port = system.roots.dev / "ttyACM0";
  test::add_process(system.roots, getpid(), "holders_test", {port});
  EXPECT_THAT(holders_of(system.roots, {{port}}).found, IsEmpty());
}

TEST(Holders, are_looked_for_in_what_is_no_proc_at_all) {
  const SystemRoots nowhere{.dev = "/nonexistent", .sys = "/nonexistent", .proc = "/nonexistent"};
  EXPECT_THAT(holders_of(nowhere, {}).found, IsEmpty());
  EXPECT_THAT(running_programs(nowhere, "init"), IsEmpty());
}

TEST(Holders, are_named_in_the_words_for_a_busy_port) {
  test::FakeSystem system;
  const auto port = system.roots.dev / "ttyACM0";
  EXPECT_EQ(who_holds(system.roots, {port}), "another program holds " + port.string());
  test::add_process(system.roots, first_process, "ModemManager", {port});
  EXPECT_EQ(who_holds(system.roots, {port}), "ModemManager (process 90000000) holds " + port.string());
}

TEST(Holders, a_program_that_runs_is_found_by_its_name) {
  test::FakeSystem system;
  test::add_process(system.roots, first_process, "ModemManager");
  EXPECT_THAT(running_programs(system.roots, "ModemManager"),
              ElementsAre(Holder{first_process, "ModemManager", {}}));
  EXPECT_THAT(running_programs(system.roots, "Modem"), IsEmpty());
}

}  // namespace mtk
