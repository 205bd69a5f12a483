// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/file_work.h"

#include "apps/cli/testing/console.h"
#include "base/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace mtk::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct FileWork : testing::Test {
  TestConsole ends{{.colour = false, .utf8 = false, .width = 60, .terminal = true}, true};
  SystemClock clock;
  EventLines events{clock};
  Invocation invocation;
  Context context{ends.console, clock, events, invocation};
};

TEST_F(FileWork, the_line_says_what_how_far_how_fast_and_how_long) {
  RunModel run;
  FakeClock time;
  for (int second = 0; second < 4; ++second) {
    run.progress({.item = "reading system.img",
                  .done = static_cast<std::uint64_t>(second) * 100 * mib,
                  .total = 1000 * mib},
                 time.now());
    time.advance(1s);
  }
  EXPECT_EQ(file_line(run, {.width = 80}), "reading system.img, 30 %, 100.0 MiB/s, about 7 s left");
  EXPECT_EQ(file_line(run, {.width = 20}).size(), 19u);
}

TEST_F(FileWork, a_terminal_sees_the_work_and_nothing_of_it_at_the_end) {
  std::atomic<bool> seen = false;
  ends.console.err = [&](std::string_view text) {
    ends.err += text;
    ends.terminal.feed(text);
    seen = true;
  };
  run_on_files(context, [&](const OpContext& op) {
    op.observer.progress({.item = "unpacking rom.7z", .done = mib, .total = 4 * mib});
    while (!seen) std::this_thread::yield();
  });
  EXPECT_THAT(ends.err, HasSubstr("unpacking rom.7z, 25 %"));
  EXPECT_EQ(ends.terminal.text(), "");
}

TEST_F(FileWork, a_pipe_sees_nothing) {
  ends.console.err_is_terminal = false;
  run_on_files(context,
               [&](const OpContext& op) { op.observer.progress({.item = "x", .done = 1, .total = 4}); });
  EXPECT_EQ(ends.err, "");
}

TEST_F(FileWork, the_users_wish_to_stop_reaches_the_work) {
  bool stopped = false;
  run_on_files(context, [&](const OpContext& op) {
    std::raise(SIGINT);
    while (!op.stop.stop_requested()) std::this_thread::yield();
    stopped = true;
  });
  EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace mtk::cli
