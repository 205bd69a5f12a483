// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/testing.h"

#include <gtest/gtest.h>

namespace mtk::xflash {
namespace {

constexpr Region place{Area::user, 0x1000, 0x1000};
constexpr std::string_view in_progress_100 = "D> 04 00 04 40\n D> 64 00 00 00\n T> 00 00 00 00\n";
constexpr std::string_view in_progress_50 = "D> 04 00 04 40\n D> 32 00 00 00\n T> 00 00 00 00\n";
constexpr std::string_view complete = "D> 05 00 04 40\n";

std::string format() { return script({"T> 03 00 01 00\n", ok, range(emmc_user, "00 10 00", "00 10")}); }

TEST(XflashErase, acknowledges_every_report_and_ends_with_complete) {
  AgentBench bench{script({format(), ok, in_progress_50, in_progress_100, complete, question})};
  struct Percents final : Observer {
    void progress(const Progress& p) override { done.push_back(p.done); }
    std::vector<std::uint64_t> done;
  } observer;
  OpContext op{{}, observer};
  const auto erased = bench.agent.erase(place, "cache", op);
  ASSERT_TRUE(erased) << to_string(erased.error()) << bench.phone.state();
  EXPECT_EQ(observer.done.front(), 0x1000u / 100 * 50);
  EXPECT_EQ(observer.done.back(), 0x1000u);
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashErase, an_erase_may_take_minutes_without_a_word) {
  AgentBench bench{script({format(), ok, "wait 300000\n", in_progress_100, complete})};
  EXPECT_TRUE(bench.agent.erase(place, "x", bench.op));
}

TEST(XflashErase, an_agent_that_refuses_a_range_erases_all_the_same) {
  AgentBench bench{script({format(), "D> 0B 00 04 C0\n", in_progress_100, complete, question})};
  const auto erased = bench.agent.erase(place, "x", bench.op);
  ASSERT_FALSE(erased);
  EXPECT_EQ(erased.error().device_status->code, 0xc004000bu);
  EXPECT_EQ(erased.error().stage, Stage::erase);
  EXPECT_EQ(erased.error().during.front(), "FORMAT");
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashErase, refusals_of_the_2019_agent_end_with_a_second_status) {
  for (const auto& [first, second] :
       {std::pair{"D> 0B 00 04 C0\n", "D> 05 00 04 40\n"}, std::pair{"D> 06 00 03 C0\n", "D> 60 00 04 C0\n"},
        std::pair{"D> 09 00 04 C0\n", "D> 09 00 04 C0\n"},
        std::pair{"D> 0C 00 03 C0\n", "D> 07 00 03 C0\n"}}) {
    AgentBench bench{script({format(), first, second, question})};
    EXPECT_EQ(bench.agent.erase(place, "x", bench.op).error().code, Errc::device_status);
    EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
  }
}

TEST(XflashErase, agents_that_stop_after_a_refusal_are_believed_when_the_chip_says_so) {
  AgentBench bench{script({format(), "D> 0B 00 04 C0\n", question}), AgentTuning{},
                   XflashFacts{.refused_format_ends = true}};
  EXPECT_EQ(bench.agent.erase(place, "x", bench.op).error().device_status->code, 0xc004000bu);
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashErase, zero_is_no_success_of_an_erase) {
  AgentBench bench{script({format(), ok, ok})};
  EXPECT_EQ(bench.agent.erase(place, "x", bench.op).error().code, Errc::device_status);
}

TEST(XflashErase, a_protected_partition_wants_its_name) {
  AgentBench bench{script({format(), ok, "D> 0C 00 02 C0\n"})};
  EXPECT_TRUE(bench.agent.wants_name(bench.agent.erase(place, "x", bench.op).error()));
}

TEST(XflashErase, reports_without_end_lose_the_agent) {
  AgentBench bench{
      script({format(), ok, "repeat 10000\n D> 04 00 04 40\n D> 01 00 00 00\n H> 00 00 00 00\n end\n"})};
  EXPECT_EQ(bench.agent.erase(place, "x", bench.op).error().code, Errc::protocol);
  EXPECT_EQ(bench.agent.state(), AgentState::lost);
}

TEST(XflashErase, refuses_parts_of_blocks_and_stops_before_it_begins) {
  AgentBench bench{""};
  EXPECT_EQ(bench.agent.erase({Area::user, 0x1001, 0x1000}, "x", bench.op).error().code, Errc::out_of_range);
  EXPECT_EQ(bench.agent.erase({Area::user, 0x1000, 0x101}, "x", bench.op).error().code, Errc::out_of_range);
  EXPECT_EQ(bench.agent.erase({Area::user, 0x4000000, 512}, "x", bench.op).error().code, Errc::out_of_range);
  bench.stop.request_stop();
  EXPECT_EQ(bench.agent.erase(place, "x", bench.op).error().code, Errc::cancelled);
  EXPECT_EQ(bench.phone.fault(), "");
}

constexpr std::string_view format_partition = "T> 06 00 01 00\n D> 00 00 00 00\n T> 62 6F 6F 74 00*60\n";

TEST(XflashErasePartition, has_no_status_before_its_reports) {
  AgentBench bench{script({format_partition, in_progress_100, complete, question})};
  EXPECT_TRUE(bench.agent.erase_partition("boot", bench.op));
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashErasePartition, nothing_to_erase_is_a_success) {
  AgentBench bench{script({format_partition, ok, question})};
  EXPECT_TRUE(bench.agent.erase_partition("boot", bench.op));
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashErasePartition, refusals_are_one_status) {
  for (const std::string_view refusal : {"D> 06 00 04 C0\n", "D> 04 00 02 C0\n"}) {
    AgentBench bench{script({format_partition, refusal, question})};
    const auto erased = bench.agent.erase_partition("boot", bench.op);
    ASSERT_FALSE(erased);
    EXPECT_EQ(erased.error().code, Errc::device_status);
    EXPECT_EQ(erased.error().during.front(), "FORMAT_PARTITION");
    EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
  }
}

}  // namespace
}  // namespace mtk::xflash
