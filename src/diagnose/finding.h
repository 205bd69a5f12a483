// SPDX-License-Identifier: Apache-2.0
// What a failure means and what to do about it. The table is made from data/findings.toml.
#pragma once

#include "base/text.h"
#include "diagnose/finding_ids.h"
#include "diagnose/status_codes.h"

#include <optional>

namespace mtk {

struct FindingAction {
  Text say;
  bool about_cable;  ///< pointless where the link has proven itself
};

struct Finding {
  std::string_view id;  ///< stable name for scripts, as in data/findings.toml
  Text means;
  std::span<const Text> causes;         ///< likeliest first; may be empty
  std::span<const FindingAction> next;  ///< what to do, first thing first; never empty
  bool retryable;                       ///< whether the same again may succeed
};

const Finding& finding(FindingId id);
std::span<const Finding> all_findings();

/// The finding of a status symbol, in any letter case.
std::optional<FindingId> finding_of_symbol(std::string_view symbol);
/// The finding of something people type that is no status, as in `code 43`.
std::optional<FindingId> finding_of_words(std::string_view words);
/// The finding that says honestly how little is known about a code of this area.
FindingId finding_of_area(StatusArea area);
/// The symbol's finding, else the area's.
FindingId finding_of(const StatusCode& status);

struct FindingName {
  std::string_view name;
  FindingId id;
};
/// A sentence about what is said elsewhere about a code.
struct Hearsay {
  std::uint32_t code;
  Text says;
};
std::optional<Text> hearsay_about(std::uint32_t code);

}  // namespace mtk
