// SPDX-License-Identifier: Apache-2.0
// Ways to show a run, and the one observer that feeds them all.
#pragma once

#include "base/clock.h"

#include <mtk/session.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace mtk::cli {

/// What a view has to say until flush() writes it.
class Outbox {
 public:
  void put(std::string_view text);
  /// All of it, once.
  std::string take();
  bool empty() const;

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// One way to show a run. Calls but flush() never overlap; those of SessionObserver come from the session's
/// thread.
class View : public SessionObserver {
 public:
  /// Called several times a second from the main thread.
  virtual void tick() {}
  /// Follows tick() and ended() on a thread of its own: the only place for output, as that may block. A
  /// terminal does that the user has stopped, or a disk, and neither the phone nor Ctrl+C waits for it.
  virtual void flush() {}
  /// The run is over; nothing follows.
  virtual void ended(const Outcome&) {}
};

/// Runs the flush() of a view on a thread, whenever asked.
class Writer {
 public:
  explicit Writer(View& view) : view_(view) {}
  void ask();

 private:
  void run(const std::stop_token& stop);

  View& view_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool asked_ = false;
  std::jthread thread_{[this](const std::stop_token& stop) { run(stop); }};  // last member: stops first
};

/// Feeds every view.
class Views final : public SessionObserver {
 public:
  Views(const Clock& clock, std::vector<std::unique_ptr<View>> views);

  void stage(Stage stage) override;
  void progress(const Progress& progress) override;
  void write(LogLevel level, std::string_view line) override;
  void phone(const PhoneCard& card) override;
  void finding(const Notice& finding) override;
  void bus(const BusEvent& event) override;
  void plan(const Plan& plan) override;

  void tick();
  /// Returns when all is written.
  void ended(const Outcome& outcome);
  /// From the first byte of work on the storage until now; zero when there was none.
  std::chrono::milliseconds work_time();

 private:
  std::mutex mutex_;
  const Clock& clock_;
  std::vector<std::unique_ptr<View>> views_;
  std::vector<std::unique_ptr<Writer>> writers_;  ///< until the end
  std::optional<Clock::TimePoint> work_began_;
};

}  // namespace mtk::cli
