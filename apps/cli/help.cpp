// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/help.h"

#include "apps/cli/page.h"
#include "apps/cli/units.h"

#include <algorithm>

namespace mtk::cli {

namespace {

constexpr std::size_t widest_help = 100;
constexpr std::size_t command_column = 10;
constexpr std::size_t option_column = 34;

/// `  left     text, broken under itself`
std::string entry(std::string_view left, std::size_t column, std::string_view text, const Style& style) {
  const std::string indent(column + 3, ' ');
  const std::size_t width = std::min(style.width, widest_help);
  return fmt::format("  {} {}\n", paint(style, Ink::strong, padded(left, column)),
                     wrapped(text, width, indent));
}

}  // namespace

std::string option_synopsis(const OptionSpec& option) {
  std::string out = option.letter.empty() ? "    " : fmt::format("{}, ", option.letter);
  out += option.name;
  if (!option.value.empty()) out += fmt::format(" {}", option.value);
  return out;
}

std::string program_help(const Style& style) {
  Page page{style};
  page.line(text(Text::help_intro));
  page.gap();
  page.line(text(Text::help_usage));
  page.gap();
  page.heading(Ink::strong, text(Text::help_commands));
  std::string out = std::move(page).text();
  for (const CommandSpec& command : all_commands()) {
    if (!command.hidden) out += entry(command.name, command_column, text(command.summary), style);
  }
  Page end{style};
  end.gap();
  end.line(text(Text::help_more));
  end.line(text(Text::help_dead_phone));
  return out + "\n" + std::move(end).text();
}

std::string command_help(const CommandSpec& command, const Style& style) {
  Page page{style};
  page.line(text(command.summary));
  page.gap();
  page.line(fmt::format("mtkflash {} {}{}{}", command.name, command.arguments,
                        command.arguments.empty() ? "" : " ", text(Text::help_options_word)));
  page.gap();
  page.line(text(command.details));
  page.gap();
  page.heading(Ink::strong, text(Text::help_options));
  std::string out = std::move(page).text();
  for (const OptionSpec& option : all_options()) {
    if (takes_option(command, option.id))
      out += entry(option_synopsis(option), option_column, text(option.help), style);
  }
  return out;
}

}  // namespace mtk::cli
