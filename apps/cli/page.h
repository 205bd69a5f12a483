// SPDX-License-Identifier: Apache-2.0
// Builds a page of text: headings, label and value, tables, numbered steps. Whatever a phone or a file said
// goes through shown().
#pragma once

#include "apps/cli/console.h"

#include <string>
#include <vector>

namespace mtk::cli {

class Page {
 public:
  explicit Page(const Style& style) : style_(style) {}

  void heading(Ink ink, std::string_view text);
  /// A paragraph, broken at the width of the terminal.
  void line(std::string_view text, std::string_view indent = "");
  void small(std::string_view text, std::string_view indent = "");
  void item(std::string_view sign, std::string_view text);
  void fact(std::string_view label, std::string_view value);
  void gap();

  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };
  /// A cell starting with '!' is painted as a warning, without it.
  void table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
             std::string_view indent = "");

  std::string text() && { return std::move(text_); }
  const Style& style() const { return style_; }

 private:
  const Style style_;
  std::string text_;
};

}  // namespace mtk::cli
