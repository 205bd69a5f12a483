// SPDX-License-Identifier: Apache-2.0
// Reads a command line by the option table. The only file that names CLI11.
#include "apps/cli/habits.h"
#include "apps/cli/invocation.h"
#include "base/ascii.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace mtk::cli {

namespace {

using fmt::arg;

/// `-1073283068` is a code out of an old log, not an option.
bool is_negative_number(std::string_view word) {
  return word.size() > 1 && word.front() == '-' &&
         std::ranges::all_of(word.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

Error unknown_command(const std::string& word) {
  std::vector<std::string> names;
  for (const CommandSpec& command : all_commands()) {
    if (!command.hidden) names.emplace_back(command.name);
  }
  const auto near = near_words(word, names);
  const std::string what = near.empty()
                               ? say(Text::usage_unknown_command, arg("word", word))
                               : say(Text::usage_did_you_mean, arg("word", word), arg("near", near.front()));
  return Error{.code = Errc::usage, .what = what};
}

/// Takes the verb out of the words; options may stand before it.
Result<const CommandSpec*> take_verb(std::vector<std::string>& words) {
  if (words.empty()) return fail(Errc::usage, std::string{text(Text::usage_no_command)});
  auto verb = words.begin();
  if (verb->starts_with('-'))
    verb = std::ranges::find_if(words, [](const auto& word) { return find_command(word) != nullptr; });
  if (verb == words.end()) return fail(Errc::usage, std::string{text(Text::usage_no_command)});
  const CommandSpec* command = find_command(*verb);
  if (command == nullptr) return fail(unknown_command(*verb));
  words.erase(verb);
  return command;
}

Error unknown_option(const CommandSpec& command, const std::string& word) {
  std::vector<std::string> names;
  for (const OptionSpec& option : all_options()) {
    if (takes_option(command, option.id)) names.emplace_back(option.name);
  }
  const std::string bare = word.substr(0, word.find('='));
  const auto near = near_words(bare, names);
  return Error{.code = Errc::usage,
               .what = near.empty() ? say(Text::usage_unknown_option, arg("command", command.name),
                                          arg("option", bare))
                                    : say(Text::usage_option_did_you_mean, arg("command", command.name),
                                          arg("option", bare), arg("near", near.front()))};
}

/// Words are taken in any case, as people copy them from tables, and stand as listed afterwards.
Result<> check_value(const OptionSpec& option, std::string& value) {
  if (option.takes == Takes::word) {
    const auto word = std::ranges::find_if(
        option.words, [&](std::string_view listed) { return same_ignoring_case(listed, value); });
    if (word == option.words.end()) {
      return fail(Errc::usage, say(Text::usage_wrong_word, arg("option", option.name), arg("value", value),
                                   arg("words", fmt::format("{}", fmt::join(option.words, ", ")))));
    }
    value = *word;
  }
  double seconds = 0;
  if (option.takes == Takes::seconds &&
      (!CLI::detail::lexical_cast(value, seconds) || !(seconds >= 0 && seconds <= 1e6))) {
    return fail(Errc::usage, say(Text::usage_not_seconds, arg("option", option.name), arg("value", value)));
  }
  return {};
}

Result<> check_arguments(const Invocation& run) {
  const CommandSpec& command = *run.command;
  const std::size_t count = run.arguments.size();
  if (count < command.min_arguments) {
    return fail(Errc::usage,
                say(Text::usage_too_few, arg("command", command.name), arg("arguments", command.arguments)));
  }
  if (count > command.max_arguments) {
    return fail(Errc::usage, say(Text::usage_too_many, arg("command", command.name),
                                 arg("word", run.arguments[command.max_arguments])));
  }
  if (command.takes != Takes::word) return {};
  for (const auto& word : run.arguments) {
    if (std::ranges::find(command.words, word) != command.words.end()) continue;
    return fail(Errc::usage, say(Text::usage_wrong_word, arg("option", command.name), arg("value", word),
                                 arg("words", fmt::format("{}", fmt::join(command.words, ", ")))));
  }
  return {};
}

/// The names CLI11 knows an option by: `-p,--port,--serialport`.
std::string all_names(const OptionSpec& option) {
  std::string names{option.name};
  if (!option.letter.empty()) names += fmt::format(",{}", option.letter);
  for (const auto habit : option.habits) names += fmt::format(",{}", habit);
  return names;
}

Result<Invocation> read_words(const CommandSpec& command, std::vector<std::string> words) {
  Invocation run{.command = &command, .arguments = {}, .values = {}, .remarks = {}};
  std::vector<std::string> numbers;
  if (command.id == Command::explain) {
    const auto is_code = [](const auto& word) { return is_negative_number(word); };
    std::ranges::copy_if(words, std::back_inserter(numbers), is_code);
    std::erase_if(words, is_code);
  }
  CLI::App app;
  app.set_help_flag("");
  app.add_option("arguments", run.arguments);
  std::map<Option, std::vector<std::string>> values;
  std::map<Option, bool> switches;
  for (const OptionSpec& option : all_options()) {
    if (!takes_option(command, option.id)) continue;
    if (option.takes == Takes::nothing) {
      app.add_flag(all_names(option), switches[option.id]);
    } else {
      app.add_option(all_names(option), values[option.id])->allow_extra_args(false);
    }
  }
  try {
    std::ranges::reverse(words);  // as CLI11 takes them
    app.parse(words);
  } catch (const CLI::ExtrasError&) {
    const auto extra = app.remaining();
    return fail(unknown_option(command, extra.empty() ? "" : extra.front()));
  } catch (const CLI::ParseError& problem) {
    return fail(Errc::usage, problem.what());
  }
  for (const auto& [id, on] : switches) {
    if (on) run.values[id] = {};
  }
  for (auto& [id, given] : values) {
    for (auto& value : given) MTK_TRY(check_value(option_spec(id), value));
    if (!given.empty()) run.values[id] = std::move(given);
  }
  run.arguments.insert(run.arguments.end(), numbers.begin(), numbers.end());
  if (!run.has(Option::help)) MTK_TRY(check_arguments(run));
  return run;
}

}  // namespace

Result<Invocation> parse(std::vector<std::string> words) {
  std::vector<std::string> remarks;
  if (is_flash_tool_line(words)) {
    MTK_TRY_LET(Translated ours, from_flash_tool(words));
    words = std::move(ours.arguments);
    remarks = std::move(ours.remarks);
  }
  MTK_TRY_LET(const CommandSpec* const command, take_verb(words));
  MTK_TRY_LET(Invocation run, read_words(*command, std::move(words)));
  run.remarks = std::move(remarks);
  return run;
}

}  // namespace mtk::cli
