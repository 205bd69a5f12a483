// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/console.h"

#include <fmt/format.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace mtk::cli {

namespace {

constexpr std::size_t usual_width = 80;

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody listens; the run goes on
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::size_t width_of(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual_width;
}

bool says_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const auto value = variable(name); !value.empty())
      return value.find("UTF-8") != std::string_view::npos || value.find("utf8") != std::string_view::npos;
  }
  return false;
}

Style style_of(int fd) {
  const bool terminal = ::isatty(fd) == 1;
  const auto term = variable("TERM");
  return {.colour = terminal && variable("NO_COLOR").empty() && !term.empty() && term != "dumb",
          .utf8 = says_utf8(),
          .width = terminal ? width_of(fd) : usual_width,
          .terminal = terminal};
}

}  // namespace

Console system_console() {
  return {.out = [](std::string_view text) { write_all(STDOUT_FILENO, text); },
          .err = [](std::string_view text) { write_all(STDERR_FILENO, text); },
          .out_style = style_of(STDOUT_FILENO),
          .err_style = style_of(STDERR_FILENO),
          .err_is_terminal = ::isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb",
          .err_width = [] { return width_of(STDERR_FILENO); }};
}

std::string paint(const Style& style, Ink ink, std::string_view text) {
  if (!style.colour || ink == Ink::plain || text.empty()) return std::string{text};
  std::string_view code;
  switch (ink) {
    case Ink::plain:
      break;
    case Ink::strong:
      code = "1";
      break;
    case Ink::faint:
      code = "2";
      break;
    case Ink::good:
      code = "38;5;71";
      break;
    case Ink::bad:
      code = "1;38;5;167";
      break;
    case Ink::warning:
      code = "38;5;178";
      break;
  }
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string paint(const Style& style, unsigned colour, std::string_view text) {
  if (!style.colour || text.empty()) return std::string{text};
  return fmt::format("\x1b[38;5;{}m{}\x1b[0m", colour, text);
}

}  // namespace mtk::cli
