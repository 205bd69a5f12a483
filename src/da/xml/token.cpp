// SPDX-License-Identifier: Apache-2.0
#include "da/xml/token.h"

#include <fmt/format.h>

#include <charconv>

namespace mtk::xml {

std::string token::ok_with(std::uint64_t value) { return fmt::format("{}@{}", ok, to_number(value)); }

Result<Token> parse_token(std::string_view text) {
  const std::size_t first = text.find('@');
  const std::size_t second = first == text.npos ? first : text.find('@', first + 1);
  Token parsed{.word = std::string{text.substr(0, first)}, .value = {}, .rest = {}};
  if (first != text.npos) parsed.value = text.substr(first + 1, second - first - 1);
  if (second != text.npos) parsed.rest = text.substr(second + 1);
  if (!parsed.is_ok() && !parsed.is_error())
    return fail(Errc::protocol, fmt::format("agent said `{}` where an OK or ERR was due",
                                            printable_text(to_bytes(text.substr(0, 64)))));
  return parsed;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  }
  std::uint64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string to_number(std::uint64_t value) { return fmt::format("{:#x}", value); }

}  // namespace mtk::xml
