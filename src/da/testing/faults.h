// SPDX-License-Identifier: Apache-2.0
// For tests: one whole conversation with an agent, broken at every byte in turn.
#pragma once

#include "base/testing/slow_build.h"
#include "brom/testing/scripted_phone.h"
#include "transport/faulty.h"
#include "transport/memory.h"

#include <mtk/progress.h>

#include <gtest/gtest.h>

#include <functional>

namespace mtk {

/// What a conversation came to.
struct FaultOutcome {
  std::optional<Error> error;
  Bytes read;
  bool written = false;
  Clock::Duration took{};
  std::uint64_t from_phone = 0;
  std::uint64_t from_host = 0;
};

/// Fills in `read` and `written` as far as it gets.
using Converse = std::function<Result<>(Transport&, OpContext&, FaultOutcome&)>;

/// The phone is a copy: reading a script takes longer than playing it.
inline FaultOutcome outcome_with(ScriptedPhone phone, const Converse& converse, std::vector<Fault> faults) {
  FakeClock clock;
  FaultyTransport link{std::make_unique<MemoryTransport>(phone, clock), std::move(faults)};
  Observer silent;
  OpContext op{{}, silent};
  FaultOutcome outcome;
  const auto result = converse(link, op, outcome);
  if (!result) outcome.error = result.error();
  outcome.took = clock.now().time_since_epoch();
  outcome.from_phone = link.passed(Direction::to_host);
  outcome.from_host = link.passed(Direction::to_phone);
  return outcome;
}

/// Where a conversation was broken.
struct BrokenAt {
  Direction direction;
  std::uint64_t left;  ///< bytes that side had still to say, the broken one included
};

/// Every byte of either side in turn, in slow builds every seventh; `check` gets the outcome and the place.
/// \param longest  no conversation may take more, however it is broken
template <class Check>
void with_every_byte(const ScriptedPhone& phone, const Converse& converse, Fault::Kind kind,
                     Clock::Duration longest, Check check) {
  const FaultOutcome healthy = outcome_with(phone, converse, {});
  ASSERT_FALSE(healthy.error) << to_string(*healthy.error);
  ASSERT_TRUE(healthy.written);
  for (const Direction direction : {Direction::to_host, Direction::to_phone}) {
    const std::uint64_t size = direction == Direction::to_host ? healthy.from_phone : healthy.from_host;
    for (std::uint64_t at = 0; at < size; at += slow_build ? 7 : 1) {
      SCOPED_TRACE(testing::Message() << "byte " << at << " of "
                                      << (direction == Direction::to_host ? "the phone" : "the host"));
      const FaultOutcome outcome = outcome_with(
          phone, converse, {{.kind = kind, .at_byte = at, .direction = direction, .mask = std::byte{0x10}}});
      check(outcome, BrokenAt{direction, size - at});
      EXPECT_LE(outcome.took, longest);
    }
  }
}

}  // namespace mtk
