// SPDX-License-Identifier: Apache-2.0
// Runs one job on a phone: shows it, logs it, stops it when asked, and reports how it ended.
#pragma once

#include "apps/cli/console.h"
#include "apps/cli/invocation.h"
#include "apps/cli/json.h"

namespace mtk::cli {

inline constexpr int exit_usage = 2;
inline constexpr int exit_refused = 3;
inline constexpr int exit_bad_file = 4;
inline constexpr int exit_port = 6;
inline constexpr int exit_stopped = 13;
inline constexpr int exit_host_file = 14;

/// What every command gets.
struct Context {
  const Console& console;
  const Clock& clock;
  const EventLines& events;
  const Invocation& run;

  bool json() const { return run.has(Option::json); }
  /// Results: stdout, but beside --json the events are the result.
  void print(std::string_view text) const;
  /// Text made for the style of the stream that print() writes to.
  const Style& style() const { return json() ? console.err_style : console.out_style; }
  void advise(std::string_view text) const { console.err(text); }
  /// An error before there was a session; returns the exit code.
  int fail(const Error& error, int exit) const;
};

struct Ended {
  Outcome outcome;
  std::chrono::milliseconds work{0};  ///< time spent on the phone's storage
};

/// Runs the job and, when it failed, tells so. What is printed on success is the command's.
Ended run_on_phone(const Context& context, const Job& job);

}  // namespace mtk::cli
