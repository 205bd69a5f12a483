// SPDX-License-Identifier: Apache-2.0
// The recorded conversations of a genuine MT6895 agent of April 2022, played against this host. The scripts
// are strict about every byte of the host and about its transfers.
#include "da/xml/start.h"
#include "da/xml/testing.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace mtk::xml {
namespace {

constexpr std::uint32_t signature_size = 0x100;
constexpr std::size_t stage2_size = 0x51114 + signature_size;
// What boot ROM and host say before the recordings begin.
constexpr std::string_view upload_of_stage1 =
    "H> D7\n D> D7\n H> 02 00 00 00\n D> 02 00 00 00\n H> 00 00 00 02\n D> 00 00 00 02\n H> 00 00 00 00\n"
    "D> 00 00 00 00 00 00\n H> 11 22\n D> 22 11 00 00\n"
    "H> D5\n D> D5\n H> 02 00 00 00\n D> 02 00 00 00 00 00\n";
// What the recorded host did not ask. The agent's refusals are those of its second stage.
constexpr std::string_view host_capability =
    "<host_capability>CMD:DOWNLOAD-FILE^1@CMD:FILE-SYS-OPERATION^1@CMD:PROGRESS-REPORT^1@CMD:UPLOAD-FILE^1@"
    "</host_capability>";
constexpr std::string_view no_login =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><sys_prop version=\"1.0\"><item "
    "key=\"DA.SLA\">DISABLED</item></sys_prop>";
constexpr std::string_view agent_build =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><da_info><version>1.0</version><da_version>2021</da_version>"
    "<build>Apr  2 2022:23:42:42</build></da_info>";

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  std::size_t at = text.find(from);
  EXPECT_NE(at, text.npos) << from;
  for (; at != text.npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

/// Both ends send header and payload as transfers of their own.
std::string recorded(std::string_view name) {
  std::ifstream file{std::string{MTK_SOURCE_DIR "/tests/trace/xml_"} + std::string{name} + ".txt"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_FALSE(text.empty()) << "no recording " << name;
  return replaced(std::move(text), "\nH> ", "\nT> ");
}

std::string recorded_start() {
  std::string text = recorded("start");
  text = replaced(std::move(text), "# second stage: NOTIFY-INIT-HW\n",
                  refused("HOST-SUPPORTED-COMMANDS", host_capability));
  text = replaced(std::move(text), "# GET-HW-INFO\n",
                  question("GET-SYS-PROPERTY", "<key>DA.SLA</key>", no_login));
  return text + question("GET-DA-INFO", "", agent_build) +
         refused("CAN-HIGHER-USB-SPEED", "<target_file>MEM://0x2000:0x200000</target_file>");
}

struct Session : ScriptBench {
  explicit Session(const std::string& after_start = "")
      : ScriptBench(std::string{upload_of_stage1} + framed(recorded_start() + after_start)) {
    const PhoneInfo boot_rom{.stage = BootStage::brom, .hw_code = 0x1172};
    XmlOptions options;
    options.host_info = "20260101T120000";
    const AgentStages stages{
        .stage1 = {.load_address = 0x02000000, .data = to_bytes({0x11, 0x22})},
        .stage2 = {
            .load_address = 0x40000000, .data = Bytes(stage2_size), .signature_length = signature_size}};
    auto started = start_agent(link, boot_rom, stages, options, op);
    EXPECT_TRUE(started) << to_string(started.error()) << "\n" << phone.state();
    if (started) agent = std::move(*started);
  }

  std::unique_ptr<XmlAgent> agent;
};

TEST(GoldenXml, starts_both_stages_and_understands_the_report) {
  Session session;
  ASSERT_TRUE(session.agent);
  EXPECT_TRUE(session.phone.finished()) << session.phone.state();
  const AgentFacts& facts = session.agent->facts();
  EXPECT_EQ(facts.family, "xml");
  EXPECT_EQ(facts.version, "2021");
  EXPECT_EQ(facts.storage, StorageKind::ufs);
  ASSERT_EQ(facts.areas.size(), 3u);
  ASSERT_NE(facts.area(Area::lu2), nullptr);
  EXPECT_EQ(facts.area(Area::lu2)->size, 0x4000000u);
  EXPECT_EQ(facts.area(Area::lu0)->size, 0x400000u);
  EXPECT_EQ(facts.area(Area::lu3), nullptr);
  EXPECT_EQ(facts.sector_size, 0x200u);
  EXPECT_EQ(facts.write_unit, 4096u);
  EXPECT_EQ(facts.ram_size, 0x300000000u);
  EXPECT_TRUE(facts.storage_id.empty());
  EXPECT_TRUE(facts.preloader_by_name);
  EXPECT_TRUE(facts.usb_high_speed);
  EXPECT_EQ(session.agent->state(), AgentState::answering);
  EXPECT_EQ(facts.more,
            (std::vector<std::pair<std::string, std::string>>{{"Agent build", "Apr  2 2022:23:42:42"},
                                                              {"Agent report version", "1.0"},
                                                              {"Storage block", "512 bytes"},
                                                              {"UFS vendor", "0x0"},
                                                              {"UFS firmware", "0000000000000000"},
                                                              {"Report version", "1.2"},
                                                              {"Battery", "0 mV"},
                                                              {"Product id", "0123456789ABCDEF"}}));
}

TEST(GoldenXml, reads_the_partition_table) {
  Session session{recorded("partition_table")};
  ASSERT_TRUE(session.agent);
  const auto table = session.agent->partition_table(session.op);
  ASSERT_TRUE(table) << to_string(table.error()) << "\n" << session.phone.state();
  ASSERT_EQ(table->size(), 5u);
  EXPECT_EQ((*table)[3], (ListedPartition{.name = "boot", .offset = 0x600000, .size = 0x800000}));
  EXPECT_TRUE(session.phone.finished()) << session.phone.state();
}

TEST(GoldenXml, reads_storage) {
  Session session{replaced(recorded("read"), "out/user.bin", "MEM://0x2000:0x18000")};
  ASSERT_TRUE(session.agent);
  BytesSink sink;
  const auto read = session.agent->read({Area::lu2, 0x100000, 0x18000}, sink, "proinfo", session.op);
  ASSERT_TRUE(read) << to_string(read.error()) << "\n" << session.phone.state();
  ASSERT_EQ(sink.bytes.size(), 0x18000u);
  EXPECT_EQ(printable_text(ByteView{sink.bytes}.first(8)), "proinfo.");
  EXPECT_EQ(ByteReader{ByteView{sink.bytes}.subspan(0x17e08)}.le<std::uint32_t>(), 0xbfu);
  EXPECT_TRUE(session.phone.finished()) << session.phone.state();
}

TEST(GoldenXml, writes_storage) {
  Session session{recorded("write")};
  ASSERT_TRUE(session.agent);
  BytesSource source{pattern(0x3000)};
  const auto written = session.agent->write({Area::lu2, 0x600000, 0x3000}, source, "boot", session.op);
  ASSERT_TRUE(written) << to_string(written.error()) << "\n" << session.phone.state();
  EXPECT_TRUE(session.phone.finished()) << session.phone.state();
}

TEST(GoldenXml, restarts_the_phone) {
  Session session{recorded("reboot") + "gone\n"};
  ASSERT_TRUE(session.agent);
  EXPECT_TRUE(session.agent->finish(BootMode::normal, session.op));
  EXPECT_TRUE(session.phone.finished()) << session.phone.state();
  EXPECT_EQ(session.agent->state(), AgentState::lost);
}

}  // namespace
}  // namespace mtk::xml
