// SPDX-License-Identifier: Apache-2.0
// Scatter text as lines, whatever editor saved it.
#pragma once

#include "base/bytes.h"
#include "image/scatter/diagnostic.h"

#include <vector>

namespace mtk {

struct ScatterLine {
  std::uint32_t number = 0;  ///< from 1
  std::string_view text;     ///< without line end
};

/// Byte order mark dropped, UTF-16 (with mark) turned into UTF-8; everything else as it is.
std::string scatter_text(ByteView file);
/// Lines ended by LF, CRLF or CR. They point into `text`.
std::vector<ScatterLine> split_lines(std::string_view text);
std::string_view trimmed(std::string_view text);

/// `- key: value` with its place; the dash is optional.
struct ScatterItem {
  std::uint32_t line = 0;
  std::uint32_t column = 0;        ///< of the key
  std::uint32_t value_column = 0;  ///< of the value, or just past the colon
  std::string_view key;
  std::string_view value;
};

/// Blank and `#` lines are left out; a line without a colon is left out with a warning.
std::vector<ScatterItem> read_items(std::string_view text, std::vector<Diagnostic>& remarks);

}  // namespace mtk
