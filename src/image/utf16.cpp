// SPDX-License-Identifier: Apache-2.0
#include "image/utf16.h"

#include <cstdint>

namespace mtk {

namespace {

constexpr char32_t replacement = 0xfffd;
constexpr bool is_high_surrogate(char32_t c) { return c >= 0xd800 && c < 0xdc00; }
constexpr bool is_low_surrogate(char32_t c) { return c >= 0xdc00 && c < 0xe000; }

void append_utf8(std::string& out, char32_t c) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

/// Decodes one character at `at` and moves past it; an invalid byte is one replacement character.
char32_t next_utf8(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
  };
  const std::uint8_t first = byte(at);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  char32_t value = length == 1 ? first : first & (0xffU >> (length + 1));
  bool valid = first < 0x80 || (first >= 0xc0 && first < 0xf8);
  for (std::size_t i = 1; valid && i < length; ++i) {
    valid = (byte(at + i) & 0xc0) == 0x80;
    value = (value << 6) | (byte(at + i) & 0x3fU);
  }
  if (!valid || value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
    ++at;
    return replacement;
  }
  at += length;
  return value;
}

}  // namespace

std::string utf8_from_utf16(std::u16string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char32_t c = text[i];
    if (is_high_surrogate(c) && i + 1 < text.size() && is_low_surrogate(text[i + 1])) {
      c = 0x10000 + ((c - 0xd800) << 10) + (char32_t{text[++i]} - 0xdc00);
    } else if (is_high_surrogate(c) || is_low_surrogate(c)) {
      c = replacement;
    }
    append_utf8(out, c);
  }
  return out;
}

std::u16string utf16_from_utf8(std::string_view text) {
  std::u16string out;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_utf8(text, at);
    if (c < 0x10000) {
      out += static_cast<char16_t>(c);
    } else {
      out += static_cast<char16_t>(0xd800 + ((c - 0x10000) >> 10));
      out += static_cast<char16_t>(0xdc00 + ((c - 0x10000) & 0x3ff));
    }
  }
  return out;
}

}  // namespace mtk
