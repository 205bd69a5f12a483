// SPDX-License-Identifier: Apache-2.0
#include <mtk/explain.h>

#include "diagnose/explain.h"

namespace mtk {

namespace {

CodeMeaning plain(const Meaning& meaning) {
  CodeMeaning out;
  if (meaning.status != nullptr) {
    out.code = meaning.status->code;
    out.code_text = code_text(*meaning.status);
    out.symbol = meaning.status->name;
    out.family = to_string(meaning.status->family);
    out.generation = meaning.status->generation;
    out.area = to_string(meaning.status->area);
  }
  const auto& what = finding(meaning.finding);
  out.means = text(what.means);
  for (const Text cause : what.causes) out.causes.emplace_back(text(cause));
  for (const auto& action : what.next) out.next_actions.emplace_back(text(action.say));
  out.retryable = what.retryable;
  return out;
}

}  // namespace

CodeExplanation explain_code(std::string_view asked) {
  const Explanation found = explain(asked);
  CodeExplanation out{.asked = found.typed, .note = {}, .unknown = found.unknown, .meanings = {}};
  if (found.hearsay) out.note = text(*found.hearsay);
  for (const Meaning& meaning : found.meanings) out.meanings.push_back(plain(meaning));
  return out;
}

}  // namespace mtk
