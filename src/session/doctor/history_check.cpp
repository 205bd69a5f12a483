// SPDX-License-Identifier: Apache-2.0
// How earlier attempts to reach a phone ended, and what that says.
#include "session/connection_log.h"
#include "session/doctor/checks.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::doctor {

namespace {

using fmt::arg;

/// Older attempts say little about today's cable and computer.
constexpr std::size_t recent = 20;
/// From so many on it is no accident.
constexpr std::ptrdiff_t telling = 3;

/// What to do when the latest attempts, those after the last phone that was caught, ended alike.
std::string advice_on(std::span<const Attempt> attempts) {
  const auto since = [&](AttemptEnd end) {
    std::ptrdiff_t count = 0;
    for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt) {
      if (attempt->end == AttemptEnd::caught) break;
      if (attempt->end == end) ++count;
    }
    return count;
  };
  if (since(AttemptEnd::not_opened) >= telling) return say(Text::doctor_history_refused);
  if (since(AttemptEnd::left) >= telling) return say(Text::doctor_history_left);
  if (since(AttemptEnd::silent) >= telling) return say(Text::doctor_history_silent);
  return {};
}

}  // namespace

Check check_history(const Computer& computer) {
  auto attempts = ConnectionLog{computer.data / "connections.jsonl"}.attempts();
  if (attempts.empty()) return answer(name::history, Verdict::not_applicable, say(Text::doctor_history_none));
  if (attempts.size() > recent) attempts.erase(attempts.begin(), attempts.end() - recent);
  const auto ended = [&](AttemptEnd end) { return std::ranges::count(attempts, end, &Attempt::end); };
  std::string advice = advice_on(attempts);
  const Verdict verdict = advice.empty() ? Verdict::fine : Verdict::problem;
  return answer(
      name::history, verdict,
      say(Text::doctor_history, arg("all", attempts.size()), arg("caught", ended(AttemptEnd::caught)),
          arg("left", ended(AttemptEnd::left)), arg("silent", ended(AttemptEnd::silent)),
          arg("not_opened", ended(AttemptEnd::not_opened)), arg("no_phone", ended(AttemptEnd::no_phone))),
      std::move(advice));
}

}  // namespace mtk::doctor
