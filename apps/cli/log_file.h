// SPDX-License-Identifier: Apache-2.0
// Writes a run down in full, debug lines included: one file per run, the newest thirty are kept.
#pragma once

#include "apps/cli/view.h"
#include "base/file.h"

namespace mtk::cli {

inline constexpr std::size_t logs_kept = 30;

class LogFile final : public View {
 public:
  /// A new file in `folder`, named after the time; older logs beyond the limit are removed. Errors: io.
  static Result<std::unique_ptr<LogFile>> create_in(const std::filesystem::path& folder, const Clock& clock);
  /// Errors: io.
  static Result<std::unique_ptr<LogFile>> create(const std::filesystem::path& path, const Clock& clock);
  LogFile(File file, const Clock& clock) : file_(std::move(file)), clock_(clock), begin_(clock.now()) {}
  ~LogFile() override { static_cast<void>(file_.sync()); }

  const std::filesystem::path& path() const { return file_.path(); }
  void line(std::string_view text);

  void stage(Stage stage) override;
  void progress(const Progress& progress) override;
  void write(LogLevel level, std::string_view line) override;
  void phone(const PhoneCard& card) override;
  void finding(const Notice& finding) override;
  void bus(const BusEvent& event) override { line("bus " + event.text); }
  void plan(const Plan& plan) override;
  void ended(const Outcome& outcome) override;
  void flush() override;

 private:
  void explain(const FailureReport& failure);

  File file_;
  const Clock& clock_;
  Clock::TimePoint begin_;
  std::uint64_t size_ = 0;
  std::string item_;
  Outbox outbox_;
};

/// As it stands in logs and events.
std::string_view name_of(LogLevel level);
/// Removes the oldest logs of a folder, by name, until at most `keep` are left.
void remove_old_logs(const std::filesystem::path& folder, std::size_t keep);

}  // namespace mtk::cli
