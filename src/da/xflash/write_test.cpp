// SPDX-License-Identifier: Apache-2.0
#include "da/byte_sum.h"
#include "da/xflash/testing.h"

#include <gtest/gtest.h>

namespace mtk::xflash {
namespace {

constexpr std::string_view write_data = "T> 04 00 01 00\n D> 00 00 00 00\n";
constexpr std::string_view first_packet = "T> 00 00 00 00\n T> 0A 00 00 00\n T> 01 02 03 04\n";
constexpr std::string_view second_packet = "T> 00 00 00 00\n T> 1A 00 00 00\n T> 05 06 07 08\n";
constexpr std::string_view wrong_sum = "D> 03 00 04 C0\n D> 03 00 04 C0\n";
constexpr AgentTuning fours{.write_packet = 4};

std::string write_accepted() { return script({write_data, range(emmc_user, "00 10 00", "08 00"), ok}); }
BytesSource eight_bytes() { return BytesSource{to_bytes({1, 2, 3, 4, 5, 6, 7, 8})}; }

TEST(XflashWrite, sends_go_on_sum_and_data_and_takes_one_status_for_them) {
  AgentBench bench{script({write_accepted(), first_packet, ok, second_packet, ok, ok, question}), fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write(small_region, source, "boot", bench.op);
  ASSERT_TRUE(written) << to_string(written.error()) << bench.phone.state();
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashWrite, only_the_final_status_says_that_all_is_stored) {
  AgentBench bench{
      script({write_accepted(), first_packet, ok, second_packet, ok, "D> 30 00 04 C0\n", question}), fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write(small_region, source, "boot", bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().device_status->code, 0xc0040030u);
  EXPECT_EQ(written.error().stage, Stage::write);
  EXPECT_EQ(written.error().during.front(), "WRITE_DATA");
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashWrite, sums_are_cut_to_16_bits_and_odd_packets_add_ff) {
  // 0x123 bytes of sum 0x8fe8
  Bytes odd(0x123, std::byte{0x7e});
  odd[0] = std::byte{0xae};
  odd.back() = std::byte{0xfc};
  ASSERT_EQ(byte_sum(odd), 0x8fe8u);
  const auto writes = [&](std::string_view sum, const XflashFacts& chip) {
    AgentBench bench{script({write_data, range(emmc_user, "00 10 00", "23 01"), ok, "T> 00 00 00 00\n T> ",
                             sum, "\n T> AE 7E*289 FC\n", ok, ok}),
                     AgentTuning{}, chip};
    BytesSource source{odd};
    return bench.agent.write({Area::user, 0x1000, 0x123}, source, "x", bench.op).has_value();
  };
  EXPECT_TRUE(writes("E7 90 00 00", {}));
  EXPECT_TRUE(writes("E8 8F 00 00", {.odd_checksum_adds_ff = false}));
}

TEST(XflashWrite, sums_of_newer_builds_may_keep_32_bits) {
  const auto writes = [](std::string_view sum, const XflashFacts& chip) {
    AgentBench bench{script({write_data, range(emmc_user, "00 10 00", "00 04"), ok, "T> 00 00 00 00\n T> ",
                             sum, "\n T> FF*1024\n", ok, ok}),
                     AgentTuning{}, chip};
    BytesSource source{Bytes(1024, std::byte{0xff})};
    return bench.agent.write({Area::user, 0x1000, 1024}, source, "x", bench.op).has_value();
  };
  EXPECT_TRUE(writes("00 FC 00 00", {}));
  EXPECT_TRUE(writes("00 FC 03 00", {.checksum_bits = 32}));
}

TEST(XflashWrite, sends_everything_again_after_a_damaged_packet) {
  AgentBench bench{script({write_accepted(), first_packet, ok, second_packet, wrong_sum, write_accepted(),
                           first_packet, ok, second_packet, ok, ok, question}),
                   fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write(small_region, source, "boot", bench.op);
  ASSERT_TRUE(written) << to_string(written.error()) << bench.phone.state();
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashWrite, gives_up_after_three_repeats_with_the_agent_still_answering) {
  const std::string damaged = script({write_accepted(), first_packet, wrong_sum});
  AgentBench bench{script({damaged, damaged, damaged, damaged, question}), fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write(small_region, source, "boot", bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().device_status->code, 0xc0040003u);
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashWrite, another_refusal_of_a_packet_is_not_repeated) {
  AgentBench bench{script({write_accepted(), first_packet, "D> 30 00 04 C0\n D> 30 00 04 C0\n", question}),
                   fours};
  auto source = eight_bytes();
  EXPECT_EQ(bench.agent.write(small_region, source, "boot", bench.op).error().device_status->code,
            0xc0040030u);
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashWrite, a_protected_partition_wants_its_name) {
  AgentBench bench{script({write_data, range(emmc_user, "00 10 00", "08 00"), "D> 0C 00 02 C0\n", question}),
                   fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write(small_region, source, "boot", bench.op);
  ASSERT_FALSE(written);
  EXPECT_TRUE(bench.agent.wants_name(written.error()));
  EXPECT_FALSE(bench.agent.wants_name({.code = Errc::timeout, .what = ""}));
  EXPECT_FALSE(bench.agent.wants_name(AgentLink::status_error(0xc0020004)));
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashWrite, a_stop_takes_the_place_of_the_next_go_on) {
  AgentBench bench{script({write_accepted(), first_packet, ok, stopped, question}), fours};
  struct Stopping final : Observer {
    void progress(const Progress&) override { source->request_stop(); }
    std::stop_source* source = nullptr;
  } observer;
  observer.source = &bench.stop;
  OpContext op{bench.stop.get_token(), observer};
  auto source = eight_bytes();
  const auto written = bench.agent.write(small_region, source, "boot", op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::cancelled);
  EXPECT_EQ(bench.agent.state(), AgentState::answering);
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashWrite, a_disk_error_stops_the_agent_too) {
  AgentBench bench{script({write_accepted(), first_packet, ok, stopped, question}), fours};
  auto source = eight_bytes();
  source.fail_at(5);
  EXPECT_EQ(bench.agent.write(small_region, source, "boot", bench.op).error().code, Errc::io);
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashWrite, asks_the_phone_nothing_when_the_first_packet_cannot_be_read) {
  AgentBench bench{"", fours};
  auto source = eight_bytes();
  source.fail_at(0);
  EXPECT_EQ(bench.agent.write(small_region, source, "boot", bench.op).error().code, Errc::io);
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(XflashWrite, no_packet_is_larger_than_the_agent_takes) {
  AgentFacts facts = AgentBench::emmc_facts();
  facts.packet_size = 4;
  AgentBench bench{script({write_accepted(), first_packet, ok, second_packet, ok, ok}), facts};
  auto source = eight_bytes();
  EXPECT_TRUE(bench.agent.write(small_region, source, "boot", bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XflashWrite, refuses_what_the_phone_cannot_take_before_it_asks) {
  AgentBench bench{"", fours};
  auto source = eight_bytes();
  EXPECT_EQ(bench.agent.write({Area::user, 0x1001, 8}, source, "x", bench.op).error().code,
            Errc::out_of_range);
  EXPECT_EQ(bench.agent.write({Area::user, 0x1000, 9}, source, "x", bench.op).error().code, Errc::usage);
  EXPECT_EQ(bench.agent.write({Area::boot2, 0, 8}, source, "x", bench.op).error().code, Errc::out_of_range);
  AgentBench ufs{"", AgentBench::ufs_facts()};
  EXPECT_EQ(ufs.agent.write({Area::lu2, 512, 8}, source, "x", ufs.op).error().code, Errc::out_of_range);
  EXPECT_EQ(bench.phone.fault(), "");
  EXPECT_EQ(ufs.phone.fault(), "");
}

TEST(XflashWrite, a_phone_that_vanishes_is_lost) {
  AgentBench bench{script({write_accepted(), first_packet, "gone\n"}), fours};
  auto source = eight_bytes();
  EXPECT_EQ(bench.agent.write(small_region, source, "boot", bench.op).error().code, Errc::disconnected);
  EXPECT_EQ(bench.agent.state(), AgentState::lost);
}

TEST(XflashWrite, announces_its_downloads_once_where_agents_want_that) {
  AgentBench bench{script({control_of("01 00 08 00"),
                           ok,
                           write_accepted(),
                           first_packet,
                           ok,
                           second_packet,
                           ok,
                           ok,
                           write_accepted(),
                           first_packet,
                           ok,
                           second_packet,
                           ok,
                           ok,
                           control_of("02 00 08 00"),
                           ok,
                           "H> 07 00 01 00\n",
                           ok,
                           "H> 01 00*23\n",
                           ok,
                           "gone\n"}),
                   fours, XflashFacts{.announces_downloads = true}};
  for (int i = 0; i < 2; ++i) {
    auto source = eight_bytes();
    ASSERT_TRUE(bench.agent.write(small_region, source, "boot", bench.op)) << bench.phone.state();
  }
  EXPECT_TRUE(bench.agent.finish(BootMode::normal, bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

constexpr std::string_view download = "T> 01 00 01 00\n D> 00 00 00 00\n T> 62 6F 6F 74 00*60\n T> 08 00*7\n";

TEST(XflashDownload, sends_name_and_length_and_then_packets_as_any_write) {
  AgentBench bench{script({download, ok, first_packet, ok, second_packet, ok, ok, question}), fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write_partition("boot", source, bench.op);
  ASSERT_TRUE(written) << to_string(written.error()) << bench.phone.state();
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashDownload, an_unknown_name_is_refused_before_the_data) {
  AgentBench bench{script({download, "D> 06 00 04 C0\n", question}), fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write_partition("boot", source, bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().device_status->code, 0xc0040006u);
  EXPECT_EQ(written.error().during.front(), "DOWNLOAD");
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashDownload, an_image_too_large_or_cut_short_is_known_at_the_end_only) {
  for (const std::string_view end : {"D> 04 00 04 C0\n", "D> 01 00 04 40\n"}) {
    AgentBench bench{script({download, ok, first_packet, ok, second_packet, ok, end, question}), fours};
    auto source = eight_bytes();
    EXPECT_EQ(bench.agent.write_partition("boot", source, bench.op).error().code, Errc::device_status);
    EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
  }
}

TEST(XflashDownload, refuses_empty_images_and_impossible_names) {
  AgentBench bench{"", fours};
  BytesSource empty{{}};
  EXPECT_EQ(bench.agent.write_partition("boot", empty, bench.op).error().code, Errc::usage);
  auto source = eight_bytes();
  EXPECT_EQ(bench.agent.write_partition(std::string(64, 'x'), source, bench.op).error().code,
            Errc::out_of_range);
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(XflashSignature, goes_as_one_parameter) {
  AgentBench bench{script({control_of("0C 00 02 00"), "T> 01 02 03\n", ok, control_of("0C 00 02 00"),
                           "T> 01 02 03\n D> 42 00 02 C0\n"})};
  EXPECT_TRUE(bench.agent.set_signature(to_bytes({1, 2, 3}), bench.op));
  EXPECT_EQ(bench.agent.set_signature(to_bytes({1, 2, 3}), bench.op).error().device_status->code,
            0xc0020042u);
  EXPECT_EQ(bench.agent.set_signature({}, bench.op).error().code, Errc::bad_image);
}

}  // namespace
}  // namespace mtk::xflash
