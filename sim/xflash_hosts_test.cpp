// SPDX-License-Identifier: Apache-2.0
// Habits of two open hosts, which a phone has to carry through to the end.
#include "sim/xflash_bench.h"

namespace mtk::sim {
namespace {

using Packets = XflashBench::Packets;

/// What the bench's own start leaves open: the environment these hosts send.
void start_with(XflashBench& bench, std::uint32_t log_level) {
  ByteWriter environment;
  environment.le(log_level).le<std::uint32_t>(1).le<std::uint32_t>(1).fill(8);
  bench.start_da1();
  bench.tell(0x434e5953);
  bench.tell({word(0x010100), Bytes{environment.view().begin(), environment.view().end()}});
  ASSERT_EQ(bench.tell({word(0x010101), word(0)}), (Packets{"00000000", "53594e43"})) << bench.log();
}

/// A write whose payload is a transfer of its own, behind the header.
Packets payload_apart(XflashBench& bench, const std::vector<Bytes>& before, const Bytes& payload) {
  Bytes all;
  for (const Bytes& one : before) {
    const Bytes packet = framed(one);
    all.insert(all.end(), packet.begin(), packet.end());
  }
  const Bytes last = framed(payload);
  all.insert(all.end(), last.begin(), last.begin() + 12);
  Bytes heard = bench.say(all);
  const Bytes rest = bench.say(ByteView{last}.subspan(12));
  heard.insert(heard.end(), rest.begin(), rest.end());
  return packets(heard);
}

TEST(XflashHosts, the_python_host_from_the_boot_rom) {
  XflashBench bench{model_named("tiny-xflash"), Bench::keys_held()};
  start_with(bench, 2);
  EXPECT_EQ(bench.control(0x040011), Packets{"040001c0"});
  EXPECT_EQ(bench.control(0x020004, {word(0x68)}), Packets{"00000000"});
  EXPECT_EQ(bench.control(0x020003, {word(0)}), Packets{"00000000"});
  EXPECT_EQ(bench.control(0x04000a)[0], hex_compact(to_bytes("brom")));
  EXPECT_EQ(bench.control(0x040001)[0].substr(0, 8), "01000000");
  EXPECT_EQ(bench.init_ext_ram(bench.settings()).back(), "00000000");
  ByteWriter parameter;
  parameter.le<std::uint64_t>(0x40000000).le<std::uint64_t>(bench.agent().da2.size());
  EXPECT_EQ(payload_apart(bench, {word(0x010008), std::move(parameter).take()}, bench.agent().da2),
            (Packets{"00000000", "00000000", "53594e43"}));

  EXPECT_EQ(bench.control(0x040016), Packets{"040001c0"});
  for (const std::uint32_t code :
       {0x04000cU, 0x040001U, 0x040002U, 0x040003U, 0x040004U, 0x04000dU, 0x040005U, 0x040008U, 0x04000bU})
    EXPECT_EQ(bench.control(code).back(), "00000000") << code;
  // It looks for the partition table with small reads that overlap, and asks for the packet length before
  // each.
  const std::pair<std::uint64_t, std::uint64_t> reads[] = {{0, 0x400},     {0x600, 0x200}, {0x200, 0x400},
                                                           {0x400, 0x200}, {0x600, 0x200}, {0, 0x4200}};
  for (const auto& [offset, length] : reads) {
    EXPECT_EQ(bench.control(0x040007)[0], "0000200000000100");
    EXPECT_EQ(bench.read({.offset = offset, .length = length}).back().size(), 2 * length);
    EXPECT_EQ(bench.tell(0), Packets{"00000000"});
  }
  bench.tell({word(0x010004), RangeParameter{.offset = 0x20000, .length = 0x200}.bytes()});
  EXPECT_EQ(payload_apart(bench, {word(0), word(byte_sum(pattern(0x200)))}, pattern(0x200)),
            (Packets{"00000000", "00000000"}));
  EXPECT_EQ(bench.control(0x800005), Packets{"040001c0"});
  EXPECT_EQ(bench.tell({word(0x010007), Bytes(32)}), (Packets{"00000000", "00000000"}));
  EXPECT_EQ(bench.phone().bus(), Bus::agent) << "32 bytes: answered, not obeyed";
}

TEST(XflashHosts, it_does_not_hang_on_a_third_stage_that_is_refused) {
  XflashBench bench{model_named("tiny-xflash")};
  bench.reach_da2();
  EXPECT_EQ(bench.boot_to(Bytes(0x100), 0x4fff0000), (Packets{"00000000", "040007c0"}));
  EXPECT_EQ(bench.control(0x0f0000), Packets{"040001c0"});
}

TEST(XflashHosts, it_sleeps_before_it_acknowledges_an_erase) {
  XflashBench bench{model_named("tiny-xflash")};
  bench.reach_da2();
  const RangeParameter range{.offset = 0x88000, .length = 0x1000};
  ASSERT_TRUE(bench.phone().card().write(part_user, range.offset, pattern(0x1000)));
  EXPECT_EQ(bench.tell(0x010003), Packets{"00000000"});
  EXPECT_EQ(bench.tell({range.bytes()}), (Packets{"00000000", "04000440", "64000000"}));
  EXPECT_TRUE(bench.wait(milliseconds{100}).empty()) << "the percentage in milliseconds";
  EXPECT_EQ(bench.tell(0), Packets{"05000440"});
  EXPECT_EQ(*bench.phone().card().read(part_user, range.offset, 0x1000), Bytes(0x1000));
  bench.expect_in_step();
}

/// It stops listening at the first error, while the agent goes on: what it asks next is taken for an
/// acknowledgement, and what it hears is the rest of the erase.
TEST(XflashHosts, it_is_out_of_step_after_an_erase_that_was_refused) {
  XflashBench bench{model_named("tiny-xflash")};
  bench.reach_da2();
  const RangeParameter range{.offset = 0xff000, .length = 0x10000};
  EXPECT_EQ(bench.tell({word(0x010003), range.bytes()}),
            (Packets{"00000000", "0b0004c0", "04000440", "64000000"}));
  EXPECT_EQ(bench.tell(0x010009), Packets{"05000440"});
  EXPECT_EQ(bench.tell(0x040007), Packets{"030001c0"}) << "a control code is no command";
  EXPECT_EQ(*bench.phone().card().read(part_user, 0xff000, 0x1000), Bytes(0x1000)) << "erased all the same";
  bench.expect_in_step();
}

TEST(XflashHosts, without_settings_it_is_refused_with_a_status) {
  XflashBench bench{model_named("tiny-xflash"), Bench::keys_held()};
  bench.reach_da1();
  EXPECT_EQ(bench.boot_to(bench.agent().da2), (Packets{"00000000", "040007c0"}));
}

TEST(XflashHosts, the_small_serial_host_sends_in_bursts) {
  XflashBench bench{model_named("tiny-xflash"), Bench::keys_held()};
  start_with(bench, 0);
  EXPECT_EQ(bench.init_ext_ram(bench.settings()), (Packets{"00000000", "00000000"}));
  ByteWriter parameter;
  parameter.le<std::uint64_t>(0x40000000).le<std::uint64_t>(bench.agent().da2.size());
  EXPECT_EQ(bench.tell(0x010008), Packets{"00000000"});
  EXPECT_EQ(payload_apart(bench, {std::move(parameter).take()}, bench.agent().da2),
            (Packets{"00000000", "53594e43"}));
  bench.expect_in_step();
}

}  // namespace
}  // namespace mtk::sim
