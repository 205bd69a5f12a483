// SPDX-License-Identifier: Apache-2.0
// The short words of XML agents: `OK`, `OK@0x200`, `OK!PROGRESS@50@text`, `ERR!CANCEL`.
// Source: docs/protocol/da-xml.md#tokens
#pragma once

#include "base/bytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace mtk::xml {

namespace token {
inline constexpr std::string_view ok = "OK";
inline constexpr std::string_view exists = "OK@EXISTS";
inline constexpr std::string_view not_exists = "OK@NOT-EXISTS";
inline constexpr std::string_view progress = "OK!PROGRESS";
inline constexpr std::string_view end_of_progress = "OK!EOT";
inline constexpr std::string_view error = "ERR";
inline constexpr std::string_view unsupported = "ERR!UNSUPPORTED";
inline constexpr std::string_view cancel = "ERR!CANCEL";
/// `OK@0x233`
std::string ok_with(std::uint64_t value);
}  // namespace token

struct Token {
  std::string word;   ///< up to the first `@`
  std::string value;  ///< between the first and the second `@`
  std::string rest;   ///< after the second

  bool is_ok() const { return word.starts_with(token::ok); }
  bool is_error() const { return word.starts_with(token::error); }
};

/// Errors: protocol (neither an OK nor an ERR).
Result<Token> parse_token(std::string_view text);

/// `0x` hexadecimal with any padding, or decimal. Nothing when it is no number of 64 bits.
std::optional<std::uint64_t> parse_number(std::string_view text);
/// The form in which numbers are sent: `0x8000`.
std::string to_number(std::uint64_t value);

}  // namespace mtk::xml
