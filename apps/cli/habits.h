// SPDX-License-Identifier: Apache-2.0
// Command lines people know from other tools, turned into ours, and near misses of our own words.
#pragma once

#include "base/result.h"

#include <string>
#include <vector>

namespace mtk::cli {

/// Whether this is a command line of the vendor's flash_tool: options only, among them -s, -c or -i.
bool is_flash_tool_line(const std::vector<std::string>& arguments);

struct Translated {
  std::vector<std::string> arguments;  ///< of ours
  std::vector<std::string> remarks;    ///< what the user should know about the translation
};
/// `-s scatter -c download -d DA -p PORT -t with|without|auto -b` becomes `flash scatter --da DA ...`.
/// Errors: usage (an operation that is not there yet, an unknown option, a missing value).
Result<Translated> from_flash_tool(const std::vector<std::string>& arguments);

/// The words nearest to a misspelt one, best first; empty when none is near.
std::vector<std::string> near_words(std::string_view word, const std::vector<std::string>& choices);

}  // namespace mtk::cli
