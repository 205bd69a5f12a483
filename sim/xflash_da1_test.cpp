// SPDX-License-Identifier: Apache-2.0
// First stage of the XFlash agent: start-up, its command tables, memory settings and the second stage.
#include "sim/test_transcript.h"
#include "sim/xflash_bench.h"

namespace mtk::sim {
namespace {

using Packets = XflashBench::Packets;

class XflashDa1Test : public testing::Test {
 protected:
  void plug(PhoneOptions options = {}, Model model = model_named("tiny-xflash")) {
    bench_ = std::make_unique<XflashBench>(std::move(model), std::move(options));
  }
  XflashBench& bench() { return *bench_; }

 private:
  std::unique_ptr<XflashBench> bench_;
};

TEST_F(XflashDa1Test, answers_the_queries_of_the_genuine_agent) {
  auto model = load_model(trace("transcript-6765.toml"));
  ASSERT_TRUE(model);
  plug(Bench::keys_held(), *model);
  bench().reach_da1();
  Replay{bench(), {}, {}}.play("xflash_queries_da1.txt", Framed::yes);
}

TEST_F(XflashDa1Test, a_wrong_sync_is_met_with_silence) {
  plug();
  bench().start_da1();
  EXPECT_EQ(bench().tell(0x12345678), Packets{});
  EXPECT_EQ(bench().tell({word(0x010100), XflashBench::environment()}), Packets{});
}

TEST_F(XflashDa1Test, a_wrong_order_of_the_start_gets_one_status_and_no_more) {
  plug();
  bench().start_da1();
  bench().tell(0x434e5953);
  EXPECT_EQ(bench().tell(0x010101), Packets{"050001c0"});
  EXPECT_EQ(bench().tell({word(0x010100), XflashBench::environment()}), Packets{});
}

TEST_F(XflashDa1Test, an_environment_that_is_too_long_gets_one_status_and_no_more) {
  plug();
  bench().start_da1();
  bench().tell(0x434e5953);
  EXPECT_EQ(bench().tell({word(0x010100), Bytes(21)}), Packets{"060001c0"});
  bench().expect_dead();
}

TEST_F(XflashDa1Test, hardware_parameters_are_counted_by_the_low_byte) {
  plug();
  bench().start_da1();
  bench().tell(0x434e5953);
  bench().tell({word(0x010100), XflashBench::environment()});
  EXPECT_EQ(bench().tell({word(0x010101), word(0x101), word(24), Bytes(24)}),
            (Packets{"00000000", "53594e43"}));
  bench().expect_in_step();
}

TEST_F(XflashDa1Test, the_start_codes_are_no_commands_later) {
  plug();
  bench().reach_da1();
  for (const std::uint32_t code :
       {0x010100U, 0x010101U, 0x010000U, 0x010001U, 0x010004U, 0x010005U, 0x010010U})
    EXPECT_EQ(bench().tell(code), Packets{"030001c0"}) << code;
  bench().expect_in_step();
}

TEST_F(XflashDa1Test, codes_of_the_second_stage_are_unknown_here) {
  plug();
  bench().reach_da1();
  for (const std::uint32_t code : {0x040002U, 0x040003U, 0x040008U, 0x04000eU, 0x040011U, 0x040014U,
                                   0x080001U, 0x800005U, 0x0e0000U, 0x020006U})
    EXPECT_EQ(bench().control(code), Packets{"040001c0"}) << code;
  bench().expect_in_step();
}

TEST_F(XflashDa1Test, tells_who_started_it) {
  plug();
  bench().reach_da1();
  EXPECT_EQ(bench().control(0x04000a)[0], hex_compact(to_bytes("preloader")));
  plug(Bench::keys_held());
  bench().reach_da1();
  EXPECT_EQ(bench().control(0x04000a)[0], hex_compact(to_bytes("brom")));
}

TEST_F(XflashDa1Test, a_command_that_is_too_long_is_answered_and_ends_the_session) {
  plug();
  bench().reach_da1();
  EXPECT_EQ(bench().tell({Bytes(12)}), Packets{"030001c0"});
  bench().expect_dead();
}

TEST_F(XflashDa1Test, messages_come_at_all_the_documented_places_when_the_host_wants_them) {
  plug();
  bench().start_da1();
  bench().tell(0x434e5953);
  EXPECT_EQ(bench().tell({word(0x010100), XflashBench::environment(2)}), (Packets{"00000000", "log"}));
  const Packets start = bench().tell({word(0x010101), word(0)});
  EXPECT_GE(std::ranges::count(start, "log"), 20);
  EXPECT_EQ(start.front(), "00000000");
  EXPECT_EQ(Packets(start.end() - 2, start.end()), (Packets{"53594e43", "log"}));
  EXPECT_EQ(bench().tell({word(0x010009), word(0x040005)}),
            (Packets{"00000000", "00000000", "log", "312e30", "log", "00000000"}));
}

TEST_F(XflashDa1Test, memory_from_the_boot_rom_runs_only_with_settings_for_it) {
  plug(Bench::keys_held());
  bench().reach_da1();
  EXPECT_EQ(bench().boot_to(bench().agent().da2), (Packets{"00000000", "040007c0"}));
  Bytes foreign = bench().settings();
  foreign[112 + 16] ^= std::byte{0xff};
  EXPECT_EQ(bench().init_ext_ram(foreign), (Packets{"00000000", "010001c0"}));
  EXPECT_EQ(bench().init_ext_ram(bench().settings()), (Packets{"00000000", "00000000"}));
  EXPECT_EQ(bench().boot_to(bench().agent().da2), (Packets{"00000000", "00000000", "53594e43"}));
}

TEST_F(XflashDa1Test, settings_of_a_version_it_does_not_understand) {
  Model model = model_named("tiny-xflash");
  model.xflash.emi_versions = {38};
  plug(Bench::keys_held(), model);
  bench().reach_da1();
  EXPECT_EQ(bench().init_ext_ram(bench().settings()), (Packets{"00000000", "500004c0"}));
  EXPECT_EQ(bench().init_ext_ram(to_bytes("no settings at all, but long enough")),
            (Packets{"00000000", "500004c0"}));
  bench().expect_in_step();
}

TEST_F(XflashDa1Test, another_memory_than_the_settings_know) {
  PhoneOptions options = Bench::keys_held();
  options.faults.stage.memory_id = Bytes(16, std::byte{0x77});
  plug(std::move(options));
  bench().reach_da1();
  EXPECT_EQ(bench().init_ext_ram(bench().settings()), (Packets{"00000000", "010001c0"}));
}

TEST_F(XflashDa1Test, a_second_stage_with_another_digest_is_refused_and_may_come_again) {
  plug();
  bench().reach_da1();
  Bytes changed = bench().agent().da2;
  changed[7] ^= std::byte{1};
  EXPECT_EQ(bench().boot_to(changed), (Packets{"00000000", "040007c0"}));
  Bytes with_signature = bench().agent().da2;
  with_signature.resize(with_signature.size() + 0x100);
  EXPECT_EQ(bench().boot_to(with_signature), (Packets{"00000000", "040007c0"}));
  bench().expect_in_step();
  EXPECT_EQ(bench().boot_to(bench().agent().da2), (Packets{"00000000", "00000000", "53594e43"}));
}

TEST_F(XflashDa1Test, a_host_that_splits_header_and_payload_byte_by_byte_gets_through) {
  plug();
  bench().reach_da1();
  Bytes heard;
  for (const std::byte byte : framed(word(0x010009))) {
    const Bytes part = bench().say(ByteView{&byte, 1});
    heard.insert(heard.end(), part.begin(), part.end());
  }
  EXPECT_EQ(packets(heard), Packets{"00000000"});
}

TEST_F(XflashDa1Test, the_usb_switch_brings_the_port_back_and_keeps_the_session) {
  plug();
  bench().reach_da1();
  EXPECT_EQ(bench().tell({word(0x01000b), word(0)}), (Packets{"00000000", "00000000"}));
  EXPECT_EQ(bench().phone().bus(), Bus::agent);
  bench().wait(milliseconds{100});
  EXPECT_EQ(bench().phone().bus(), Bus::off);
  bench().wait(milliseconds{300});
  EXPECT_EQ(bench().phone().bus(), Bus::agent);
  EXPECT_EQ(bench().phone().usb_id(), (UsbId{0x0e8d, 0x2001}));
  bench().open();
  bench().expect_in_step();
}

TEST_F(XflashDa1Test, the_usb_switch_takes_the_identity_the_host_names) {
  Model model = model_named("tiny-xflash");
  model.agent.high_speed = false;
  plug({}, model);
  bench().reach_da1();
  EXPECT_EQ(bench().control(0x04000b)[0], hex_compact(to_bytes("full-speed")));
  bench().tell({word(0x01000b), word(0x0e8d2002)});
  bench().wait(milliseconds{400});
  bench().open();
  EXPECT_EQ(bench().phone().usb_id(), (UsbId{0x0e8d, 0x2002}));
  EXPECT_EQ(bench().control(0x04000b)[0], hex_compact(to_bytes("high-speed")));
}

}  // namespace
}  // namespace mtk::sim
