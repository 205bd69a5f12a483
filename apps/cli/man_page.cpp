// SPDX-License-Identifier: Apache-2.0
// The man page: a frame of man macros around the option table.
#include "apps/cli/completion.h"
#include "apps/cli/option_table.h"

#include <fmt/format.h>

#include <array>

namespace mtk::cli {

namespace {

/// Text for troff: a leading dot or quote would be a request, a dash is a minus sign.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (out.empty() && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string tagged(std::string_view tag, std::string_view text) {
  return fmt::format(".TP\n.B {}\n{}\n", roff(tag), roff(text));
}

std::string option_tag(const OptionSpec& option) {
  std::string tag =
      option.letter.empty() ? std::string{option.name} : fmt::format("{}, {}", option.letter, option.name);
  if (!option.value.empty()) tag += fmt::format(" {}", option.value);
  return tag;
}

constexpr std::array exit_texts{
    Text::exit_code_0,  Text::exit_code_1,  Text::exit_code_2,  Text::exit_code_3,  Text::exit_code_4,
    Text::exit_code_5,  Text::exit_code_6,  Text::exit_code_7,  Text::exit_code_8,  Text::exit_code_9,
    Text::exit_code_10, Text::exit_code_11, Text::exit_code_12, Text::exit_code_13, Text::exit_code_14};

}  // namespace

std::string man_page() {
  std::string out =
      ".\\\" SPDX-License-Identifier: Apache-2.0\n.TH MTKFLASH 1 \"\" \"mtkflash " MTK_VERSION "\"\n";
  out += fmt::format(".SH NAME\nmtkflash \\- {}\n", roff(text(Text::man_name)));
  out += ".SH SYNOPSIS\n";
  for (const CommandSpec& command : all_commands()) {
    if (command.hidden) continue;
    const std::string arguments = command.arguments.empty() ? "" : roff(command.arguments) + " ";
    out += fmt::format(".B mtkflash {}\n{}[options]\n.br\n", roff(command.name), arguments);
  }
  out += fmt::format(".SH DESCRIPTION\n{}\n.PP\n{}\n", roff(text(Text::help_intro)),
                     roff(text(Text::help_dead_phone)));
  out += ".SH COMMANDS\n";
  for (const CommandSpec& command : all_commands()) {
    if (command.hidden) continue;
    const std::string gap = command.arguments.empty() ? "" : " ";
    out += tagged(fmt::format("{}{}{}", command.name, gap, command.arguments), text(command.details));
  }
  out += ".SH OPTIONS\n";
  for (const OptionSpec& option : all_options()) out += tagged(option_tag(option), text(option.help));
  out += ".SH EXIT STATUS\n";
  for (std::size_t code = 0; code < exit_texts.size(); ++code)
    out += tagged(std::to_string(code), text(exit_texts.at(code)));
  out += ".SH ENVIRONMENT\n";
  out += tagged("MTKFLASH_HOME", text(Text::man_home));
  out += tagged("MTKFLASH_LANG", text(Text::man_lang));
  out += tagged("NO_COLOR", text(Text::man_no_color));
  out += fmt::format(".SH FILES\n{}\n", roff(text(Text::man_files)));
  return out;
}

}  // namespace mtk::cli
