// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/screen.h"

#include "apps/cli/plain.h"
#include "apps/cli/testing/console.h"
#include "base/units.h"

#include <gtest/gtest.h>

#include <ctime>

namespace mtk::cli {
namespace {

using namespace std::chrono_literals;

constexpr Style plain_style{.colour = false, .utf8 = false, .width = 100};
constexpr Style rich_style{.colour = true, .utf8 = true, .width = 100};

struct OnTerminal : testing::Test {
  FakeClock clock;
  TestConsole seen{plain_style, true};
  Screen screen{clock, seen.console, LogLevel::info};

  void show() {
    screen.tick();
    screen.flush();
  }
  void pass(Clock::Duration time) {
    clock.advance(time);
    show();
  }
};

TEST_F(OnTerminal, the_wait_for_the_phone_shows_a_running_clock) {
  screen.stage(Stage::connect);
  show();
  EXPECT_EQ(seen.terminal.text(),
            "* connect > brom > agent > memory > agent 2 > erase > write > verify > reboot\n"
            "Waiting for the phone, 0 s\n");
  pass(7s);
  EXPECT_EQ(seen.terminal.lines().at(1), "Waiting for the phone, 7 s");
}

TEST_F(OnTerminal, what_comes_and_goes_scrolls_by_with_the_time_of_day) {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  screen.stage(Stage::connect);
  BusEvent event{.when = std::chrono::system_clock::time_point{12h + 1min + 7s}};
  event.text = "MediaTek preloader on usb:1-2";
  screen.bus(event);
  show();
  EXPECT_EQ(seen.terminal.lines().at(0), "12:01:07  MediaTek preloader on usb:1-2");
  EXPECT_EQ(seen.terminal.lines().back(), "Waiting for the phone, 0 s");
}

TEST_F(OnTerminal, advice_is_broken_between_words) {
  screen.stage(Stage::connect);
  screen.finding({.id = "x",
                  .level = LogLevel::warning,
                  .text = std::string(60, 'a') + " " + std::string(60, 'b'),
                  .actions = {}});
  show();
  EXPECT_EQ(seen.terminal.lines().at(0), "! " + std::string(60, 'a'));
  EXPECT_EQ(seen.terminal.lines().at(1), "  " + std::string(60, 'b'));
}

TEST_F(OnTerminal, stages_behind_are_marked_and_the_present_one_too) {
  for (const Stage stage : {Stage::connect, Stage::brom, Stage::da1, Stage::da2}) screen.stage(stage);
  show();
  EXPECT_EQ(seen.terminal.lines().at(0),
            "+ connect > + brom > + agent > memory > * agent 2 > erase > write > verify > reboot");
}

TEST_F(OnTerminal, a_phone_in_its_preloader_shows_that_instead_of_the_boot_rom) {
  for (const Stage stage : {Stage::connect, Stage::brom, Stage::preloader}) screen.stage(stage);
  show();
  EXPECT_EQ(seen.terminal.lines().at(0),
            "+ connect > * preloader > agent > memory > agent 2 > erase > write > verify > reboot");
}

TEST_F(OnTerminal, bars_show_the_whole_run_and_the_partition_with_speed_and_time_left) {
  screen.stage(Stage::write);
  for (std::uint64_t i = 0; i <= 4; ++i) {
    screen.progress({Stage::write, "boot", i * 2 * mib, 16 * mib, i * 2 * mib, 100 * mib});
    clock.advance(500ms);
  }
  show();
  const auto lines = seen.terminal.lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(
      lines[1],
      "Everything           ###-------------------------------------   8 %  4.0 MiB/s, about 23 s left");
  EXPECT_EQ(lines[2], "> Download           ####################--------------------  50 %  boot");
}

TEST_F(OnTerminal, the_bar_of_the_whole_run_stays_between_partitions) {
  screen.progress({Stage::write, "boot", 16, 16, 16, 64});
  screen.stage(Stage::verify);
  show();
  const auto lines = seen.terminal.lines();
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1], "Everything           ##########------------------------------  25 %");
  EXPECT_EQ(lines[2], "= Checking");
}

TEST_F(OnTerminal, the_failed_stage_stays_marked) {
  screen.stage(Stage::connect);
  screen.stage(Stage::write);
  Outcome broken;
  broken.error = Error{.code = Errc::disconnected, .what = "gone"};
  screen.ended(broken);
  screen.flush();
  EXPECT_EQ(seen.terminal.text(),
            "+ connect > brom > agent > memory > agent 2 > erase > X write > verify > reboot\n");
}

TEST_F(OnTerminal, a_run_that_ended_well_has_every_stage_it_went_through_marked) {
  for (const Stage stage :
       {Stage::connect, Stage::brom, Stage::da1, Stage::da2, Stage::write, Stage::verify, Stage::reboot})
    screen.stage(stage);
  screen.ended({});
  screen.flush();
  EXPECT_EQ(seen.terminal.text(),
            "+ connect > + brom > + agent > memory > + agent 2 > erase > + write > + verify > + reboot\n");
}

TEST_F(OnTerminal, nothing_is_sent_while_others_wait) {
  screen.stage(Stage::connect);
  screen.write(LogLevel::warning, "a note");
  screen.tick();
  EXPECT_EQ(seen.err, "");
  screen.flush();
  EXPECT_NE(seen.err, "");
}

