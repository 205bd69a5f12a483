// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/habits.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace mtk::cli {

namespace {

using fmt::arg;

/// An option of flash_tool and what becomes of it.
struct Habit {
  std::string_view letter;
  std::string_view name;
  bool has_value;
};
constexpr std::array habits{
    Habit{"-s", "--scatter", true},   Habit{"-c", "--operation", true},    Habit{"-d", "--da_agent", true},
    Habit{"-p", "--com_port", true},  Habit{"-t", "--battery_mode", true}, Habit{"-b", "--reboot", false},
    Habit{"-r", "--redirect", false}, Habit{"-i", "--config", true},
};

const Habit* find_habit(std::string_view word) {
  const auto found =
      std::ranges::find_if(habits, [&](const Habit& h) { return h.letter == word || h.name == word; });
  return found == habits.end() ? nullptr : &*found;
}

/// Levenshtein distance; words are short.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string battery_word(std::string_view mode) {
  if (mode == "with") return "yes";
  if (mode == "without") return "no";
  return std::string{mode};
}

}  // namespace

bool is_flash_tool_line(const std::vector<std::string>& arguments) {
  if (arguments.empty() || !arguments.front().starts_with('-')) return false;
  return std::ranges::any_of(arguments, [](const std::string& word) {
    const Habit* habit = find_habit(word);
    return habit != nullptr && (habit->letter == "-s" || habit->letter == "-c" || habit->letter == "-i");
  });
}

Result<Translated> from_flash_tool(const std::vector<std::string>& arguments) {
  Translated out;
  std::string scatter;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const Habit* habit = find_habit(word);
    if (habit == nullptr) return fail(Errc::usage, say(Text::habit_unknown_option, arg("option", word)));
    std::string value;
    if (habit->has_value) {
      if (++i == arguments.size()) return fail(Errc::usage, say(Text::usage_no_value, arg("option", word)));
      value = arguments[i];
    }
    switch (habit->letter[1]) {
      case 's':
        scatter = value;
        break;
      case 'c':
        if (value != "download")
          return fail(Errc::usage, say(Text::habit_operation, arg("operation", value)));
        break;
      case 'd':
        out.arguments.insert(out.arguments.end(), {"--da", value});
        break;
      case 'p':
        // Two USB places, one for each stage: the phone is followed by itself.
        if (const auto plus = value.find('+'); plus != std::string::npos) {
          value.resize(plus);
          out.remarks.push_back(say(Text::habit_first_port, arg("port", value)));
        }
        out.arguments.insert(out.arguments.end(), {"--port", value});
        break;
      case 't':
        out.arguments.insert(out.arguments.end(), {"--battery", battery_word(value)});
        break;
      case 'i':
        return fail(Errc::usage, say(Text::habit_config));
      default:
        break;  // -b restarts the phone and -r sends the log to the screen: both happen anyway
    }
  }
  if (scatter.empty()) return fail(Errc::usage, say(Text::habit_no_scatter));
  out.arguments.insert(out.arguments.begin(), {"flash", scatter});
  std::string line = "mtkflash";
  for (const auto& word : out.arguments) line += " " + word;
  out.remarks.push_back(say(Text::habit_translated, arg("line", line)));
  return out;
}

std::vector<std::string> near_words(std::string_view word, const std::vector<std::string>& choices) {
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const auto& choice : choices) {
    const std::size_t away = distance(word, choice);
    const bool begins = word.size() >= 2 && choice.starts_with(word);
    if (begins || away <= (word.size() <= 4 ? 1U : 2U)) found.emplace_back(away, choice);
  }
  std::ranges::sort(found);
  std::vector<std::string> words;
  for (auto& [away, choice] : found) words.push_back(std::move(choice));
  return words;
}

}  // namespace mtk::cli
