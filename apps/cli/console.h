// SPDX-License-Identifier: Apache-2.0
// The two streams of the program and what their ends can show.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace mtk::cli {

/// How text may look.
struct Style {
  bool colour = false;
  bool utf8 = false;
  std::size_t width = 80;  ///< columns
  bool terminal = false;   ///< somebody looks at it; otherwise tables may be wider
};

struct Console {
  std::function<void(std::string_view)> out;  ///< results
  std::function<void(std::string_view)> err;  ///< progress and advice
  Style out_style;
  Style err_style;
  bool err_is_terminal = false;
  std::function<std::size_t()> err_width;  ///< may change while running
};

/// stdout and stderr. Colours follow the terminal, NO_COLOR and TERM; a closed pipe is ignored.
Console system_console();

/// What a piece of text is for. The vendor's stage colours are in stage_look.h.
enum class Ink { plain, strong, faint, good, bad, warning };
std::string paint(const Style& style, Ink ink, std::string_view text);
/// A colour of the 256-colour palette.
std::string paint(const Style& style, unsigned colour, std::string_view text);

}  // namespace mtk::cli
