// SPDX-License-Identifier: Apache-2.0
// What an error code means, offline: `mtkflash explain CODE`. Part of the public API.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mtk {

/// One thing a code may be. The symbol is its identity: one number has several meanings.
struct CodeMeaning {
  std::uint32_t code = 0;
  std::string code_text;   ///< the way people know it: `3149`, `0xC0070004`
  std::string symbol;      ///< the vendor's name; empty for what is no status, as `code 43`
  std::string family;      ///< who uses it: `legacy`, `xflash`, `brom16` ...
  std::string generation;  ///< which releases of the vendor's tool: `V3`, `V5`, `V3+V5`
  std::string area;        ///< what it is about: `dram`, `storage`, `security` ...
  std::string means;
  std::vector<std::string> causes;        ///< likeliest first
  std::vector<std::string> next_actions;  ///< first thing first
  bool retryable = false;
};

struct CodeExplanation {
  std::string asked;
  std::string note;                   ///< what is wrongly said elsewhere about this code; mostly empty
  std::string unknown;                ///< without meanings: what the number alone tells, never a guess
  std::vector<CodeMeaning> meanings;  ///< codes that phones send come first
};

/// Understands numbers (decimal, hexadecimal, negative as in old logs), symbols, parts of symbols, and a few
/// signs of the operating system as `code 43`. No meanings: it is not known.
CodeExplanation explain_code(std::string_view asked);

}  // namespace mtk
