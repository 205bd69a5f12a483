// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk::cli {

namespace {

struct Piece {
  std::string_view bytes;
  std::size_t columns;
};

bool is_wide(std::uint32_t point) {
  return (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
         (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xf900 && point <= 0xfaff) ||
         (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60) ||
         (point >= 0x20000 && point <= 0x3fffd);
}

/// The next character or escape sequence of UTF-8 text; a broken byte counts as one column.
Piece next_piece(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first == 0x1b && text.size() > 1 && text[1] == '[') {
    const auto end = text.find_first_not_of("0123456789;?", 2);
    return {text.substr(0, end == std::string_view::npos ? text.size() : end + 1), 0};
  }
  const std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  if (length == 1 || length > text.size()) return {text.substr(0, 1), 1};
  std::uint32_t point = first & (0x7fU >> length);
  for (const char c : text.substr(1, length - 1))
    point = (point << 6) | (static_cast<unsigned char>(c) & 0x3fU);
  return {text.substr(0, length), is_wide(point) ? 2U : 1U};
}

}  // namespace

std::string human_rate(double bytes_per_second) {
  return human_bytes(static_cast<std::uint64_t>(std::clamp(bytes_per_second, 0.0, 1e15))) + "/s";
}

std::string human_time(std::chrono::milliseconds time) {
  const auto seconds = std::chrono::round<std::chrono::seconds>(time).count();
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
}

std::string shown(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool c1_control =
        c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (c1_control) ++i;
    out += c < 0x20 || c == 0x7f || c1_control ? '?' : text[i];
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const Piece piece = next_piece(text);
    count += piece.columns;
    text.remove_prefix(piece.bytes.size());
  }
  return count;
}

std::string cut(std::string_view text, std::size_t width) {
  std::string out;
  std::size_t used = 0;
  bool painted = false;
  while (!text.empty()) {
    const Piece piece = next_piece(text);
    if (used + piece.columns > width) return painted ? out + "\x1b[0m" : out;
    painted = painted || piece.columns == 0;
    out += piece.bytes;
    used += piece.columns;
    text.remove_prefix(piece.bytes.size());
  }
  return out;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t used = columns(text);
  return std::string{text} + std::string(used < width ? width - used : 0, ' ');
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view indent) {
  std::string out;
  const std::size_t begin = columns(indent);
  std::size_t used = begin;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (used > begin && used + 1 + columns(word) > width) {
      out += '\n';
      out += indent;
      used = begin;
    } else if (used > begin) {
      out += ' ';
      ++used;
    }
    out += word;
    used += columns(word);
  }
  return out;
}

}  // namespace mtk::cli
