// SPDX-License-Identifier: Apache-2.0
// Every command and option of mtkflash, as data: parsing, --help, shell completion and the man page are made
// from this one table.
#pragma once

#include "base/text.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace mtk::cli {

enum class Option : std::uint8_t {
  port,
  timeout,
  stage_timeout,
  da,
  preloader,
  auth,
  cert,
  signer,
  chip_file,
  battery,
  record,
  trace_payload,
  only,
  skip,
  image,
  against,
  erase_identity,
  scene,
  to,
  storage,
  verify,
  no_verify,
  next,
  dry_run,
  force,
  fix,
  json,
  log,
  output,
  verbose,
  help
};

/// What a value is: decides how it is checked and what a shell completes it with.
enum class Takes : std::uint8_t { nothing, text, file, folder, word, list, seconds };

struct OptionSpec {
  Option id;
  std::string_view name;    ///< `--port`
  std::string_view letter;  ///< `-v`; empty when there is none
  std::string_view value;   ///< `PORT`; empty for switches
  Takes takes;
  Text help;
  std::span<const std::string_view> words = {};   ///< the values of Takes::word
  std::span<const std::string_view> habits = {};  ///< spellings of other tools, accepted and not shown
};

enum class Command : std::uint8_t {
  flash,
  plan,
  check,
  info,
  parts,
  read,
  write,
  erase,
  reboot,
  wait,
  da,
  scatter,
  explain,
  doctor,
  trace,
  report,
  help,
  completion,
  man
};

/// A set of options, one bit each.
using Options = std::uint32_t;
constexpr Options bit(Option option) { return Options{1} << static_cast<unsigned>(option); }

struct CommandSpec {
  Command id;
  std::string_view name;
  std::string_view arguments;  ///< as --help shows them: `PARTITION FILE`
  std::size_t min_arguments;
  std::size_t max_arguments;
  Takes takes;  ///< what the arguments are
  Text summary;
  Text details;
  Options options;
  std::span<const std::string_view> words = {};   ///< the values of Takes::word
  std::span<const std::string_view> habits = {};  ///< verbs of mtk.py that mean the same
  bool hidden = false;
};

std::span<const OptionSpec> all_options();
std::span<const CommandSpec> all_commands();
const OptionSpec& option_spec(Option option);
/// By name or habit; null when there is none.
const CommandSpec* find_command(std::string_view name);
constexpr bool takes_option(const CommandSpec& command, Option option) {
  return (command.options & bit(option)) != 0;
}

}  // namespace mtk::cli
