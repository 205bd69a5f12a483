// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/completion.h"

#include "apps/cli/option_table.h"

#include <fmt/ranges.h>

#include <vector>

namespace mtk::cli {

namespace {

std::vector<std::string_view> command_names() {
  std::vector<std::string_view> names;
  for (const CommandSpec& command : all_commands()) {
    if (!command.hidden) names.push_back(command.name);
  }
  return names;
}

bool completes_files(Takes takes) { return takes == Takes::file || takes == Takes::folder; }

/// For single quotes of a shell.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

/// For single quotes of zsh's _arguments, where brackets and colons separate.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':') out += '\\';
    out += c;
  }
  return out;
}

std::string_view zsh_action(Takes takes) {
  if (takes == Takes::file) return "_files";
  return takes == Takes::folder ? "_files" : " ";
}

std::string zsh_values(std::span<const std::string_view> words, Takes takes) {
  return words.empty() ? std::string{zsh_action(takes)} : fmt::format("({})", fmt::join(words, " "));
}

}  // namespace

std::string bash_completion() {
  std::string out = "# SPDX-License-Identifier: Apache-2.0\n# bash completion for mtkflash\n_mtkflash() {\n";
  out += "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n";
  out += "  COMPREPLY=()\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n";
  out += fmt::format("    COMPREPLY=($(compgen -W '{} --help --version' -- \"$cur\"))\n    return\n  fi\n",
                     fmt::join(command_names(), " "));
  out += "  case $prev in\n";
  for (const OptionSpec& option : all_options()) {
    const std::string names =
        option.letter.empty() ? std::string{option.name} : fmt::format("{}|{}", option.letter, option.name);
    if (!option.words.empty()) {
      out += fmt::format("    {}) COMPREPLY=($(compgen -W '{}' -- \"$cur\")); return ;;\n", names,
                         fmt::join(option.words, " "));
    } else if (completes_files(option.takes) || option.id == Option::port) {
      out += fmt::format("    {}) compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n",
                         names);
    } else if (option.takes != Takes::nothing) {
      out += fmt::format("    {}) return ;;\n", names);
    }
  }
  out += "  esac\n  case $verb in\n";
  for (const CommandSpec& command : all_commands()) {
    std::vector<std::string_view> words{command.words.begin(), command.words.end()};
    if (command.id == Command::help) words = command_names();
    for (const OptionSpec& option : all_options()) {
      if (takes_option(command, option.id)) words.push_back(option.name);
    }
    out += fmt::format("    {}) COMPREPLY=($(compgen -W '{}' -- \"$cur\"))", command.name,
                       fmt::join(words, " "));
    if (completes_files(command.takes))
      out += "; compopt -o filenames; COMPREPLY+=($(compgen -f -- \"$cur\"))";
    out += " ;;\n";
  }
  return out + "  esac\n}\ncomplete -F _mtkflash mtkflash\n";
}

std::string zsh_completion() {
  std::string out =
      "#compdef mtkflash\n# SPDX-License-Identifier: Apache-2.0\n_mtkflash() {\n  local -a verbs\n  "
      "verbs=(\n";
  for (const CommandSpec& command : all_commands()) {
    if (!command.hidden) out += fmt::format("    '{}:{}'\n", command.name, zsh_text(text(command.summary)));
  }
  out +=
      "  )\n  if (( CURRENT == 2 )); then\n    _describe command verbs\n    return\n  fi\n  case $words[2] "
      "in\n";
  for (const CommandSpec& command : all_commands()) {
    out += fmt::format("    {})\n      _arguments -s", command.name);
    for (const OptionSpec& option : all_options()) {
      if (!takes_option(command, option.id)) continue;
      out += fmt::format(
          " \\\n        '{}[{}]{}'", option.name, zsh_text(text(option.help)),
          option.takes == Takes::nothing
              ? ""
              : fmt::format(":{}:{}", zsh_text(option.value), zsh_values(option.words, option.takes)));
    }
    if (command.max_arguments > 0) {
      out += fmt::format(" \\\n        '*:{}:{}'", zsh_text(command.arguments),
                         zsh_values(command.words, command.takes));
    }
    out += "\n      ;;\n";
  }
  return out + "  esac\n}\n_mtkflash \"$@\"\n";
}

std::string fish_completion() {
  std::string out =
      "# SPDX-License-Identifier: Apache-2.0\n# fish completion for mtkflash\ncomplete -c mtkflash -f\n";
  for (const CommandSpec& command : all_commands()) {
    if (command.hidden) continue;
    out += fmt::format("complete -c mtkflash -n __fish_use_subcommand -a {} -d {}\n", command.name,
                       quoted(text(command.summary)));
    const std::string seen =
        fmt::format("complete -c mtkflash -n '__fish_seen_subcommand_from {}'", command.name);
    if (completes_files(command.takes)) out += seen + " -F\n";
    if (!command.words.empty()) out += fmt::format("{} -a '{}'\n", seen, fmt::join(command.words, " "));
    for (const OptionSpec& option : all_options()) {
      if (!takes_option(command, option.id)) continue;
      out += fmt::format("{} -l {}", seen, option.name.substr(2));
      if (!option.letter.empty()) out += fmt::format(" -s {}", option.letter.substr(1));
      if (option.takes != Takes::nothing) out += completes_files(option.takes) ? " -r -F" : " -x";
      if (!option.words.empty()) out += fmt::format(" -a '{}'", fmt::join(option.words, " "));
      out += fmt::format(" -d {}\n", quoted(text(option.help)));
    }
  }
  return out;
}

std::string completion(std::string_view shell) {
  if (shell == "bash") return bash_completion();
  return shell == "zsh" ? zsh_completion() : fish_completion();
}

}  // namespace mtk::cli
