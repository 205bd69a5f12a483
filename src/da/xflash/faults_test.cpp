// SPDX-License-Identifier: Apache-2.0
// One conversation from the upload of the agent to the restart, broken at every byte in turn.
#include "da/testing/faults.h"
#include "da/xflash/session_script.h"

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

Result<> converse(Transport& link, OpContext& op, FaultOutcome& outcome) {
  const PhoneInfo phone{.stage = BootStage::preloader, .hw_code = 0x0766};
  const AgentStages stages{.stage1 = {.load_address = 0x00200000, .data = to_bytes({0x11, 0x22})},
                           .stage2 = {.load_address = 0x40000000, .data = to_bytes({0x33, 0x44, 0x55})}};
  MTK_TRY_LET(const auto agent, start_agent(link, phone, stages, {}, op));
  BytesSink sink;
  MTK_TRY(agent->read({Area::user, 0x1000, 4}, sink, "x", op));
  outcome.read = sink.bytes;
  BytesSource source{to_bytes({1, 2, 3, 4})};
  MTK_TRY(agent->write({Area::user, 0x1000, 4}, source, "x", op));
  outcome.written = true;
  MTK_TRY(agent->erase({Area::user, 0x1000, 512}, "x", op));
  return agent->finish(BootMode::normal, op);
}

/// Bytes of either side's last packet, after which the phone is gone anyway.
constexpr std::uint64_t last_of_phone = 12 + 4;
constexpr std::uint64_t last_of_host = 12 + 24;

bool in_last_packet(BrokenAt place) {
  return place.left <= (place.direction == Direction::to_host ? last_of_phone : last_of_host);
}

template <class Check>
void with_every_byte_of_it(Fault::Kind kind, Check check) {
  const ScriptedPhone phone{StartScript{.after = std::string{use_of_the_agent}}.text()};
  with_every_byte(phone, converse, kind, 15min, check);
}

TEST(XflashFaults, a_cut_at_any_byte_is_a_lost_phone_at_a_named_stage) {
  with_every_byte_of_it(Fault::Kind::cut, [](const FaultOutcome& outcome, BrokenAt place) {
    if (in_last_packet(place) && !outcome.error) return;  // a restart may swallow the last word
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code, Errc::disconnected) << to_string(*outcome.error);
    EXPECT_NE(outcome.error->stage, Stage::host);
    EXPECT_FALSE(outcome.error->during.empty());
  });
}

TEST(XflashFaults, a_lost_byte_is_noticed_and_waited_for_in_vain_only_so_long) {
  with_every_byte_of_it(Fault::Kind::shorten, [](const FaultOutcome& outcome, BrokenAt place) {
    if (in_last_packet(place)) return;
    ASSERT_TRUE(outcome.error);
    EXPECT_NE(outcome.error->stage, Stage::host) << to_string(*outcome.error);
    EXPECT_FALSE(outcome.error->during.empty());
  });
}

/// Data carries no sum on its way to the host, so a turned bit in it goes unseen here and is met by
/// comparing.
TEST(XflashFaults, a_turned_bit_is_an_error_at_a_named_stage_or_no_part_of_the_framing) {
  with_every_byte_of_it(Fault::Kind::flip, [](const FaultOutcome& outcome, BrokenAt) {
    if (outcome.error) {
      EXPECT_NE(outcome.error->stage, Stage::host) << to_string(*outcome.error);
      EXPECT_FALSE(outcome.error->during.empty());
    } else {
      EXPECT_TRUE(outcome.written);
      EXPECT_EQ(outcome.read.size(), 4u);
    }
  });
}

}  // namespace
}  // namespace mtk::xflash
