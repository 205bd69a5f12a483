// SPDX-License-Identifier: Apache-2.0
// One conversation from the upload of the agent to the restart, broken at every byte in turn.
#include "da/xflash/session_script.h"
#include "transport/faulty.h"

#include <gtest/gtest.h>

namespace mtk::xflash {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view use_of_the_agent = R"(
  H> 05 00 01 00
  D> 00 00 00 00
  H> 01 00 00 00 08 00 00 00 00 10 00*6 04 00*39
  D> 00 00 00 00
  D> 00 00 00 00
  D> 01 02 03 04
  H> 00 00 00 00
  D> 00 00 00 00
  H> 04 00 01 00
  D> 00 00 00 00
  H> 01 00 00 00 08 00 00 00 00 10 00*6 04 00*39
  D> 00 00 00 00
  H> 00 00 00 00
  H> 0A 00 00 00
  H> 01 02 03 04
  D> 00 00 00 00
  D> 00 00 00 00
  H> 03 00 01 00
  D> 00 00 00 00
  H> 01 00 00 00 08 00 00 00 00 10 00*6 00 02 00*38
  D> 00 00 00 00
  D> 04 00 04 40
  D> 64 00 00 00
  H> 00 00 00 00
  D> 05 00 04 40
  H> 07 00 01 00
  D> 00 00 00 00
  H> 01 00*23
  D> 00 00 00 00
  gone
)";

struct Outcome {
  std::optional<Error> error;
  Bytes read;
  Clock::Duration took{};
  std::uint64_t from_phone = 0;
  std::uint64_t from_host = 0;
};

Result<> converse(Transport& link, OpContext& op, Bytes& read_bytes) {
  const PhoneInfo phone{.stage = BootStage::preloader, .hw_code = 0x0766};
  const AgentStages stages{.stage1 = {.load_address = 0x00200000, .data = to_bytes({0x11, 0x22})},
                           .stage2 = {.load_address = 0x40000000, .data = to_bytes({0x33, 0x44, 0x55})}};
  MTK_TRY_LET(const auto agent, start_agent(link, phone, stages, {}, op));
  BytesSink sink;
  MTK_TRY(agent->read({Area::user, 0x1000, 4}, sink, "x", op));
  read_bytes = sink.bytes;
  BytesSource source{to_bytes({1, 2, 3, 4})};
  MTK_TRY(agent->write({Area::user, 0x1000, 4}, source, "x", op));
  MTK_TRY(agent->erase({Area::user, 0x1000, 512}, "x", op));
  return agent->finish(NextBoot::normal, op);
}

Outcome outcome_with(std::vector<Fault> faults) {
  // Reading the script takes longer than playing it.
  static const ScriptedPhone unused{StartScript{.after = std::string{use_of_the_agent}}.text()};
  ScriptedPhone phone = unused;
  FakeClock clock;
  FaultyTransport link{std::make_unique<MemoryTransport>(phone, clock), std::move(faults)};
  Observer silent;
  OpContext op{{}, silent};
  Outcome outcome;
  const auto result = converse(link, op, outcome.read);
  if (!result) outcome.error = result.error();
  outcome.took = clock.now().time_since_epoch();
  outcome.from_phone = link.passed(Direction::to_host);
  outcome.from_host = link.passed(Direction::to_phone);
  return outcome;
}

/// Bytes of either side's last packet, after which the phone is gone anyway.
constexpr std::uint64_t last_of_phone = 12 + 4;
constexpr std::uint64_t last_of_host = 12 + 24;

/// Every byte of either side in turn.
template <class Check>
void with_every_byte(Fault::Kind kind, Check check) {
  const Outcome healthy = outcome_with({});
  ASSERT_FALSE(healthy.error) << to_string(*healthy.error);
  for (const Direction direction : {Direction::to_host, Direction::to_phone}) {
    const std::uint64_t size = direction == Direction::to_host ? healthy.from_phone : healthy.from_host;
    for (std::uint64_t at = 0; at < size; ++at) {
      SCOPED_TRACE(testing::Message() << "byte " << at << " of "
                                      << (direction == Direction::to_host ? "the phone" : "the host"));
      const Outcome outcome =
          outcome_with({{.kind = kind, .at_byte = at, .direction = direction, .mask = std::byte{0x10}}});
      check(outcome, at + (direction == Direction::to_host ? last_of_phone : last_of_host) >= size);
      EXPECT_LT(outcome.took, 15min);
    }
  }
}

TEST(XflashFaults, a_cut_at_any_byte_is_a_lost_phone_at_a_named_stage) {
  with_every_byte(Fault::Kind::cut, [](const Outcome& outcome, bool is_last_packet) {
    if (is_last_packet && !outcome.error) return;  // a restart may swallow the last word
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code, Errc::disconnected) << to_string(*outcome.error);
    EXPECT_NE(outcome.error->stage, Stage::host);
    EXPECT_FALSE(outcome.error->during.empty());
  });
}

TEST(XflashFaults, a_lost_byte_is_noticed_and_waited_for_in_vain_only_so_long) {
  with_every_byte(Fault::Kind::shorten, [](const Outcome& outcome, bool is_last_packet) {
    if (is_last_packet) return;
    ASSERT_TRUE(outcome.error);
    EXPECT_NE(outcome.error->stage, Stage::host) << to_string(*outcome.error);
    EXPECT_FALSE(outcome.error->during.empty());
  });
}

TEST(XflashFaults, a_turned_bit_is_an_error_at_a_named_stage_or_no_part_of_the_framing) {
  with_every_byte(Fault::Kind::flip, [](const Outcome& outcome, bool) {
    if (!outcome.error) return;
    EXPECT_NE(outcome.error->stage, Stage::host) << to_string(*outcome.error);
    EXPECT_FALSE(outcome.error->during.empty());
  });
}

}  // namespace
}  // namespace mtk::xflash
