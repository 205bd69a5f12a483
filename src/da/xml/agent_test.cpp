// SPDX-License-Identifier: Apache-2.0
// Reading, writing and erasing by place and by name, and how the agent is left.
#include "da/xml/testing.h"

#include <gtest/gtest.h>

namespace mtk::xml {
namespace {

const std::string read_8 =
    command("READ-FLASH",
            "<partition>UFS-LUA2</partition><offset>0x1000</offset><length>0x8</length>"
            "<target_file>MEM://0x2000:0x8</target_file>");
const std::string deliver_8 =
    delivers("MEM://0x2000:0x8") + ok() + agent_says("OK@0x0000000000000008") + ok();
std::string packet(std::string_view bytes) {
  return agent_says("OK@0x0") + ok() + fmt::format("D> {}\n", bytes);
}

TEST(XmlAgent, reads_a_region_and_counts_bytes) {
  AgentBench bench{read_8 + deliver_8 + packet("01 02 03 04") + ok() + packet("05 06 07 08") + ok() + end()};
  Amounts amounts;
  OpContext op{bench.stop.get_token(), amounts};
  BytesSink sink;
  const auto read = bench.agent.read({Area::lu2, 0x1000, 8}, sink, "boot", op);
  ASSERT_TRUE(read) << to_string(read.error()) << bench.phone.state();
  EXPECT_EQ(sink.bytes, to_bytes({1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(amounts.done, (std::vector<std::uint64_t>{4, 8}));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlAgent, an_agent_that_sends_another_length_is_not_believed) {
  AgentBench bench{read_8 + delivers("MEM://0x2000:0x8") + ok() + agent_says("OK@0x9") + host_says("ERR") +
                   end("ERR")};
  BytesSink sink;
  const auto read = bench.agent.read({Area::lu2, 0x1000, 8}, sink, "boot", bench.op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::protocol);
  EXPECT_EQ(bench.agent.state(), AgentState::answering);
}

TEST(XmlAgent, an_agent_that_sends_nothing_has_not_read) {
  AgentBench bench{read_8 + end()};
  BytesSink sink;
  const auto read = bench.agent.read({Area::lu2, 0x1000, 8}, sink, "boot", bench.op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::protocol);
  EXPECT_EQ(read.error().during.back(), "READ-FLASH");
}

/// Requests the stop after the first packet.
class StoppingSink final : public Sink {
 public:
  explicit StoppingSink(std::stop_source& stop) : stop_(stop) {}
  Result<> write(ByteView data) override {
    taken += data.size();
    stop_.request_stop();
    return {};
  }
  std::size_t taken = 0;

 private:
  std::stop_source& stop_;
};

TEST(XmlAgent, a_stop_between_packets_leaves_the_agent_answering) {
  AgentBench bench{read_8 + deliver_8 + packet("01 02 03 04") + host_says("ERR!CANCEL") + end("ERR")};
  StoppingSink sink{bench.stop};
  const auto read = bench.agent.read({Area::lu2, 0x1000, 8}, sink, "boot", bench.op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::cancelled);
  EXPECT_EQ(read.error().stage, Stage::da2);
  EXPECT_EQ(read.error().during, (std::vector<std::string>{"READ-FLASH"}));
  EXPECT_EQ(sink.taken, 4u);
  EXPECT_EQ(bench.agent.state(), AgentState::answering);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

const std::string write_5 = command("WRITE-FLASH",
                                    "<partition>UFS-LUA2</partition><offset>0x1000</offset>"
                                    "<source_file>MEM://0x3000:0x5</source_file>");
const std::string size_of_5 = asks_about("FILE-SIZE", "MEM://0x3000:0x5") + ok() + host_says("OK@0x5");
const std::string send_5 = fetches("MEM://0x3000:0x5") + ok() + host_says("OK@0x5") + agent_says("OK") +
                           host_says("OK@0x0") + agent_says("OK") + "T> 01 02 03 04 05\n";
const Bytes five = to_bytes({1, 2, 3, 4, 5});

TEST(XmlAgent, writes_with_and_without_an_erase_first) {
  for (const std::string& erase : {progress(), std::string{}}) {
    AgentBench bench{write_5 + size_of_5 + erase + send_5 + agent_says("OK@0x0") + end()};
    BytesSource source{five};
    const auto written = bench.agent.write({Area::lu2, 0x1000, 5}, source, "boot", bench.op);
    ASSERT_TRUE(written) << to_string(written.error()) << bench.phone.state();
    EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
  }
}

TEST(XmlAgent, a_storage_error_shows_in_the_end_only) {
  AgentBench bench{write_5 + size_of_5 + progress() + send_5 + agent_says("OK@0x0") +
                   end("ERR", "write failed")};
  BytesSource source{five};
  const auto written = bench.agent.write({Area::lu2, 0x1000, 5}, source, "boot", bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::device_status);
  EXPECT_EQ(written.error().stage, Stage::write);
  EXPECT_EQ(written.error().device_status->text, "write failed");
  EXPECT_EQ(written.error().during.back(), "WRITE-FLASH");
}

TEST(XmlAgent, an_agent_that_fetched_nothing_has_not_written) {
  AgentBench bench{write_5 + size_of_5 + end()};
  BytesSource source{five};
  EXPECT_EQ(bench.agent.write({Area::lu2, 0x1000, 5}, source, "boot", bench.op).error().code, Errc::protocol);
}

/// Requests the stop when the agent logs something.
class StoppingLog final : public Observer {
 public:
  explicit StoppingLog(std::stop_source& stop) : stop_(stop) {}
  void write(LogLevel, std::string_view) override { stop_.request_stop(); }

 private:
  std::stop_source& stop_;
};

TEST(XmlAgent, a_stop_during_the_erase_ends_the_write_before_its_first_packet) {
  AgentBench bench{write_5 + size_of_5 + progress_begins() +
                   "D> raw EF EE EE FE 02 00 00 00 05 00 00 00 01 00 00 00 `a`\n" +
                   agent_says("OK!PROGRESS@50@x") + host_says("ERR!CANCEL") + agent_says("OK!EOT") + ok() +
                   fetches("MEM://0x3000:0x5") + host_says("ERR!CANCEL") + end("ERR")};
  StoppingLog log{bench.stop};
  OpContext op{bench.stop.get_token(), log};
  BytesSource source{five};
  const auto written = bench.agent.write({Area::lu2, 0x1000, 5}, source, "boot", op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::cancelled);
  EXPECT_EQ(bench.agent.state(), AgentState::answering);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlAgent, places_that_do_not_exist_are_refused_before_anything_is_sent) {
  AgentBench bench{""};
  BytesSource source{five};
  BytesSink sink;
  for (const Region& region : std::initializer_list<Region>{{Area::user, 0, 5},
                                                            {Area::lu3, 0, 5},
                                                            {Area::lu2, 0x4000000, 5},
                                                            {Area::lu2, 0x3ffffff, 5},
                                                            {Area::lu2, ~std::uint64_t{0}, 5},
                                                            {Area::lu2, 0, 0}}) {
    EXPECT_EQ(bench.agent.read(region, sink, "x", bench.op).error().code, Errc::out_of_range);
    EXPECT_EQ(bench.agent.write(region, source, "x", bench.op).error().code, Errc::out_of_range);
    EXPECT_EQ(bench.agent.erase(region, "x", bench.op).error().code, Errc::out_of_range);
  }
  EXPECT_EQ(bench.agent.write({Area::lu2, 0, 6}, source, "x", bench.op).error().code, Errc::usage);
}

/// The agent rounds start and length of an erase down to blocks, also of the erase before a write.
TEST(XmlAgent, what_an_erase_would_round_is_refused) {
  AgentBench bench{""};
  BytesSource source{five};
  EXPECT_EQ(bench.agent.write({Area::lu2, 0x200, 5}, source, "x", bench.op).error().code, Errc::out_of_range);
  EXPECT_EQ(bench.agent.erase({Area::lu2, 0x200, 0x1000}, "x", bench.op).error().code, Errc::out_of_range);
  const auto erased = bench.agent.erase({Area::lu2, 0x1000, 0x800}, "x", bench.op);
  ASSERT_FALSE(erased);
  EXPECT_EQ(erased.error().code, Errc::out_of_range);
  EXPECT_EQ(erased.error().stage, Stage::erase);
  EXPECT_EQ(erased.error().during.back(), "ERASE-FLASH");
}

TEST(XmlAgent, names_the_areas_of_both_kinds_of_storage) {
  EXPECT_EQ(area_name(Area::user, StorageKind::emmc), "EMMC-USER");
  EXPECT_EQ(area_name(Area::boot2, StorageKind::emmc), "EMMC-BOOT2");
  EXPECT_EQ(area_name(Area::lu0, StorageKind::ufs), "UFS-LUA0");
  EXPECT_EQ(area_name(Area::nand, StorageKind::nand), "NAND-WHOLE");
  EXPECT_EQ(area_name(Area::user, StorageKind::ufs), std::nullopt);
  EXPECT_EQ(area_name(Area::lu7, StorageKind::ufs), std::nullopt);
}

TEST(XmlAgent, erases_a_region_and_counts_what_is_reported) {
  AgentBench bench{command("ERASE-FLASH",
                           "<partition>EMMC-USER</partition><offset>0x200</offset><length>0x2800</length>") +
                       progress_begins() + agent_says("OK!PROGRESS@50@x") + ok() + agent_says("OK!EOT") +
                       ok() + end(),
                   AgentBench::emmc()};
  Amounts amounts;
  OpContext op{bench.stop.get_token(), amounts};
  EXPECT_TRUE(bench.agent.erase({Area::user, 0x200, 0x2800}, "cache", op));
  EXPECT_EQ(amounts.done, (std::vector<std::uint64_t>{0x1400}));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

const std::string write_boot =
    command("WRITE-PARTITION", "<partition>boot_a</partition><source_file>image.img</source_file>") +
    progress();
const std::string no_signature = asks_about("EXISTS", "image.sig") + ok() + host_says("OK@NOT-EXISTS");
const std::string not_verified =
    asks_about("EXISTS", "image-verified.img") + ok() + host_says("OK@NOT-EXISTS");
std::string send_by_name(std::string_view file, std::string_view answer = "OK@0x0") {
  return fetches(file) + ok() + host_says("OK@0x5") + agent_says("OK") + host_says("OK@0x0") +
         agent_says("OK") + "T> 01 02 03 04 05\n" + agent_says(answer);
}

TEST(XmlAgent, writes_a_partition_and_offers_no_neighbours) {
  for (const std::string& further :
       {std::string{}, asks_about("EXISTS", "image.img") + ok() + host_says("OK@EXISTS")}) {
    AgentBench bench{write_boot + no_signature + not_verified + further + send_by_name("image.img") + end()};
    BytesSource source{five};
    const auto written = bench.agent.write_partition("boot_a", source, bench.op);
    ASSERT_TRUE(written) << to_string(written.error()) << bench.phone.state();
    EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
  }
}

TEST(XmlAgent, writes_a_partition_from_a_name_without_an_ending) {
  AgentBench bench{
      command("WRITE-PARTITION", "<partition>boot_a</partition><source_file>MEM://0x3000:0x5</source_file>") +
          progress() + asks_about("EXISTS", "MEM://0x3000:0x5") + ok() + host_says("OK@EXISTS") +
          send_by_name("MEM://0x3000:0x5") + end(),
      AgentBench::ufs(),
      {.partition_file = XmlPartitionFile::memory}};
  BytesSource source{five};
  EXPECT_TRUE(bench.agent.write_partition("boot_a", source, bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
  EXPECT_EQ(bench.agent.write_partition("boot_a", source, source, bench.op).error().code, Errc::unsupported);
}

TEST(XmlAgent, gives_the_signature_that_was_chosen) {
  AgentBench bench{write_boot + asks_about("EXISTS", "image.sig") + ok() + host_says("OK@EXISTS") +
                   fetches("image.sig") + ok() + host_says("OK@0x2") + agent_says("OK") +
                   host_says("OK@0x0") + agent_says("OK") + "T> AA BB\n" + agent_says("OK") + not_verified +
                   send_by_name("image.img") + end()};
  BytesSource source{five};
  BytesSource signature{to_bytes({0xaa, 0xbb})};
  EXPECT_TRUE(bench.agent.write_partition("boot_a", source, signature, bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlAgent, a_partition_the_agent_skipped_is_not_written) {
  AgentBench bench{write_boot + no_signature + not_verified + end()};
  BytesSource source{five};
  const auto written = bench.agent.write_partition("boot_a", source, bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::protocol);
  EXPECT_EQ(written.error().stage, Stage::write);
}

/// The agent erases first and asks later.
TEST(XmlAgent, an_image_that_cannot_be_read_costs_no_partition) {
  AgentBench bench{""};
  BytesSource source{five};
  source.fail_at(0);
  EXPECT_EQ(bench.agent.write_partition("boot_a", source, bench.op).error().code, Errc::io);
  BytesSource empty{{}};
  EXPECT_EQ(bench.agent.write_partition("boot_a", empty, bench.op).error().code, Errc::bad_image);
}

TEST(XmlAgent, reads_and_erases_partitions_by_name) {
  AgentBench bench{
      command("READ-PARTITION", "<partition>lk</partition><target_file>MEM://0x2000:MAX</target_file>") +
      delivers("MEM://0x2000:MAX") + ok() + agent_says("OK@0x2") + ok() + packet("07 08") + ok() + end() +
      command("ERASE-PARTITION", "<partition>cache</partition>") + progress() + end() +
      command("ERASE-PARTITION", "<partition>moon</partition>") + end("ERR", "cannot find [moon]")};
  BytesSink sink;
  EXPECT_TRUE(bench.agent.read_partition("lk", sink, bench.op)) << bench.phone.state();
  EXPECT_EQ(sink.bytes, to_bytes({7, 8}));
  EXPECT_TRUE(bench.agent.erase_partition("cache", bench.op));
  const auto unknown = bench.agent.erase_partition("moon", bench.op);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().stage, Stage::erase);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlAgent, a_secured_area_wants_the_partitions_name) {
  AgentBench bench{write_5 + end("ERR", "Security deny for [UFS-LUA2].")};
  BytesSource source{five};
  const auto denied = bench.agent.write({Area::lu2, 0x1000, 5}, source, "lk", bench.op);
  ASSERT_FALSE(denied);
  EXPECT_TRUE(bench.agent.wants_name(denied.error()));
  EXPECT_FALSE(bench.agent.wants_name({.code = Errc::device_status, .what = "Security deny"}));
  EXPECT_FALSE(bench.agent.wants_name(
      {.code = Errc::device_status,
       .what = "x",
       .device_status = DeviceStatus{.kind = StatusKind::xml_text, .text = "cannot find [lk]"}}));
}

std::string reboot(std::string_view action) {
  return command("REBOOT", fmt::format("<action>{}</action>", action)) + end();
}

TEST(XmlAgent, leaves_in_the_ways_the_agent_has) {
  const std::vector<std::pair<BootMode, std::string>> ways{
      {BootMode::normal, reboot("IMMEDIATE")},
      {BootMode::off, reboot("DISCONNECT")},
      {BootMode::stay, ""},
      {BootMode::fastboot, command("SET-BOOT-MODE", "<mode>FASTBOOT</mode>") + end() + reboot("IMMEDIATE")}};
  for (const auto& [next, script] : ways) {
    AgentBench bench{script};
    EXPECT_TRUE(bench.agent.finish(next, bench.op)) << bench.phone.state();
    EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
    EXPECT_EQ(bench.agent.state(), AgentState::lost);
  }
  AgentBench bench{""};
  const auto unknown = bench.agent.finish(BootMode::preloader, bench.op);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::unsupported);
  EXPECT_EQ(unknown.error().stage, Stage::reboot);
}

TEST(XmlAgent, a_stopped_run_still_leaves) {
  AgentBench bench{reboot("DISCONNECT")};
  bench.stop.request_stop();
  EXPECT_TRUE(bench.agent.finish(BootMode::off, bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlAgent, a_phone_that_is_gone_before_the_last_ok_has_restarted) {
  AgentBench bench{command("REBOOT", "<action>IMMEDIATE</action>") +
                   agent_asks("END", "<result>OK</result><message></message>") + "gone\n"};
  const auto finished = bench.agent.finish(BootMode::normal, bench.op);
  EXPECT_TRUE(finished) << to_string(finished.error());
}

TEST(XmlAgent, a_refused_restart_is_an_error) {
  AgentBench bench{command("REBOOT", "<action>IMMEDIATE</action>") + end("ERR", "unknown reboot action")};
  EXPECT_EQ(bench.agent.finish(BootMode::normal, bench.op).error().stage, Stage::reboot);
}

}  // namespace
}  // namespace mtk::xml
