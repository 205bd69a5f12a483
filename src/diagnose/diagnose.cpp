// SPDX-License-Identifier: Apache-2.0
#include "diagnose/diagnose.h"

#include <utility>

namespace mtk {

namespace {

Text stage_text(Stage stage) {
  switch (stage) {
    case Stage::host:
      return Text::stage_host;
    case Stage::connect:
      return Text::stage_connect;
    case Stage::brom:
      return Text::stage_brom;
    case Stage::preloader:
      return Text::stage_preloader;
    case Stage::da1:
      return Text::stage_da1;
    case Stage::dram:
      return Text::stage_dram;
    case Stage::da2:
      return Text::stage_da2;
    case Stage::backup:
      return Text::stage_backup;
    case Stage::erase:
      return Text::stage_erase;
    case Stage::write:
      return Text::stage_write;
    case Stage::verify:
      return Text::stage_verify;
    case Stage::reboot:
      return Text::stage_reboot;
  }
  return Text::stage_host;
}

/// A planner's refusal and a wrong argument explain themselves better than any table.
bool explains_itself(Errc code) { return code == Errc::refused || code == Errc::usage; }

std::string headline(const Error& error, const Finding& what) {
  if (explains_itself(error.code)) return error.what;
  return say(Text::report_headline, fmt::arg("stage", text(stage_text(error.stage))),
             fmt::arg("text", text(what.means)));
}

std::string device_state(const Error& error, const Situation& situation) {
  std::vector<Text> sentences;
  std::string out;
  switch (situation.written) {
    case Written::nothing:
      sentences = {Text::state_nothing_written, Text::state_safe_to_unplug};
      break;
    case Written::all:
      sentences = {Text::state_all_written};
      break;
    case Written::partly:
      if (situation.partition.empty()) {
        sentences = {Text::state_partly_written_unknown};
      } else {
        out = say(error.stage == Stage::erase ? Text::state_erased_partly : Text::state_partly_written,
                  fmt::arg("partition", situation.partition));
      }
      sentences.push_back(situation.download_mode.value_or(false) ? Text::state_download_mode_works
                                                                  : Text::state_download_mode_unknown);
      break;
  }
  for (const Text sentence : sentences) {
    if (!out.empty()) out += ' ';
    out += text(sentence);
  }
  return out;
}

std::vector<std::string> next_actions(const Finding& what, const Situation& situation) {
  std::vector<std::string> actions;
  for (const FindingAction& action : what.next) {
    if (!action.about_cable || !situation.link_is_proven) actions.emplace_back(text(action.say));
  }
  return actions;
}

std::optional<NamedStatus> named_status(const Error& error) {
  if (!error.device_status) return std::nullopt;
  const DeviceStatus& status = *error.device_status;
  NamedStatus named{.kind = status.kind,
                    .code = status.code,
                    .number = code_text(status.kind, status.code),
                    .symbol = symbol_text(status.kind, status.code)};
  // A refusal without a code of its own carries only the phone's words.
  if (named.symbol.empty() || status.code == 0) named.symbol = status.text;
  return named;
}

}  // namespace

Diagnosis diagnose(const Error& error, const Situation& situation) {
  const FindingId id = find(error, situation);
  const Finding& what = finding(id);
  Diagnosis result{
      .finding = id,
      .id = std::string{what.id},
      .headline = headline(error, what),
      .detail = to_string(error),
      .status = named_status(error),
      .device_state = device_state(error, situation),
      .likely_cause = what.causes.empty() ? std::string{} : std::string{text(what.causes.front())},
      .next_actions = next_actions(what, situation),
      .retryable = what.retryable,
      .evidence = situation.evidence,
      .exit_code = exit_code(error, situation)};
  // Started from the boot ROM, an older agent cannot tell that memory is missing: that is likelier then.
  if (id == FindingId::stage2_refused && situation.entered_by == EnteredBy::brom)
    result.likely_cause = text(what.causes.back());
  // Who has a busy port is looked up where it failed; no table knows it better.
  if (error.code == Errc::busy) result.likely_cause = error.what + ".";
  return result;
}

std::string to_string(const Diagnosis& diagnosis) {
  std::string out = say(Text::report_what, fmt::arg("text", diagnosis.headline)) + "\n";
  out += fmt::format("  {}\n", diagnosis.detail);
  if (diagnosis.status) {
    out += fmt::format("  {}\n", say(Text::report_phone_said, fmt::arg("code", diagnosis.status->number),
                                     fmt::arg("symbol", diagnosis.status->symbol)));
  }
  if (!diagnosis.likely_cause.empty())
    out += fmt::format("  {}\n", say(Text::report_cause, fmt::arg("text", diagnosis.likely_cause)));
  out += say(Text::report_state, fmt::arg("text", diagnosis.device_state)) + "\n";
  out += fmt::format("{}\n", text(Text::report_next));
  for (std::size_t i = 0; i < diagnosis.next_actions.size(); ++i)
    out += fmt::format("  {}. {}\n", i + 1, diagnosis.next_actions[i]);
  for (const std::string& seen : diagnosis.evidence)
    out += say(Text::report_checked, fmt::arg("text", seen)) + "\n";
  return out;
}

}  // namespace mtk
