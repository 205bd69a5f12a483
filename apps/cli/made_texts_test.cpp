// SPDX-License-Identifier: Apache-2.0
// What is made from the option table: help, completion, man page.
#include "apps/cli/completion.h"
#include "apps/cli/help.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(OptionTable, is_in_the_order_of_its_ids) {
  for (std::size_t i = 0; i < all_options().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(all_options()[i].id), i) << all_options()[i].name;
  }
}

TEST(OptionTable, every_command_is_found_by_its_name_and_habits) {
  for (const CommandSpec& command : all_commands()) {
    EXPECT_EQ(find_command(command.name), &command);
    for (const auto habit : command.habits) EXPECT_EQ(find_command(habit), &command) << habit;
  }
  EXPECT_EQ(find_command("nothing"), nullptr);
}

TEST(Help, lists_every_command_and_hides_what_packaging_asks_for) {
  const std::string help = program_help({});
  for (const CommandSpec& command : all_commands()) {
    const auto line = "\n  " + std::string{command.name} + " ";
    if (command.hidden) {
      EXPECT_THAT(help, Not(HasSubstr(line)));
    } else {
      EXPECT_THAT(help, HasSubstr(line));
    }
  }
}

TEST(Help, of_a_command_lists_its_options_only) {
  const std::string help = command_help(*find_command("read"), {});
  EXPECT_THAT(help, HasSubstr("mtkflash read PLACE FILE [PLACE FILE ...] [options]"));
  EXPECT_THAT(help, HasSubstr("  -p, --port PORT"));
  EXPECT_THAT(help, HasSubstr("      --force"));
  EXPECT_THAT(help, Not(HasSubstr("--only")));
  for (std::size_t at = 0; at < help.size();) {
    const auto end = help.find('\n', at);
    EXPECT_LE(end - at, 80U) << help.substr(at, end - at);
    at = end + 1;
  }
}

TEST(Completion, knows_every_visible_command_and_option_in_every_shell) {
  for (const std::string& script : {bash_completion(), zsh_completion(), fish_completion()}) {
    for (const CommandSpec& command : all_commands()) {
      if (command.hidden) continue;
      EXPECT_THAT(script, HasSubstr(std::string{command.name}));
    }
    for (const OptionSpec& option : all_options())
      EXPECT_THAT(script, HasSubstr(std::string{option.name.substr(2)}));
  }
}

TEST(ManPage, describes_every_command_option_and_exit_code) {
  const std::string page = man_page();
  for (const CommandSpec& command : all_commands()) {
    if (command.hidden) continue;
    EXPECT_THAT(page, HasSubstr(".B mtkflash " + std::string{command.name}));
  }
  EXPECT_THAT(page, HasSubstr(".B mtkflash info\n[options]\n"));
  EXPECT_THAT(page, HasSubstr(".B \\-\\-erase\\-identity LIST"));
  for (int code = 0; code <= 14; ++code) EXPECT_THAT(page, HasSubstr(".B " + std::to_string(code) + "\n"));
}

}  // namespace
}  // namespace mtk::cli
