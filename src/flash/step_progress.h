// SPDX-License-Identifier: Apache-2.0
// What an agent says of one call, as part of the job that the user sees.
#pragma once

#include "base/result.h"

#include <mtk/progress.h>

#include <algorithm>

namespace mtk {

/// Puts the progress of one agent call into the frame of its step and of the whole job.
class StepProgress final : public Observer {
 public:
  StepProgress(Observer& outer, std::uint64_t total) : outer_(outer), all_total_(total) {}

  void begin_step(Stage stage, std::uint64_t total) {
    all_done_ += item_total_;
    item_total_ = total;
    item_done_ = 0;
    stage_ = stage;
    outer_.stage(stage);
  }
  /// Moves on behind a finished piece of the step.
  void finished(std::uint64_t bytes) { item_done_ += bytes; }

  void stage(Stage stage) override { outer_.stage(stage); }
  void progress(const Progress& part) override {
    Progress whole = part;
    whole.stage = stage_;
    whole.done = std::min(item_done_ + part.done, item_total_);
    whole.total = item_total_;
    whole.all_done = all_done_ + whole.done;
    whole.all_total = all_total_;
    outer_.progress(whole);
  }
  void write(LogLevel level, std::string_view line) override { outer_.write(level, line); }

 private:
  Observer& outer_;
  std::uint64_t all_total_;
  std::uint64_t all_done_ = 0;
  std::uint64_t item_total_ = 0;
  std::uint64_t item_done_ = 0;
  Stage stage_ = Stage::host;
};

/// The step decides where in the run an error happened, whatever the layer below called it.
template <class T>
Result<T> within(Stage stage, Result<T> result, const std::string& step) {
  if (result) return result;
  result.error().stage = stage;
  return in(std::move(result), step);
}

}  // namespace mtk
