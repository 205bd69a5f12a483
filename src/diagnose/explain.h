// SPDX-License-Identifier: Apache-2.0
// Explains a code somebody read in a window or a log. Works without phone and network.
#pragma once

#include "diagnose/finding.h"

namespace mtk {

/// One thing the code may mean.
struct Meaning {
  const StatusCode* status = nullptr;  ///< null where words were explained, not a code
  FindingId finding;
};

struct Explanation {
  std::string typed;
  std::vector<Meaning> meanings;  ///< codes that phones send come first
  std::optional<Text> hearsay;    ///< what is said elsewhere, and is wrong
  /// Where there are no meanings: what can be told from the number alone, never a guess at its meaning.
  std::string unknown;
};

/// \param typed  a number, a symbol, part of one, or words such as `code 43`
Explanation explain(std::string_view typed);
/// For the terminal; lines end in a newline.
std::string to_string(const Explanation& explanation);

}  // namespace mtk
