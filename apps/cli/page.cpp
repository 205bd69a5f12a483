// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/page.h"

#include "apps/cli/units.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::cli {

namespace {

constexpr std::size_t widest_text = 100;
constexpr std::size_t label_width = 22;

std::size_t text_width(const Style& style) { return std::min(style.width, widest_text); }

}  // namespace

void Page::heading(Ink ink, std::string_view text) {
  text_ += paint(style_, ink, wrapped(shown(text), text_width(style_), "")) + "\n";
}

void Page::line(std::string_view text, std::string_view indent) {
  const std::string safe = std::string{indent} + wrapped(shown(text), text_width(style_), indent);
  text_ += safe + "\n";
}

void Page::small(std::string_view text, std::string_view indent) {
  text_ += std::string{indent} + paint(style_, Ink::faint, wrapped(shown(text), text_width(style_), indent)) +
           "\n";
}

void Page::item(std::string_view sign, std::string_view text) {
  const std::string indent(columns(sign) + 3, ' ');
  text_ += fmt::format("  {} {}\n", sign, wrapped(shown(text), text_width(style_), indent));
}

void Page::fact(std::string_view label, std::string_view value) {
  text_ += fmt::format("{} {}\n", padded(shown(label), label_width), shown(value));
}

void Page::gap() {
  if (!text_.empty() && !text_.ends_with("\n\n")) text_ += "\n";
}

void Page::table(const std::vector<Column>& heads, const std::vector<std::vector<std::string>>& rows,
                 std::string_view indent) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < heads.size(); ++c) {
    std::size_t width = columns(heads[c].title);
    for (const auto& row : rows)
      width = std::max(width, columns(shown(row[c])) - (row[c].starts_with('!') ? 1 : 0));
    widths.push_back(width);
  }
  const auto cell = [&](std::string_view value, std::size_t c) {
    const std::size_t fill = widths[c] - std::min(widths[c], columns(value));
    if (heads[c].align == Align::right) return std::string(fill, ' ') + std::string{value};
    return c + 1 == heads.size() ? std::string{value} : padded(value, widths[c]);
  };
  const auto add = [&](const std::string& line) {
    const auto end = line.find_last_not_of(' ');
    text_ += line.substr(0, end == std::string::npos ? 0 : end + 1) + "\n";
  };
  std::string title{indent};
  for (std::size_t c = 0; c < heads.size(); ++c)
    title += (c > 0 ? "  " : "") + paint(style_, Ink::faint, cell(heads[c].title, c));
  add(title);
  for (const auto& row : rows) {
    std::string line{indent};
    for (std::size_t c = 0; c < heads.size(); ++c) {
      const std::string safe = shown(row[c]);
      const bool warn = safe.starts_with('!');
      const std::string padded_cell = cell(warn ? safe.substr(1) : safe, c);
      line += (c > 0 ? "  " : "") + (warn ? paint(style_, Ink::warning, padded_cell) : padded_cell);
    }
    add(line);
  }
}

}  // namespace mtk::cli
