// SPDX-License-Identifier: Apache-2.0
#include "image/scatter/diagnostic.h"

#include <fmt/format.h>

namespace mtk {

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string out;
  for (const char c : text.substr(0, longest)) out += c >= ' ' && c <= '~' ? c : '?';
  if (text.size() > longest) out += "...";
  return out;
}

std::string to_string(const Diagnostic& diagnostic, std::string_view file_name) {
  std::string where{file_name};
  if (diagnostic.line != 0) where += fmt::format(":{}", diagnostic.line);
  if (diagnostic.column != 0) where += fmt::format(":{}", diagnostic.column);
  const std::string_view severity = diagnostic.severity == Severity::error ? "error" : "warning";
  const std::string suggestion =
      diagnostic.suggestion.empty() ? "" : fmt::format(" ({})", diagnostic.suggestion);
  return fmt::format("{}: {}: {}{}", where, severity, diagnostic.text, suggestion);
}

}  // namespace mtk
