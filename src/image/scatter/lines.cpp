// SPDX-License-Identifier: Apache-2.0
#include "image/scatter/lines.h"

#include "image/utf16.h"

#include <fmt/format.h>

namespace mtk {

namespace {

constexpr std::string_view blanks = " \t\v\f\0";

bool starts_with(ByteView file, std::initializer_list<unsigned> mark) {
  if (file.size() < mark.size()) return false;
  std::size_t i = 0;
  for (const unsigned value : mark) {
    if (std::to_integer<unsigned>(file[i++]) != value) return false;
  }
  return true;
}

/// `"lk.bin"` is lk.bin: people who take the format for YAML quote.
std::string_view unquoted(std::string_view value) {
  const bool quoted =
      value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
  return quoted ? value.substr(1, value.size() - 2) : value;
}

std::uint32_t column_of(std::string_view line, const char* where) {
  return static_cast<std::uint32_t>(where - line.data()) + 1;
}

}  // namespace

std::string scatter_text(ByteView file) {
  const bool little = starts_with(file, {0xff, 0xfe});
  if (little || starts_with(file, {0xfe, 0xff})) {
    std::u16string units;
    for (ByteReader in{file.subspan(2)}; in.remaining() >= 2;) {
      units += static_cast<char16_t>(little ? in.le<std::uint16_t>() : in.be<std::uint16_t>());
    }
    return utf8_from_utf16(units);
  }
  if (starts_with(file, {0xef, 0xbb, 0xbf})) file = file.subspan(3);
  std::string text;
  text.reserve(file.size());
  for (const std::byte byte : file) text += static_cast<char>(byte);
  return text;
}

std::vector<ScatterLine> split_lines(std::string_view text) {
  std::vector<ScatterLine> lines;
  std::uint32_t number = 1;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of("\r\n");
    lines.push_back({.number = number++, .text = text.substr(0, end)});
    if (end == std::string_view::npos) break;
    const bool pair = text.substr(end).starts_with("\r\n");
    text.remove_prefix(end + (pair ? 2 : 1));
  }
  return lines;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return text.substr(text.size());
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<ScatterItem> read_items(std::string_view text, std::vector<Diagnostic>& remarks) {
  std::vector<ScatterItem> items;
  for (const ScatterLine& line : split_lines(text)) {
    std::string_view body = trimmed(line.text);
    if (body.empty() || body.starts_with('#')) continue;
    if (body.starts_with('-')) body = trimmed(body.substr(1));
    const std::size_t colon = body.find(':');
    if (colon == std::string_view::npos) {
      remarks.push_back({.line = line.number,
                         .column = column_of(line.text, body.data()),
                         .text = fmt::format("line without 'key: value' ignored: {}", printable(body))});
      continue;
    }
    const std::string_view value = trimmed(body.substr(colon + 1));
    items.push_back({.line = line.number,
                     .column = column_of(line.text, body.data()),
                     .value_column = column_of(line.text, value.data()),
                     .key = trimmed(body.substr(0, colon)),
                     .value = unquoted(value)});
  }
  return items;
}

}  // namespace mtk
