// SPDX-License-Identifier: Apache-2.0
#include "da/first_word.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {
using namespace std::chrono_literals;

struct Told final : Observer {
  void silent(std::chrono::seconds waited) override { times.push_back(waited); }
  std::vector<std::chrono::seconds> times;
};

/// An agent that says 7 after a while.
struct FirstWord : testing::Test {
  Told told;
  OpContext op{{}, told};
  Clock::Duration speaks_after{};
  Clock::Duration waited{};

  Result<int> listen(Clock::Duration patience) {
    const auto ask = [&](Clock::Duration timeout) -> Result<std::optional<int>> {
      waited += timeout;
      return waited >= speaks_after ? std::optional{7} : std::nullopt;
    };
    return await_first_word(ask, patience, op);
  }
};

TEST_F(FirstWord, of_an_agent_that_runs_comes_without_a_remark) {
  EXPECT_EQ(listen(first_word::patience), 7);
  EXPECT_TRUE(told.times.empty());
}

TEST_F(FirstWord, silence_is_told_once_and_listened_to) {
  speaks_after = 60s;
  EXPECT_EQ(listen(first_word::patience), 7);
  EXPECT_EQ(told.times, std::vector{5s});
}

TEST_F(FirstWord, patience_ends) {
  speaks_after = 1h;
  EXPECT_EQ(listen(first_word::patience).error().code, Errc::timeout);
  EXPECT_EQ(waited, first_word::patience);
}

TEST_F(FirstWord, little_patience_is_all_there_is) {
  speaks_after = 1h;
  EXPECT_EQ(listen(2s).error().code, Errc::timeout);
  EXPECT_EQ(waited, 2s);
}

TEST_F(FirstWord, a_broken_link_is_no_silence) {
  const auto broken = [](Clock::Duration) -> Result<std::optional<int>> {
    return fail(Errc::disconnected, "gone");
  };
  EXPECT_EQ(await_first_word(broken, 10s, op).error().code, Errc::disconnected);
  EXPECT_TRUE(told.times.empty());
}

}  // namespace
}  // namespace mtk
