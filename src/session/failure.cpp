// SPDX-License-Identifier: Apache-2.0
#include "session/failure.h"

#include "base/text.h"
#include "base/units.h"
#include "diagnose/diagnose.h"

#include <algorithm>
#include <array>

namespace mtk {

namespace {

/// So much was read back and compared without a repeat that the cable is beyond suspicion.
constexpr std::uint64_t proven_link_bytes = 64ULL << 20;

std::uint64_t compared_bytes(const Outcome& outcome) {
  std::uint64_t bytes = 0;
  for (const PartitionResult& result : outcome.partitions) {
    if (result.outcome == PartitionOutcome::verified) bytes += result.bytes;
  }
  return bytes;
}

/// The preloader is what download mode needs, and it is written last.
bool download_mode_works(const Outcome& outcome) {
  return !outcome.half_written.starts_with("preloader") && !outcome.half_written.starts_with("boot1");
}

Situation situation_of(const Outcome& outcome) {
  Situation situation{.partition = outcome.half_written};
  if (outcome.began_writing) {
    situation.written = Written::partly;
    situation.download_mode = download_mode_works(outcome);
  }
  if (outcome.phone.entry == "brom") situation.entered_by = EnteredBy::brom;
  if (outcome.phone.entry == "preloader") situation.entered_by = EnteredBy::preloader;
  if (const auto bytes = compared_bytes(outcome); bytes > 0) {
    situation.evidence.push_back(say(Text::evidence_compared, fmt::arg("amount", human_bytes(bytes))));
    situation.link_is_proven = bytes >= proven_link_bytes;
  }
  if (!outcome.phone.chip.empty()) {
    situation.evidence.push_back(say(Text::evidence_chip, fmt::arg("chip", outcome.phone.chip),
                                     fmt::arg("entry", outcome.phone.entry)));
  }
  if (!outcome.phone.agent.empty()) {
    situation.evidence.push_back(say(Text::evidence_agent, fmt::arg("agent", outcome.phone.agent)));
  }
  return situation;
}

}  // namespace

std::string_view to_string(BusEvent::Kind kind) {
  constexpr std::array<std::string_view, 5> names{"appeared", "changed", "left", "failed", "over_current"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string_view to_string(PartitionOutcome outcome) {
  switch (outcome) {
    case PartitionOutcome::kept:
      return "kept";
    case PartitionOutcome::erased:
      return "erased";
    case PartitionOutcome::written:
      return "written";
    case PartitionOutcome::unchanged:
      return "unchanged";
    case PartitionOutcome::verified:
      return "verified";
    case PartitionOutcome::checked:
      return "checked";
  }
  return "?";
}

void explain_failure(Outcome& outcome) {
  const Diagnosis diagnosis = diagnose(*outcome.error, situation_of(outcome));
  outcome.exit_code = diagnosis.exit_code;
  outcome.failure = FailureReport{
      .what = diagnosis.headline,
      .symbol = diagnosis.status ? diagnosis.status->number + " " + diagnosis.status->symbol : "",
      .device_state = diagnosis.device_state,
      .cause = diagnosis.likely_cause,
      .next_actions = diagnosis.next_actions,
      .evidence = diagnosis.evidence,
      .retryable = diagnosis.retryable};
}

}  // namespace mtk
