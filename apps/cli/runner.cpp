// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/runner.h"

#include "apps/cli/cards.h"
#include "apps/cli/log_file.h"
#include "apps/cli/plain.h"
#include "apps/cli/screen.h"
#include "apps/cli/signals.h"

#include <condition_variable>
#include <ctime>
#include <thread>

namespace mtk::cli {

namespace {

using fmt::arg;
using namespace std::chrono_literals;

constexpr auto tick_time = 50ms;
/// Time for the last words, where somebody takes them.
constexpr int last_ticks = 4;

/// Waits for a job that ends on another thread.
class Ending {
 public:
  void set(Outcome outcome) {
    const std::scoped_lock lock{mutex_};
    outcome_ = std::move(outcome);
    changed_.notify_one();  // locked: who has the outcome ends this object
  }
  std::optional<Outcome> wait() {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, tick_time, [this] { return outcome_.has_value(); });
    return std::move(outcome_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Outcome> outcome_;
};

Notice note(std::string_view id, Text text) {
  return {
      .id = std::string{id}, .level = LogLevel::warning, .text = std::string{mtk::text(text)}, .actions = {}};
}

std::vector<std::unique_ptr<View>> views_for(const Context& context) {
  const LogLevel detail = context.run.has(Option::verbose) ? LogLevel::debug : LogLevel::info;
  std::vector<std::unique_ptr<View>> views;
  if (context.console.err_is_terminal) {
    views.push_back(std::make_unique<Screen>(context.clock, context.console, detail));
  } else {
    views.push_back(std::make_unique<PlainLines>(context.clock, context.console, detail));
  }
  if (context.json())
    views.push_back(std::make_unique<JsonView>(context.clock, context.events, context.console.out));
  return views;
}

Result<std::unique_ptr<LogFile>> open_log(const Context& context) {
  const std::string path = context.run.value(Option::log);
  if (!path.empty()) return LogFile::create(path, context.clock);
  return LogFile::create_in(home_folders().logs, context.clock);
}

/// What helps others to help; whoever stopped the run needs none.
void advise_report(const Context& context, const std::filesystem::path& log, const Error& error) {
  const Style& style = context.console.err_style;
  context.advise(paint(style, Ink::faint, say(Text::run_log, arg("file", log.string()))) + "\n");
  if (error.code == Errc::cancelled) return;
  std::string command = "mtkflash report";
  if (context.run.has(Option::log)) command += " " + log.string();
  context.advise(say(Text::run_report_offer, arg("command", command)) + "\n");
}

Outcome wait_for_end(Session& session, const Job& job, Views& views) {
  Ending ending;
  const StopRequests stop;
  int seen = 0;
  session.start(job, [&](Outcome outcome) { ending.set(std::move(outcome)); });
  for (;;) {
    if (auto outcome = ending.wait()) return std::move(*outcome);
    views.tick();
    if (stop.count() > 0 && seen == 0) {
      seen = 1;
      views.finding(note("stopping", Text::run_stopping));
      views.tick();
      session.stop();
    } else if (stop.count() > 1) {
      views.finding(note("gave_up", Text::run_gave_up));
      for (int tick = 0; tick < last_ticks; ++tick) {
        views.tick();
        std::this_thread::sleep_for(tick_time);
      }
      leave_at_once(exit_stopped);
    }
  }
}

}  // namespace

void Context::print(std::string_view text) const {
  if (json()) {
    console.err(text);
  } else {
    console.out(text);
  }
}

int Context::fail(const Error& error, int exit) const {
  if (json()) console.out(events.error(error, exit));
  console.err(fmt::format("mtkflash: {}\n", error.what));
  return exit;
}

Ended run_on_phone(const Context& context, const Job& job) {
  ::tzset();  // reads a file, and not when the phone appears
  auto shown = views_for(context);
  std::filesystem::path log_path;
  if (auto log = open_log(context)) {
    log_path = (*log)->path();
    (*log)->line(fmt::format("mtkflash " MTK_VERSION ", {}", context.run.command->name));
    shown.push_back(std::move(*log));
  } else {
    const int exit = exit_host_file;
    if (context.run.has(Option::log)) {
      Ended ended;
      ended.outcome.error = log.error();
      ended.outcome.exit_code = context.fail(log.error(), exit);
      return ended;
    }
    context.advise(say(Text::run_no_log, arg("reason", log.error().what)) + "\n");
  }
  Views views{context.clock, std::move(shown)};
  Ended ended;
  {
    Session session{connect_options(context.run), views};
    ended.outcome = wait_for_end(session, job, views);
  }
  ended.work = views.work_time();
  // The firmware is planned once before there is a phone; that remark is over now.
  std::erase_if(ended.outcome.warnings, [](const Warning& warning) { return warning.id == "no_phone"; });
  views.ended(ended.outcome);
  const Style& style = context.console.err_style;
  context.advise(warnings_card(ended.outcome.warnings, style));
  if (ended.outcome.error) {
    context.advise("\n" + failure_card(ended.outcome, style));
    if (!log_path.empty()) advise_report(context, log_path, *ended.outcome.error);
  }
  return ended;
}

}  // namespace mtk::cli
