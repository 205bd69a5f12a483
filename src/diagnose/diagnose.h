// SPDX-License-Identifier: Apache-2.0
// Turns what failed into what a person needs: what happened, what state the phone is in, what to do next, and
// what has been checked already.
#pragma once

#include "diagnose/finding.h"

#include <mtk/error.h>

namespace mtk {

enum class Written : std::uint8_t { nothing, partly, all };
enum class EnteredBy : std::uint8_t { unknown, brom, preloader };

/// What the session knows when something fails.
struct Situation {
  Written written = Written::nothing;
  std::string partition = {};              ///< the one that is written or erased in part
  std::optional<bool> download_mode = {};  ///< whether the phone still enters it; nothing: not known
  EnteredBy entered_by = EnteredBy::unknown;
  bool preloader_given = false;  ///< memory settings of a file were used
  bool link_is_proven = false;   ///< much data went through without a repeat: spare the cable advice
  std::vector<std::string> evidence = {};  ///< what was seen and checked, for people
};

/// The status as people look it up.
struct NamedStatus {
  StatusKind kind;
  std::uint32_t code = 0;
  std::string number;  ///< 0x7017, 3149, 0xC0070004
  std::string symbol;  ///< may name two where the numbering is not known
};

struct Diagnosis {
  FindingId finding;
  std::string id;        ///< of the finding, stable
  std::string headline;  ///< what happened, with the stage
  std::string detail;    ///< the error as the layers named it
  std::optional<NamedStatus> status;
  std::string device_state;
  std::string likely_cause;  ///< may be empty
  std::vector<std::string> next_actions;
  bool retryable = false;
  std::vector<std::string> evidence;
  int exit_code = 1;
};

Diagnosis diagnose(const Error& error, const Situation& situation);
/// The rule behind diagnose(): code, stage, innermost step and status decide, in that order.
FindingId find(const Error& error, const Situation& situation);
/// The exit code of the command line for this failure.
int exit_code(const Error& error, const Situation& situation);

/// Four parts in this order: what happened, the phone's state, what to do next, what was checked.
std::string to_string(const Diagnosis& diagnosis);

}  // namespace mtk
