// SPDX-License-Identifier: Apache-2.0
// One conversation from the first byte to the restart, broken at every byte in turn.
#include "da/testing/faults.h"
#include "da/legacy/start.h"
#include "da/legacy/testing.h"

namespace mtk::legacy {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view conversation = R"(
  T> A0
  D> 5F
  T> 0A
  D> F5
  T> 50
  D> AF
  T> 05
  D> FA
  T> FE
  D> 01
  T> FD
  D> FD 65 80 00 00
  T> FC
  D> FC 8A 00 CA 00 00 00 00 00
  T> D8
  D> D8 00 00 00 00 00 00
  T> FF
  D> FF
  H> D7
  D> D7
  H> 00 20 00 00
  D> 00 20 00 00
  H> 00 00 00 02
  D> 00 00 00 02
  H> 00 00 00 00
  D> 00 00 00 00 00 00
  H> 11 22
  D> 22 11 00 00
  H> D5
  D> D5
  H> 00 20 00 00
  D> 00 20 00 00 00 00
  D> C0 00 00 0B C4 00 00 00 00 00 00 15 01 00 4F 52 41 43 4C 45 01 12 34 56 78 A5 01
  T> 5A
  D> 04 02 94
  T> FF 01 00 08 00 70 07 FF FF 00 00 00 00 00 01 01 02 00
  D> 00 00 00 00
  T> 80 00 00 00 00 00 00 03 00 00 10 00
  D> 5A
  T> 33 44 55
  D> 5A 5A
  T> 5A
  D> 00 00 0B C3 00 08 FF FF 00*20 00 00 0B C4 00 FF FF 00*8 00 00 00*9
  D> 00*4 00*24 00*32 00*4 04 00 00 00 15 01 00 4F 52 41 43 4C 45 01 12 34 56 78 A5 01 00*8
  D> 00 00 0C 4A 00*24 00*38 5A 00*8 C1
  T> 72
  D> 5A 01
  H> 60
  D> 5A
  H> 08
  D> 5A
  H> D6 0C 02 00*6 10 00 00*7 04
  D> 5A
  H> 00 10 00 00
  D> 01 02 03 04 00 0A
  H> 5A
  H> 62 01 08 00*6 10 00 00*7 04 00 10 00 00
  D> 5A
  T> 5A
  T> 01 02 03 04
  T> 00 0A
  D> 69
  H> DB 00 40 00 00 00 08
  D> 5A
)";

Result<> converse(Transport& link, OpContext& op, FaultOutcome& outcome) {
  brom::BootRom rom{link};
  MTK_TRY(rom.connect(5s));
  MTK_TRY_LET(const PhoneInfo info, rom.identify({}, op));
  const AgentStages stages{.stage1 = {.load_address = 0x00200000, .data = to_bytes({0x11, 0x22})},
                           .stage2 = {.load_address = 0x80000000, .data = to_bytes({0x33, 0x44, 0x55})}};
  MTK_TRY_LET(const auto agent, start_agent(link, info, stages, {}, op));
  const Region place{Area::user, 0x1000, 4};
  BytesSink sink;
  MTK_TRY(agent->read(place, sink, "x", op));
  outcome.read = sink.bytes;
  BytesSource source{to_bytes({1, 2, 3, 4})};
  MTK_TRY(agent->write(place, source, "x", op));
  outcome.written = true;
  return agent->finish(BootMode::normal, op);
}

template <class Check>
void with_every_byte_of_it(Fault::Kind kind, Check check) {
  with_every_byte(ScriptedPhone{conversation}, converse, kind, 60s, check);
}

TEST(LegacyFaults, a_cut_at_any_byte_is_a_lost_phone_at_a_named_stage) {
  with_every_byte_of_it(Fault::Kind::cut, [](const FaultOutcome& outcome, BrokenAt place) {
    if (place.direction == Direction::to_host && place.left == 1) {
      EXPECT_FALSE(outcome.error);  // a restart may swallow it
      return;
    }
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code, Errc::disconnected) << to_string(*outcome.error);
    EXPECT_NE(outcome.error->stage, Stage::host);
    EXPECT_FALSE(outcome.error->during.empty());
  });
}

TEST(LegacyFaults, a_lost_byte_is_noticed_and_waited_for_in_vain_only_so_long) {
  with_every_byte_of_it(Fault::Kind::shorten, [](const FaultOutcome& outcome, BrokenAt) {
    if (outcome.error) {
      EXPECT_NE(outcome.error->stage, Stage::host) << to_string(*outcome.error);
    } else {
      EXPECT_EQ(outcome.read, to_bytes({1, 2, 3, 4}));
    }
  });
}

TEST(LegacyFaults, a_turned_bit_never_passes_for_data) {
  with_every_byte_of_it(Fault::Kind::flip, [](const FaultOutcome& outcome, BrokenAt) {
    if (!outcome.read.empty()) {
      EXPECT_EQ(outcome.read, to_bytes({1, 2, 3, 4}));
    }
  });
}

}  // namespace
}  // namespace mtk::legacy
