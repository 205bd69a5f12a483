// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/log_file.h"

#include "apps/cli/units.h"

#include <fmt/chrono.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace mtk::cli {

namespace {

namespace fs = std::filesystem;

/// `20260419-142233-4711.log`: sorts by time; the process number keeps runs of one second apart.
std::string file_name() {
  return fmt::format("{:%Y%m%d-%H%M%S}-{}.log", fmt::gmtime(std::time(nullptr)), ::getpid());
}

}  // namespace

std::string_view name_of(LogLevel level) {
  constexpr std::array<std::string_view, 4> names{"error", "warning", "info", "debug"};
  return names.at(static_cast<std::size_t>(level));
}

void remove_old_logs(const fs::path& folder, std::size_t keep) {
  std::vector<fs::path> logs;
  std::error_code problem;
  for (const auto& file : fs::directory_iterator{folder, problem}) {
    if (file.path().extension() == ".log" && file.is_regular_file(problem)) logs.push_back(file.path());
  }
  std::ranges::sort(logs);
  for (std::size_t i = 0; i + keep < logs.size(); ++i) fs::remove(logs[i], problem);
}

Result<std::unique_ptr<LogFile>> LogFile::create_in(const fs::path& folder, const Clock& clock) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) return fail(Errc::io, fmt::format("create {}: {}", folder.string(), problem.message()));
  auto log = create(folder / file_name(), clock);
  if (log) remove_old_logs(folder, logs_kept);
  return log;
}

Result<std::unique_ptr<LogFile>> LogFile::create(const fs::path& path, const Clock& clock) {
  MTK_TRY_LET(File file, File::create(path));
  return std::make_unique<LogFile>(std::move(file), clock);
}

void LogFile::line(std::string_view text) {
  const auto time = std::chrono::duration<double>(clock_.now() - begin_).count();
  outbox_.put(fmt::format("{:10.3f} {}\n", time, shown(text)));
}

void LogFile::flush() {
  const Bytes bytes = to_bytes(outbox_.take());
  // A full disk must not end a flash: what cannot be logged is lost.
  if (!bytes.empty() && file_.write_at(size_, bytes)) size_ += bytes.size();
}

void LogFile::stage(Stage stage) { line(fmt::format("stage {}", to_string(stage))); }

void LogFile::progress(const Progress& progress) {
  const std::string item = fmt::format("{} {}", to_string(progress.stage), progress.item);
  if (item == item_) return;
  item_ = item;
  line(fmt::format("begin {}, {} bytes", item, progress.total));
}

void LogFile::write(LogLevel level, std::string_view text) {
  line(fmt::format("{} {}", name_of(level), text));
}

void LogFile::phone(const PhoneCard& card) {
  for (const Fact& fact : card.facts) line(fmt::format("phone {} = {}", fact.id, fact.value));
  for (const TableRow& row : card.partitions)
    line(fmt::format("table {} {}", row.name, to_string(row.region)));
  if (!card.table_problem.empty()) line(fmt::format("table: {}", card.table_problem));
}

void LogFile::finding(const Notice& finding) {
  line(fmt::format("finding {} {}: {}", name_of(finding.level), finding.id, finding.text));
  for (const auto& action : finding.actions) line("  do: " + action);
}

void LogFile::plan(const Plan& plan) {
  std::string lines = to_string(plan);
  while (!lines.empty()) {
    const auto end = std::min(lines.find('\n'), lines.size());
    line("plan " + lines.substr(0, end));
    lines.erase(0, std::min(end + 1, lines.size()));
  }
}

void LogFile::explain(const FailureReport& failure) {
  const auto about = [this](std::string_view what, std::string_view text) {
    if (!text.empty()) line(fmt::format("failure {}: {}", what, text));
  };
  about("what", failure.what);
  about("symbol", failure.symbol);
  about("cause", failure.cause);
  about("phone now", failure.device_state);
  for (const auto& action : failure.next_actions) about("next", action);
  for (const auto& evidence : failure.evidence) about("checked", evidence);
}

void LogFile::ended(const Outcome& outcome) {
  for (const auto& part : outcome.partitions) {
    line(fmt::format("{} {} {} bytes {}", to_string(part.outcome), part.name, part.bytes, part.sha256));
  }
  for (const auto& refusal : outcome.refusals) line("refused: " + refusal);
  if (!outcome.half_written.empty()) line("half written: " + outcome.half_written);
  if (outcome.failure) explain(*outcome.failure);
  if (outcome.error) line("error " + to_string(*outcome.error));
  line(fmt::format("exit {}", outcome.exit_code));
}

}  // namespace mtk::cli
