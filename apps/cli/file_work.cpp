// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/file_work.h"

#include "apps/cli/signals.h"
#include "apps/cli/units.h"
#include "base/text.h"

#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace mtk::cli {

namespace {

using fmt::arg;
using namespace std::chrono_literals;

constexpr auto tick_time = 100ms;

/// What the worker says, for the thread that shows it.
class Latest final : public Observer {
 public:
  void progress(const Progress& progress) override {
    const std::scoped_lock lock{mutex_};
    progress_ = progress;
  }
  void end() {
    {
      const std::scoped_lock lock{mutex_};
      over_ = true;
    }
    changed_.notify_one();
  }
  bool wait() {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, tick_time, [this] { return over_; });
  }
  std::optional<Progress> take() {
    const std::scoped_lock lock{mutex_};
    return std::exchange(progress_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Progress> progress_;
  bool over_ = false;
};

}  // namespace

std::string file_line(const RunModel& run, const Style& style) {
  const Progress& last = run.last();
  std::string line = shown(last.item);
  if (last.total > 0) {
    const double part = static_cast<double>(last.done) / static_cast<double>(last.total);
    line += fmt::format(", {:.0f} %", std::floor(100 * std::min(part, 1.0)));
  }
  if (const auto rate = run.rate()) line += ", " + human_rate(*rate);
  if (const auto left = run.time_left())
    line += ", " + say(Text::bar_time_left, arg("time", human_time(*left)));
  return cut(line, style.width - 1);
}

void run_on_files(const Context& context, const std::function<void(const OpContext&)>& work) {
  const Console& console = context.console;
  const StopRequests requests;
  Latest latest;
  RunModel run;
  Style style = console.err_style;
  bool drawn = false;
  bool asked = false;
  std::jthread worker{[&](const std::stop_token& stop) {
    work({stop, latest});
    latest.end();
  }};
  while (!latest.wait()) {
    const auto progress = latest.take();
    if (progress && console.err_is_terminal) {
      run.progress(*progress, context.clock.now());
      style.width = console.err_width();
      console.err("\r\x1b[K" + file_line(run, style));
      drawn = true;
    }
    if (requests.count() > 0 && !asked) asked = worker.request_stop();
    if (requests.count() > 1) leave_at_once(exit_stopped);
  }
  worker.join();
  if (drawn) console.err("\r\x1b[K");
}

}  // namespace mtk::cli
