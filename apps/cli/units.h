// SPDX-License-Identifier: Apache-2.0
// Amounts and times as people read them, and text that fits a terminal.
#pragma once

#include "base/units.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace mtk::cli {

/// `12.5 MiB/s`
std::string human_rate(double bytes_per_second);
/// `8 s`, `1 min 5 s`, `2 h 3 min`.
std::string human_time(std::chrono::milliseconds time);

/// Text that came from a phone or a file, safe to show: control characters become '?'.
std::string shown(std::string_view text);
/// Columns a text takes: wide East Asian characters take two, escape sequences none.
std::size_t columns(std::string_view text);
/// At most `width` columns; escape sequences stay whole and are ended when text was cut.
std::string cut(std::string_view text, std::size_t width);
/// Filled with blanks to `width` columns.
std::string padded(std::string_view text, std::size_t width);
/// Lines of at most `width` columns, broken at blanks where there are some. The first line is taken to begin
/// behind an indent that the caller writes.
std::string wrapped(std::string_view text, std::size_t width, std::string_view indent);

}  // namespace mtk::cli