TEST_F(OnTerminal, notes_scroll_by_above_the_bars) {
  screen.stage(Stage::connect);
  show();
  screen.finding(
      {.id = "x", .level = LogLevel::warning, .text = "Still nothing.", .actions = {"Try another cable."}});
  screen.write(LogLevel::debug, "not shown");
  pass(1s);
  screen.write(LogLevel::info, "Agent file: 1");
  pass(1s);
  EXPECT_EQ(seen.terminal.text(),
            "! Still nothing.\n"
            "  - Try another cable.\n"
            "Agent file: 1\n"
            "* connect > brom > agent > memory > agent 2 > erase > write > verify > reboot\n"
            "Waiting for the phone, 2 s\n");
}

TEST_F(OnTerminal, is_drawn_at_most_ten_times_a_second_and_only_when_something_changed) {
  screen.stage(Stage::write);
  show();
  const std::size_t first = seen.err.size();
  screen.progress({Stage::write, "boot", mib, 2 * mib, mib, 2 * mib});
  pass(99ms);
  EXPECT_EQ(seen.err.size(), first);
  pass(1ms);
  const std::size_t second = seen.err.size();
  EXPECT_GT(second, first);
  pass(5s);
  EXPECT_EQ(seen.err.size(), second);
}

TEST_F(OnTerminal, names_from_the_phone_cannot_command_the_terminal) {
  screen.stage(Stage::write);
  screen.progress({Stage::write, "bo\x1b[2Jot\n", 1, 2, 1, 2});
  screen.write(LogLevel::info, "evil\x1b]0;title\a");
  show();
  EXPECT_EQ(seen.err.find("\x1b[2J"), std::string::npos);
  EXPECT_EQ(seen.err.find("\x1b]"), std::string::npos);
  EXPECT_NE(seen.terminal.text().find("bo?[2Jot?"), std::string::npos);
}

TEST(Screen, no_stage_is_lost_on_eighty_columns) {
  FakeClock clock;
  TestConsole seen{Style{.colour = false, .utf8 = false, .width = 80}, true};
  Screen screen{clock, seen.console, LogLevel::info};
  for (const Stage stage :
       {Stage::connect, Stage::brom, Stage::preloader, Stage::da1, Stage::da2, Stage::backup})
    screen.stage(stage);
  screen.tick();
  screen.flush();
  EXPECT_EQ(seen.terminal.text(),
            "+ connect > + preloader > + agent > memory > + agent 2 > * read back > erase >\n"
            "  write > verify > reboot\n"
            "< Read back\n");
}

TEST(Screen, fits_a_narrow_terminal) {
  FakeClock clock;
  TestConsole seen{Style{.colour = true, .utf8 = true, .width = 40}, true};
  Screen screen{clock, seen.console, LogLevel::info};
  screen.progress({Stage::write, "a_very_long_partition_name_that_never_ends", 1, 2, 1, 2});
  screen.tick();
  screen.flush();
  for (const auto& line : seen.terminal.lines()) {
    std::size_t characters = 0;
    for (const char c : line) characters += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
    EXPECT_LT(characters, 40U) << line;
  }
}

TEST(Screen, shows_stages_in_the_colours_users_know) {
  FakeClock clock;
  const auto colour_of = [&](Stage stage, const char* item) {
    TestConsole seen{rich_style, true};
    Screen screen{clock, seen.console, LogLevel::info};
    screen.progress({stage, item, 1, 2, 0, 0});
    screen.tick();
    screen.flush();
    const auto bar = seen.err.find("█");
    const auto begin = seen.err.rfind("38;5;", bar);
    return seen.err.substr(begin + 5, 3);
  };
  EXPECT_EQ(colour_of(Stage::da1, "agent"), "167");        // red: Download DA
  EXPECT_EQ(colour_of(Stage::erase, "boot"), "71m");       // green: Format
  EXPECT_EQ(colour_of(Stage::write, "preloader"), "133");  // purple: Download Boot Loader
  EXPECT_EQ(colour_of(Stage::write, "boot"), "178");       // yellow: Download
  EXPECT_EQ(colour_of(Stage::backup, "nvram"), "68m");     // blue: Read back
  EXPECT_EQ(colour_of(Stage::verify, "boot"), "176");      // magenta: CheckSum
}

TEST(PlainLines, tell_every_stage_and_partition_once_and_a_sign_of_life_every_few_seconds) {
  FakeClock clock;
  TestConsole seen;
  PlainLines plain{clock, seen.console, LogLevel::info};
  plain.stage(Stage::connect);
  for (int i = 0; i < 12; ++i) {
    clock.advance(1s);
    plain.tick();
  }
  plain.stage(Stage::brom);
  plain.stage(Stage::write);
  for (std::uint64_t i = 0; i <= 8; ++i) {
    plain.progress({Stage::write, "boot", i * mib, 8 * mib, i * mib, 20 * mib});
    clock.advance(1s);
    plain.tick();
  }
  plain.stage(Stage::verify);
  plain.progress({Stage::verify, "boot", 0, 8 * mib, 8 * mib, 20 * mib});
  EXPECT_EQ(seen.err, "") << "a pipe may block";
  plain.flush();
  EXPECT_EQ(seen.err,
            "Waiting for the phone\n"
            "Waiting for the phone, 10 s\n"
            "Boot ROM\n"
            "Download: boot, 8.0 MiB\n"
            "Download: boot, 20 %, 1.0 MiB/s, about 16 s left\n"
            "Checking: boot, 8.0 MiB\n");
}

TEST(PlainLines, carry_no_escape_sequences) {
  FakeClock clock;
  TestConsole seen;
  PlainLines plain{clock, seen.console, LogLevel::debug};
  plain.stage(Stage::connect);
  plain.write(LogLevel::debug, "a\x1b[1mb");
  plain.finding({.id = "x", .level = LogLevel::error, .text = "c", .actions = {}});
  plain.flush();
  EXPECT_NE(seen.err, "");
  EXPECT_EQ(seen.err.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace mtk::cli
