// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <gtest/gtest.h>

#include <thread>

namespace mtk {

using namespace std::chrono_literals;

TEST(FakeClock, moves_only_when_told_to) {
  FakeClock clock;
  const auto start = clock.now();
  EXPECT_EQ(clock.now(), start);
  clock.advance(3s);
  EXPECT_EQ(clock.now() - start, 3s);
}

TEST(FakeClock, moves_by_what_is_slept) {
  FakeClock clock;
  const auto start = clock.now();
  clock.sleep(250ms, {});
  EXPECT_EQ(clock.now() - start, 250ms);
}

TEST(FakeClock, never_goes_back) {
  FakeClock clock;
  const auto start = clock.now();
  clock.advance_to(start + 5s);
  clock.advance_to(start + 1s);
  EXPECT_EQ(clock.now() - start, 5s);
}

TEST(SystemClock, a_stop_ends_a_sleep_at_once) {
  SystemClock clock;
  std::stop_source stop;
  stop.request_stop();
  const auto start = clock.now();
  clock.sleep(1h, stop.get_token());
  EXPECT_LT(clock.now() - start, 1min);
}

TEST(SystemClock, a_stop_from_another_thread_wakes_a_sleeper) {
  SystemClock clock;
  std::stop_source stop;
  const auto start = clock.now();
  std::jthread sleeper{[&] { clock.sleep(1h, stop.get_token()); }};
  stop.request_stop();
  sleeper.join();
  EXPECT_LT(clock.now() - start, 1min);
}

TEST(SystemClock, sleeps_at_least_as_long_as_asked) {
  SystemClock clock;
  const auto start = clock.now();
  clock.sleep(2ms, {});
  EXPECT_GE(clock.now() - start, 2ms);
}

}  // namespace mtk
