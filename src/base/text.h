// SPDX-License-Identifier: Apache-2.0
// Every sentence a user may see, by id. The table is made from data/texts (docs/howto/add-a-sentence.md).
#pragma once

#include "base/text_ids.h"

#include <fmt/format.h>

#include <span>
#include <string>
#include <string_view>

namespace mtk {

/// A language's sentences, indexed by Text; an empty one is not translated yet.
struct Language {
  std::string_view code;  ///< as in `en`, `zh-CN`
  std::span<const std::string_view> sentences;
};

/// The languages of this build. The first is English and complete.
std::span<const Language> languages();
/// The language among `choices` for a wish such as `ru_RU.UTF-8`; the first when none fits.
const Language& choose_language(std::span<const Language> choices, std::string_view wish);
/// The user's language: MTKFLASH_LANG, else the system's; looked up once.
const Language& user_language();

/// The sentence with its {arguments} still in it; English where the language lacks it.
std::string_view text(Text id, const Language& language = user_language());

/// The sentence with its arguments filled in. A translation that does not fit them falls back to English,
/// and that to the bare sentence: a wrong table never stops a run.
std::string format_text(Text id, const Language& language, fmt::format_args args);

/// `say(Text::connect_waiting, fmt::arg("seconds", 12))`
template <class... Args>
std::string say(Text id, const Args&... args) {
  return format_text(id, user_language(), fmt::make_format_args(args...));
}

}  // namespace mtk
