// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/testing.h"

#include <gtest/gtest.h>

namespace mtk::xflash {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view read_data = "T> 05 00 01 00\n D> 00 00 00 00\n";
constexpr std::string_view acknowledged = "T> 00 00 00 00\n";

std::string read_accepted() { return script({read_data, range(emmc_user, "00 10 00", "08 00"), ok}); }

struct FailingSink final : Sink {
  Result<> write(ByteView) override { return fail(Errc::io, "disk full"); }
};

TEST(XflashRead, a_status_stands_before_every_packet_and_at_the_end) {
  AgentBench bench{script({read_accepted(), ok, "D> 01 02 03 04\n", acknowledged, ok, "D> 05 06 07 08\n",
                           acknowledged, ok, question})};
  BytesSink sink;
  const auto read = bench.agent.read(small_region, sink, "boot", bench.op);
  ASSERT_TRUE(read) << to_string(read.error()) << bench.phone.state();
  EXPECT_EQ(sink.bytes, to_bytes({1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashRead, acknowledges_in_one_transfer_where_the_chip_wants_it) {
  AgentBench bench{script({read_accepted(), ok, "D> 01*8\n J> 00 00 00 00\n", ok}), AgentTuning{},
                   XflashFacts{.joined_acks = true}};
  BytesSink sink;
  EXPECT_TRUE(bench.agent.read(small_region, sink, "x", bench.op)) << bench.phone.state();
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XflashRead, four_bytes_of_data_are_not_taken_for_a_status) {
  AgentBench bench{script(
      {read_data, range(emmc_user, "00 10 00", "04 00"), ok, ok, "D> 03 00 03 C0\n", acknowledged, ok})};
  BytesSink sink;
  ASSERT_TRUE(bench.agent.read({Area::user, 0x1000, 4}, sink, "x", bench.op));
  EXPECT_EQ(sink.bytes, to_bytes({3, 0, 3, 0xc0}));
}

TEST(XflashRead, the_range_is_refused_with_one_status) {
  AgentBench bench{script({read_data, range(emmc_user, "00 10 00", "08 00"), "D> 0C 00 03 C0\n", question})};
  BytesSink sink;
  const auto read = bench.agent.read(small_region, sink, "x", bench.op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::device_status);
  EXPECT_EQ(read.error().device_status->code, 0xc003000cu);
  EXPECT_EQ(read.error().stage, Stage::da2);
  EXPECT_EQ(read.error().during.front(), "READ_DATA");
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashRead, storage_that_fails_midway_may_be_reported_once_or_twice) {
  for (const std::string_view second : {"D> 30 00 04 C0\n", "wait 1000\n"}) {
    AgentBench bench{script(
        {read_accepted(), ok, "D> 01 02 03 04\n", acknowledged, "D> 30 00 04 C0\n", second, question})};
    BytesSink sink;
    const auto read = bench.agent.read(small_region, sink, "x", bench.op);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().device_status->code, 0xc0040030u);
    EXPECT_EQ(bench.agent.state(), AgentState::answering);
    EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
  }
}

TEST(XflashRead, the_final_status_decides) {
  AgentBench bench{script({read_accepted(), ok, "D> 01*8\n", acknowledged, "D> 30 00 04 C0\n", question})};
  BytesSink sink;
  EXPECT_EQ(bench.agent.read(small_region, sink, "x", bench.op).error().device_status->code, 0xc0040030u);
  EXPECT_TRUE(bench.still_answers());
}

TEST(XflashRead, a_stop_is_told_by_the_acknowledgement) {
  struct Stopping final : Observer {
    explicit Stopping(std::stop_source& source) : source_(source) {}
    void progress(const Progress&) override { source_.request_stop(); }
    std::stop_source& source_;
  };
  AgentBench bench{
      script({read_accepted(), ok, "D> 01 02 03\n", acknowledged, ok, "D> 04\n", stopped, question})};
  Stopping observer{bench.stop};
  OpContext op{bench.stop.get_token(), observer};
  BytesSink sink;
  const auto read = bench.agent.read(small_region, sink, "x", op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::cancelled);
  EXPECT_EQ(sink.bytes, to_bytes({1, 2, 3}));
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashRead, a_stop_before_the_start_asks_the_phone_nothing) {
  AgentBench bench{""};
  bench.stop.request_stop();
  BytesSink sink;
  EXPECT_EQ(bench.agent.read(small_region, sink, "x", bench.op).error().code, Errc::cancelled);
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(XflashRead, a_full_disk_ends_the_read_with_the_next_packet) {
  AgentBench bench{
      script({read_accepted(), ok, "D> 01 02 03 04\n", acknowledged, ok, "D> 05 06\n", stopped, question})};
  FailingSink sink;
  EXPECT_EQ(bench.agent.read(small_region, sink, "x", bench.op).error().code, Errc::io);
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashRead, a_disk_full_at_the_last_packet_takes_the_final_status_too) {
  AgentBench bench{script({read_accepted(), ok, "D> 01*8\n", acknowledged, ok, question})};
  FailingSink sink;
  EXPECT_EQ(bench.agent.read(small_region, sink, "x", bench.op).error().code, Errc::io);
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashRead, more_data_than_was_asked_for_is_out_of_step) {
  for (const std::string_view data : {"D> 01*9\n", "D>\n"}) {
    AgentBench bench{script({read_accepted(), ok, data})};
    BytesSink sink;
    EXPECT_EQ(bench.agent.read(small_region, sink, "x", bench.op).error().code, Errc::protocol);
    EXPECT_EQ(bench.agent.state(), AgentState::lost);
    EXPECT_EQ(bench.agent.read(small_region, sink, "x", bench.op).error().code, Errc::disconnected);
  }
}

TEST(XflashRead, names_sections_as_the_storage_counts_them) {
  const auto reads = [](std::string_view storage_and_section, Area area, AgentFacts facts) {
    AgentBench bench{script({read_data, range(storage_and_section, "00 00 00", "04 00"), ok, ok, "D> 01*4\n",
                             acknowledged, ok}),
                     std::move(facts)};
    BytesSink sink;
    return bench.agent.read({area, 0, 4}, sink, "x", bench.op).has_value() && bench.phone.finished();
  };
  EXPECT_TRUE(reads("01 00 00 00 01 00 00 00", Area::boot1, AgentBench::emmc_facts()));
  EXPECT_TRUE(reads("01 00 00 00 03 00 00 00", Area::rpmb, AgentBench::emmc_facts()));
  EXPECT_TRUE(reads("30 00 00 00 01 00 00 00", Area::lu0, AgentBench::ufs_facts()));
  EXPECT_TRUE(reads("30 00 00 00 02 00 00 00", Area::lu1, AgentBench::ufs_facts()));
  EXPECT_TRUE(reads("30 00 00 00 03 00 00 00", Area::lu2, AgentBench::ufs_facts()));
}

TEST(XflashRead, refuses_what_the_phone_does_not_have_before_it_asks) {
  AgentBench bench{""};
  BytesSink sink;
  const auto code_for = [&](const Region& region) {
    return bench.agent.read(region, sink, "x", bench.op).error().code;
  };
  EXPECT_EQ(code_for({Area::lu2, 0, 8}), Errc::out_of_range);
  EXPECT_EQ(code_for({Area::gp1, 0, 8}), Errc::out_of_range);
  EXPECT_EQ(code_for({Area::user, 0x4000000, 1}), Errc::out_of_range);
  EXPECT_EQ(code_for({Area::user, 0, 0}), Errc::out_of_range);
  AgentFacts nor;
  nor.storage = StorageKind::nor;
  nor.areas = {{Area::nor, 0x10000}};
  nor.packet_size = 512;
  AgentBench other{"", nor};
  EXPECT_EQ(other.agent.read({Area::nor, 0, 8}, sink, "x", other.op).error().code, Errc::unsupported);
  EXPECT_EQ(bench.phone.fault(), "");
}

/// A raw NAND of 64 KiB; `type` as GET_NAND_INFO calls it.
struct NandBench : ScriptBench {
  NandBench(std::uint32_t type, std::string_view conversation, const XflashFacts& chip = {})
      : ScriptBench(framed(conversation)), agent(AgentLink{link, chip}, facts(), {}, type) {}
  static AgentFacts facts() {
    AgentFacts facts;
    facts.storage = StorageKind::nand;
    facts.areas = {{Area::nand, 0x10000}};
    facts.packet_size = 512;
    facts.writes_by_name = true;
    return facts;
  }
  XflashAgent agent;
};

TEST(XflashNand, is_read_in_pages_without_their_spare_bytes) {
  struct Case {
    std::uint32_t type;
    XflashFacts chip;
    std::string_view storage_and_section;
    std::string_view cells_and_operation;
  };
  const std::array<Case, 3> cases{
      {{0x11, {}, "11 00 00 00 00 00 00 00", "00*16 01 00*15"},
       {0x12, {}, "12 00 00 00 00 00 00 00", "01 00*15 01 00*15"},
       {0x16, {.nand_section = 8, .nand_operation = 3}, "16 00 00 00 08 00 00 00", "01 00*15 03 00*15"}}};
  for (const Case& one : cases) {
    const std::string where =
        script({"H> ", one.storage_and_section, " 00 02 00*6 04 00*7 ", one.cells_and_operation, "\n"});
    NandBench bench{one.type, script({read_data, where, ok, ok, "D> 01*4\n", acknowledged, ok}), one.chip};
    BytesSink sink;
    EXPECT_TRUE(bench.agent.read({Area::nand, 0x200, 4}, sink, "x", bench.op)) << bench.phone.state();
    EXPECT_EQ(sink.bytes, to_bytes({1, 1, 1, 1}));
    EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
  }
}

TEST(XflashNand, is_changed_by_name_only) {
  NandBench bench{0x11, ""};
  BytesSource source{Bytes(512)};
  EXPECT_EQ(bench.agent.write({Area::nand, 0, 512}, source, "x", bench.op).error().code, Errc::unsupported);
  EXPECT_EQ(bench.agent.erase({Area::nand, 0, 512}, "x", bench.op).error().code, Errc::unsupported);
  EXPECT_EQ(bench.phone.fault(), "");
}

constexpr std::string_view upload = "T> 02 00 01 00\n D> 00 00 00 00\n T> 6E 76 72 61 6D 00*59\n";

TEST(XflashUpload, takes_as_much_as_the_agent_announces) {
  AgentBench bench{script({upload, ok, "D> 03 00*7\n", ok, "D> 01 02 03\n", acknowledged, ok, question})};
  BytesSink sink;
  const auto read = bench.agent.read_partition("nvram", sink, bench.op);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(sink.bytes, to_bytes({1, 2, 3}));
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashUpload, silence_means_that_there_is_no_such_partition) {
  AgentBench bench{script({upload, "wait 5000\n", question})};
  BytesSink sink;
  const auto read = bench.agent.read_partition("nvram", sink, bench.op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::out_of_range);
  EXPECT_EQ(read.error().during.front(), "UPLOAD");
  EXPECT_EQ(bench.clock.now().time_since_epoch(), 5s);
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashUpload, a_partition_larger_than_the_storage_is_not_believed) {
  AgentBench bench{script({upload, ok, "D> 00 00 00 00 00 01 00 00\n", ok, "D> 01*8\n", stopped, question})};
  BytesSink sink;
  EXPECT_EQ(bench.agent.read_partition("nvram", sink, bench.op).error().code, Errc::protocol);
  EXPECT_TRUE(sink.bytes.empty());
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashUpload, refuses_names_that_no_agent_could_know) {
  AgentBench bench{""};
  BytesSink sink;
  for (const std::string& name : {std::string{}, std::string(64, 'a'), std::string{"a\nb"}}) {
    EXPECT_EQ(bench.agent.read_partition(name, sink, bench.op).error().code, Errc::out_of_range);
  }
  EXPECT_EQ(bench.phone.fault(), "");
}

}  // namespace
}  // namespace mtk::xflash
