// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/testing/console.h"

#include <algorithm>
#include <cstdlib>

namespace mtk::cli {

void VirtualTerminal::feed(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
      const auto end = text.find_first_not_of("0123456789;", i + 2);
      if (end == std::string_view::npos) return;
      escape(text.substr(i + 2, end - i - 2), text[end]);
      i = end + 1;
      continue;
    }
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    put(text.substr(i, length));
    i += length;
  }
}

void VirtualTerminal::put(std::string_view character) {
  if (character == "\n") {
    ++row_;
    column_ = 0;
    if (row_ == cells_.size()) cells_.emplace_back();
    return;
  }
  if (character == "\r") {
    column_ = 0;
    return;
  }
  here() = character;
  ++column_;
}

std::string& VirtualTerminal::here() {
  auto& line = cells_[row_];
  if (line.size() <= column_) line.resize(column_ + 1, " ");
  return line[column_];
}

void VirtualTerminal::escape(std::string_view numbers, char command) {
  const auto count = static_cast<std::size_t>(std::max(1, std::atoi(std::string{numbers}.c_str())));
  if (command == 'A') row_ -= std::min(row_, count);
  if (command == 'J' || command == 'K') cells_[row_].resize(std::min(cells_[row_].size(), column_));
  if (command == 'J') cells_.resize(row_ + 1);
}

std::vector<std::string> VirtualTerminal::lines() const {
  std::vector<std::string> out;
  for (const auto& cells : cells_) {
    std::string line;
    for (const auto& cell : cells) line += cell;
    line.erase(line.find_last_not_of(' ') + 1);
    out.push_back(std::move(line));
  }
  while (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

std::string VirtualTerminal::text() const {
  std::string all;
  for (const auto& line : lines()) all += line + "\n";
  return all;
}

TestConsole::TestConsole(Style style, bool is_terminal)
    : console{.out = [this](std::string_view text) { out += text; },
              .err =
                  [this](std::string_view text) {
                    err += text;
                    terminal.feed(text);
                  },
              .out_style = style,
              .err_style = style,
              .err_is_terminal = is_terminal,
              .err_width = [style] { return style.width; }} {}

}  // namespace mtk::cli
