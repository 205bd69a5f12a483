// SPDX-License-Identifier: Apache-2.0
// `mtkflash report`: one file about a run, without what tells this phone or person from others.
#include "apps/cli/commands.h"
#include "apps/cli/units.h"
#include "base/file.h"

#include <mtk/doctor.h>
#include <mtk/report.h>

namespace mtk::cli {

namespace {

namespace fs = std::filesystem;
using fmt::arg;

/// Logs of long verbose runs; their end counts.
constexpr std::uint64_t log_limit = 64 << 20;
constexpr std::string_view to_stdout = "-";

Result<fs::path> log_of(const Context& context) {
  if (!context.run.arguments.empty()) return fs::path{context.run.arguments.front()};
  const fs::path folder = home_folders().logs;
  fs::path log = last_log(folder);
  if (log.empty()) return fail(Errc::not_found, say(Text::run_report_no_log, arg("folder", folder.string())));
  return log;
}

/// What the doctor finds on this computer.
void add_computer(ReportRequest& request) {
  const Examination examination = examine_computer(MTK_VERSION);
  for (const Fact& version : examination.versions)
    request.computer.push_back(fmt::format("{} = {}", version.id, version.value));
  for (const Check& check : examination.checks) {
    if (check.verdict == Verdict::not_applicable) continue;
    request.checks.push_back(fmt::format("{} {}{}{}: {}", to_string(check.verdict), check.id,
                                         check.subject.empty() ? "" : " ", check.subject, check.text));
  }
}

Result<Report> report_of(const fs::path& log) {
  MTK_TRY_LET(const Bytes bytes, read_file(log, log_limit));
  ReportRequest request{.log_name = log.filename().string(), .words = private_words()};
  for (const std::byte byte : bytes) request.log += static_cast<char>(byte);
  add_computer(request);
  return make_report(request);
}

Result<> save(const Report& report, const fs::path& path, bool may_replace) {
  std::error_code problem;
  if (!may_replace && fs::exists(path, problem))
    return fail(Errc::usage, say(Text::usage_file_exists, arg("file", path.string())));
  return write_file_atomically(path, to_bytes(report.text));
}

}  // namespace

int run_report(const Context& context) {
  const auto log = log_of(context);
  if (!log) return context.fail(log.error(), exit_host_file);
  const auto report = report_of(*log);
  if (!report) return context.fail(report.error(), exit_host_file);
  const std::string output = context.run.value(Option::output);
  if (output == to_stdout) {
    context.console.out(report->text);
    return 0;
  }
  const bool is_chosen = !output.empty();
  const fs::path path{is_chosen ? output : "mtkflash-report-" + log->stem().string() + ".txt"};
  const auto saved = save(*report, path, !is_chosen || context.run.has(Option::force));
  if (!saved)
    return context.fail(saved.error(), saved.error().code == Errc::usage ? exit_usage : exit_host_file);
  context.print(say(Text::run_report_made, arg("file", path.string()), arg("count", report->blanked)) + "\n");
  return 0;
}

}  // namespace mtk::cli
