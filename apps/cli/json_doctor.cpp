// SPDX-License-Identifier: Apache-2.0
// The result lines of `mtkflash doctor`.
#include "apps/cli/json.h"
#include "apps/cli/json_line.h"

namespace mtk::cli {

std::string EventLines::examination(const Examination& examination, int exit) const {
  Json out = event(now(), "result");
  out["exit"] = exit;
  Json checks = Json::array();
  for (const Check& check : examination.checks) {
    checks.push_back({{"id", check.id},
                      {"label", check.label},
                      {"subject", check.subject},
                      {"verdict", to_string(check.verdict)},
                      {"text", check.text},
                      {"next_action", check.next_action}});
  }
  Json versions = Json::array();
  for (const Fact& fact : examination.versions)
    versions.push_back({{"id", fact.id}, {"label", fact.label}, {"value", fact.value}});
  out["examination"] = {{"checks", checks}, {"versions", versions}};
  return line(out);
}

std::string EventLines::repair(const Repair& repair, int exit) const {
  Json out = event(now(), "result");
  out["exit"] = exit;
  out["repair"] = {{"state", to_string(repair.state)},
                   {"text", repair.text},
                   {"file", repair.file.string()},
                   {"next_actions", repair.next_actions}};
  return line(out);
}

}  // namespace mtk::cli
