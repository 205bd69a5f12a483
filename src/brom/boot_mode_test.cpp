// SPDX-License-Identifier: Apache-2.0
#include "brom/boot_mode.h"

#include "brom/testing/bench.h"

#include <gtest/gtest.h>

namespace mtk::brom {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view ready = "D> 44 59 52 45 41 44 59\n";

TEST(BootMode, waits_for_the_beacon_and_says_the_word_in_one_transfer) {
  ScriptBench bench{"wait 300\n" + std::string{ready} +
                    "T> 46 41 53 54 42 4F 4F 54\n D> 41 44 59 54 4F 4F 42 54 53 41 46\n"};
  const auto asked = request_boot_mode(bench.link, BootMode::fastboot, 5s);
  ASSERT_TRUE(asked) << to_string(asked.error()) << bench.phone.state();
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(BootMode, gives_a_meta_phone_the_parameters_it_wants) {
  ScriptBench bench{std::string{ready} + R"(
    T> 4D 45 54 41 4D 45 54 41
    wait 2000
    D> 41 54 45 4D 30 30 30 31                               ; ATEM0001
    T> 04 00 00 00 01 00 00 00 03 00 00 00
    D> 41 54 45 4D 30 30 30 32                               ; ATEM0002
    T> 06 00 00 00 01 00 00 00 03 00 00 00 01 00 00 00
    D> 41 54 45 4D 41 54 45 58                               ; ATEMATEX
    T> 44 49 53 43 4F 4E 4E 45 43 54
  )"};
  const auto asked = request_boot_mode(bench.link, BootMode::meta, 5s);
  ASSERT_TRUE(asked) << to_string(asked.error()) << bench.phone.state();
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(BootMode, says_when_a_secured_phone_forbids_it) {
  ScriptBench bench{std::string{ready} + "T> 46 41 43 54 46 41 43 54\n D> 4D 45 54 41 46 4F 52 42\n"};
  const auto asked = request_boot_mode(bench.link, BootMode::factory, 5s);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, Errc::refused);
  EXPECT_EQ(asked.error().stage, Stage::preloader);
}

TEST(BootMode, sends_nothing_without_a_beacon) {
  ScriptBench bench{""};
  const auto asked = request_boot_mode(bench.link, BootMode::fastboot, 2s);
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, Errc::timeout);
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(BootMode, does_not_listen_for_ever) {
  ScriptBench bench{std::string{ready} + "H> 46 41 53 54 42 4F 4F 54\n D> 00*1000\n"};
  EXPECT_EQ(request_boot_mode(bench.link, BootMode::fastboot, 5s).error().code, Errc::protocol);
}

TEST(BootMode, does_not_answer_for_ever) {
  ScriptBench bench{std::string{ready} +
                    "H> 4D 45 54 41 4D 45 54 41\n repeat 9\n D> 41 54 45 4D 30 30 30 31\n"
                    "H> 04 00 00 00 01 00 00 00 03 00 00 00\n end\n"};
  const auto asked = request_boot_mode(bench.link, BootMode::meta, Wait{Clock::Duration::max()});
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, Errc::protocol);
}

}  // namespace
}  // namespace mtk::brom
