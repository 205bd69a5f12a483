// SPDX-License-Identifier: Apache-2.0
// For tests: a console that collects, and a terminal that shows what a person would see.
#pragma once

#include "apps/cli/console.h"

#include <string>
#include <vector>

namespace mtk::cli {

/// Understands what the screen sends: text, line feeds, carriage returns, cursor up, erase to the end of line
/// or screen, colours (dropped). Anything else is shown as it is, so that a test sees it.
class VirtualTerminal {
 public:
  void feed(std::string_view text);
  /// Lines without trailing blanks; empty lines at the end are left out.
  std::vector<std::string> lines() const;
  std::string text() const;

 private:
  void put(std::string_view character);
  std::string& here();
  void escape(std::string_view numbers, char command);

  std::vector<std::vector<std::string>> cells_{{}};  ///< one string per character
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

/// A console whose ends are strings and, for stderr, a virtual terminal.
struct TestConsole {
  std::string out;
  std::string err;
  VirtualTerminal terminal;
  Console console;

  explicit TestConsole(Style style = {}, bool terminal = false);
  TestConsole(const TestConsole&) = delete;
  TestConsole& operator=(const TestConsole&) = delete;
};

}  // namespace mtk::cli
