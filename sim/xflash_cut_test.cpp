// SPDX-License-Identifier: Apache-2.0
// The cable is pulled at every byte of a session with the XFlash agent, and the session comes in any pieces:
// the phone is always there again, and what it says does not depend on how the bytes came.
#include "sim/xflash_bench.h"

#include <rapidcheck/gtest.h>

#include <array>

namespace mtk::sim {
namespace {

constexpr std::uint64_t written_at = 0x20000;

Bytes numbers(std::initializer_list<std::uint64_t> values) {
  ByteWriter out;
  for (const auto value : values) out.le(value);
  return std::move(out).take();
}

/// Everything a host says from the first command to the reset, stage by stage: each begins to listen when it
/// has spoken, so nobody talks across the borders.
std::array<Bytes, 3> session() {
  const StandIn agent = stand_in(0x180, HashKind::sha256, 0);
  const Bytes data = pattern(0x200);
  ByteWriter loader;
  loader.u8(0xd7)
      .be<std::uint32_t>(0x200000)
      .be(static_cast<std::uint32_t>(agent.da1.size()))
      .be<std::uint32_t>(0);
  loader.bytes(agent.da1).u8(0xd5).be<std::uint32_t>(0x200000);
  const RangeParameter place{.offset = written_at, .length = 0x200};
  ByteWriter da1;
  for (const Bytes& packet :
       {word(0x434e5953), word(0x010100), XflashBench::environment(), word(0x010101), word(0), word(0x010009),
        word(0x020003), word(1), word(0x010008), numbers({0x40000000, agent.da2.size()}), agent.da2})
    da1.bytes(framed(packet));
  ByteWriter da2;
  for (const Bytes& packet :
       {word(0x010004), place.bytes(), word(0), word(agent_sum(data)), data, word(0x010005), place.bytes(),
        word(0), word(0x010003), RangeParameter{.offset = 0x90000, .length = 0x200}.bytes(), word(0),
        word(0x010007), numbers({1, 0, 0})})
    da2.bytes(framed(packet));
  return {std::move(loader).take(), std::move(da1).take(), std::move(da2).take()};
}

TEST(XflashCut, the_phone_is_there_again_after_a_cut_at_any_byte) {
  XflashBench bench{model_named("tiny-xflash")};
  const auto stages = session();
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    for (std::size_t cut = 0; cut < stages[stage].size(); ++cut) {
      bench.reach_commands();
      for (std::size_t i = 0; i < stage; ++i) bench.say(stages[i]);
      bench.say(ByteView{stages[stage]}.first(cut));
      bench.unplug();
      ASSERT_EQ(bench.phone().bus(), Bus::off) << stage << " " << cut;
    }
  }
  const BootReport report = bench.phone().boot_report();
  EXPECT_EQ(report.reached, BootStage::android) << report.text();
  EXPECT_TRUE(report.radio) << report.text();
  bench.reach_commands();
  for (const Bytes& stage : stages) bench.say(stage);
  EXPECT_EQ(*bench.phone().card().read(part_user, written_at, 0x200), pattern(0x200));
  bench.wait(milliseconds{600});
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
}

RC_GTEST_PROP(XflashCut, what_it_says_does_not_depend_on_the_pieces_bytes_come_in, ()) {
  const auto stages = session();
  XflashBench whole{model_named("tiny-xflash")};
  XflashBench pieces{model_named("tiny-xflash")};
  whole.reach_commands();
  pieces.reach_commands();
  for (const Bytes& stage : stages) {
    const std::string at_once = hex_compact(whole.say(stage));
    std::string in_pieces;
    for (std::size_t at = 0; at < stage.size();) {
      const auto size = std::min<std::size_t>(*rc::gen::inRange<std::size_t>(1, 300), stage.size() - at);
      in_pieces += hex_compact(pieces.say(ByteView{stage}.subspan(at, size)));
      at += size;
    }
    RC_ASSERT(in_pieces == at_once);
  }
}

}  // namespace
}  // namespace mtk::sim
