// SPDX-License-Identifier: Apache-2.0
// For tests: conversations written one packet per line, as those of XFlash and XML agents are, for a phone
// that takes every byte one by one.
#pragma once

#include "base/bytes.h"

#include <charconv>
#include <sstream>
#include <string>
#include <string_view>

namespace mtk {

namespace detail {

inline std::size_t script_number(std::string_view text, int base) {
  if (base == 16 && text.starts_with("0x")) text.remove_prefix(2);
  std::size_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value, base);
  MTK_ASSERT(end.ec == std::errc{} && end.ptr == text.data() + text.size());
  return value;
}

/// Bytes that a line's tokens stand for.
inline std::size_t script_size(const std::string& tokens) {
  std::istringstream in{tokens};
  std::size_t size = 0;
  for (std::string word; in >> word;) {
    if (word == "{code" || word == "{pattern") {
      in >> word;
      size += script_number(word.substr(0, word.find('}')), 16);
      while (word.back() != '}') in >> word;
    } else if (word == "{partition") {
      while (word.back() != '}') in >> word;
      size += 512 * script_number(word.substr(0, word.size() - 1), 10);
    } else {
      const std::size_t star = word.find('*');
      size += star == word.npos ? 1 : script_number(std::string_view{word}.substr(star + 1), 10);
    }
  }
  return size;
}

/// Texts between backquotes as the bytes they are.
inline std::string spelled_out(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t open = line.find('`', i);
    const std::size_t close = open == line.npos ? open : line.find('`', open + 1);
    out += line.substr(i, open - i);
    if (close == line.npos) break;
    out += ' ' + hex(to_bytes(line.substr(open + 1, close - open - 1))) + ' ';
    i = close + 1;
  }
  return out;
}

}  // namespace detail

/// The same conversation for a ScriptedPhone: before every line's bytes stands their packet header, except
/// where the line says `raw`. `T>` becomes two transfers, the header and the payload; `J>` is one of both.
/// Besides the tokens of ScriptedPhone, a text may stand between backquotes.
inline std::string framed(std::string_view transcript) {
  std::istringstream in{std::string{transcript}};
  std::string out;
  for (std::string line; std::getline(in, line);) {
    line = detail::spelled_out(line);
    line.resize(std::min(line.find('#'), std::min(line.find(';'), line.size())));
    std::istringstream words{line};
    std::string direction;
    words >> direction;
    if (direction != "H>" && direction != "T>" && direction != "J>" && direction != "D>") {
      out += line + "\n";
      continue;
    }
    std::string tokens;
    std::getline(words, tokens);
    const std::string transfer = direction == "J>" ? "T>" : direction;
    if (const std::size_t raw = tokens.find("raw"); raw != tokens.npos) {
      out += transfer + tokens.substr(raw + 3) + "\n";
      continue;
    }
    ByteWriter header;
    header.le(std::uint32_t{0xfeeeeeef}).le(std::uint32_t{1});
    header.le(static_cast<std::uint32_t>(detail::script_size(tokens)));
    out += transfer + " " + hex(header.view());
    if (direction == "T>") out += "\nT>";
    out += tokens + "\n";
  }
  return out;
}

}  // namespace mtk
