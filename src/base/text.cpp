// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include "base/text_table.h"

#include <algorithm>
#include <cstdlib>

namespace mtk {

namespace {

std::string_view sentence(Text id, const Language& language) {
  const auto index = static_cast<std::size_t>(id);
  return index < language.sentences.size() ? language.sentences[index] : std::string_view{};
}

std::string_view english(Text id) { return sentence(id, language_table.front()); }

/// `zh_CN.UTF-8` and `zh-CN` become `zh-CN`.
std::string language_code(std::string_view wish) {
  std::string code{wish.substr(0, wish.find_first_of(".@"))};
  std::ranges::replace(code, '_', '-');
  return code;
}

std::string_view wished_language() {
  for (const char* variable : {"MTKFLASH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (const char* value = std::getenv(variable); value != nullptr && *value != '\0') return value;
  }
  return {};
}

}  // namespace

std::span<const Language> languages() { return language_table; }

const Language& choose_language(std::span<const Language> choices, std::string_view wish) {
  const std::string code = language_code(wish);
  const std::string_view base = std::string_view{code}.substr(0, code.find('-'));
  for (const std::string_view wanted : {std::string_view{code}, base}) {
    for (const Language& choice : choices) {
      if (choice.code == wanted) return choice;
    }
  }
  return choices.front();
}

const Language& user_language() {
  static const Language& chosen = choose_language(languages(), wished_language());
  return chosen;
}

std::string_view text(Text id, const Language& language) {
  const std::string_view translated = sentence(id, language);
  return translated.empty() ? english(id) : translated;
}

std::string format_text(Text id, const Language& language, fmt::format_args args) {
  for (const std::string_view pattern : {text(id, language), english(id)}) {
    try {
      return fmt::vformat(fmt::string_view{pattern.data(), pattern.size()}, args);
    } catch (const fmt::format_error&) {
      continue;
    }
  }
  return std::string{english(id)};
}

}  // namespace mtk
