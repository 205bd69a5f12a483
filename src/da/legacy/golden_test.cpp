// SPDX-License-Identifier: Apache-2.0
// The recorded conversations of a genuine MT6580 agent of January 2015, played against this host. The scripts
// are strict about every byte of the host.
#include "da/legacy/start.h"
#include "da/legacy/testing.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace mtk::legacy {
namespace {

constexpr std::size_t stage2_size = 0x2bca8;
// What boot ROM and host say before the recordings begin.
constexpr std::string_view upload_of_stage1 =
    "H> D7\n D> D7\n H> 00 20 00 00\n D> 00 20 00 00\n H> 00 00 00 02\n D> 00 00 00 02\n H> 00 00 00 00\n"
    "D> 00 00 00 00 00 00\n H> 11 22\n D> 22 11 00 00\n"
    "H> D5\n D> D5\n H> 00 20 00 00\n D> 00 20 00 00 00 00\n";

std::string recorded(std::string_view name) {
  std::ifstream file{std::string{MTK_SOURCE_DIR "/tests/trace/legacy_"} + std::string{name} + ".txt"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_FALSE(text.empty()) << "no recording " << name;
  return text;
}

struct Session : ScriptBench {
  explicit Session(const std::string& after_connect)
      : ScriptBench(std::string{upload_of_stage1} + recorded("connect") + after_connect) {
    const PhoneInfo boot_rom{.stage = BootStage::brom, .hw_code = 0x6580, .brom_version = 0x05};
    // The tail of newer MT6580 agents; this one shows by its early status that it takes none.
    LegacyOptions options;
    options.chip.tail.kind = TailKind::tlc24;
    const AgentStages stages{
        .stage1 = {.load_address = 0x00200000, .data = to_bytes({0x11, 0x22})},
        .stage2 = {.load_address = 0x80000000, .data = Bytes(stage2_size), .signature_length = 0x100}};
    auto started = start_agent(link, boot_rom, stages, options, op);
    EXPECT_TRUE(started) << to_string(started.error()) << "\n" << phone.state();
    if (started) agent = std::move(*started);
  }

  std::unique_ptr<LegacyAgent> agent;
};

Bytes read(Session& session, const Region& region) {
  BytesSink sink;
  const auto done = session.agent->read(region, sink, "x", session.op);
  EXPECT_TRUE(done) << to_string(done.error()) << "\n" << session.phone.state();
  return std::move(sink.bytes);
}

TEST(GoldenLegacy, connects_and_understands_the_report) {
  Session session{""};
  ASSERT_TRUE(session.agent);
  EXPECT_TRUE(session.phone.finished()) << session.phone.state();
  const AgentFacts& facts = session.agent->facts();
  EXPECT_EQ(facts.family, "legacy");
  EXPECT_EQ(facts.version, "4.2");
  EXPECT_EQ(facts.storage, StorageKind::emmc);
  ASSERT_NE(facts.area(Area::user), nullptr);
  EXPECT_EQ(facts.area(Area::user)->size, 0x4000000u);
  EXPECT_EQ(facts.area(Area::boot1)->size, 0x400000u);
  EXPECT_EQ(facts.area(Area::rpmb)->size, 0x400000u);
  EXPECT_EQ(facts.area(Area::gp1), nullptr);
  EXPECT_EQ(hex_compact(facts.storage_id), "1501004f5241434c450112345678a501");
  EXPECT_EQ(hex_compact(facts.random_id), "e129f27c5103bc5cc44bcdf0a15e160d");
  EXPECT_EQ(facts.ram_size, 0x20000000u);
  EXPECT_TRUE(facts.usb_high_speed);
}

void expect_written(Session& session, std::uint64_t offset) {
  BytesSource source{pattern(0x2000)};
  const auto written = session.agent->write({Area::user, offset, 0x2000}, source, "boot", session.op);
  ASSERT_TRUE(written) << to_string(written.error()) << "\n" << session.phone.state();
}

TEST(GoldenLegacy, reads_writes_and_asks_what_was_recorded_in_one_session) {
  constexpr AgentTuning small_packets{.packet_size = 0x1000};
  Session session{recorded("read") + recorded("write") + recorded("queries")};
  ASSERT_TRUE(session.agent);
  LegacyAgent& agent = *session.agent;

  const Bytes head = read(session, {Area::user, 0, 0x400});
  EXPECT_EQ(printable_text(ByteView{head}.subspan(0x200, 8)), "EFI PART");
  agent.tune(small_packets);
  EXPECT_EQ(printable_text(ByteView{read(session, {Area::user, 0x100000, 0x2400})}.first(8)), "proinfo.");
  agent.tune({});
  EXPECT_EQ(read(session, {Area::user, 0x200, 16}).size(), 16u);
  EXPECT_EQ(read(session, {Area::user, 0, 0x201}).back(), std::byte{0x45});
  EXPECT_EQ(read(session, {Area::boot1, 0, 0x200}), Bytes(0x200));
  EXPECT_TRUE(agent.select_part(part_user));

  expect_written(session, 0x600000);
  EXPECT_EQ(read(session, {Area::user, 0x600000, 0x2000}), pattern(0x2000));
  agent.tune(small_packets);
  expect_written(session, 0x700000);
  agent.tune({});
  EXPECT_EQ(read(session, {Area::user, 0x700000, 0x2000}), pattern(0x2000));
  EXPECT_EQ(agent.usb_speed(), UsbSpeed::high);

  const auto raw_list = agent.read_pmt();
  ASSERT_TRUE(raw_list) << to_string(raw_list.error()) << "\n" << session.phone.state();
  // The fourth of the entries of 0x58 bytes: name, offset, size, part.
  ByteReader boot{ByteView{*raw_list}.subspan(3 * 0x58, 0x58)};
  EXPECT_EQ(boot.text(64), "boot");
  EXPECT_EQ(boot.le<std::uint64_t>(), 0x600000u);
  EXPECT_EQ(boot.le<std::uint64_t>(), 0x800000u);
  EXPECT_EQ(agent.usb_speed(), UsbSpeed::high);
  EXPECT_EQ(agent.card_type(), 1u);
  EXPECT_EQ(agent.read_register32(0x08000000), 0x6580u);
  EXPECT_EQ(agent.read_register16(0x08000000), 0x6580);
  EXPECT_EQ(agent.battery_voltage(), 0xa5u);
  EXPECT_TRUE(agent.confirm_pc_security());
  EXPECT_EQ(agent.project_id(), Bytes(64));
  EXPECT_TRUE(session.phone.finished()) << session.phone.state();
}

TEST(GoldenLegacy, finishes_as_it_was_finished) {
  Session session{recorded("finish")};
  ASSERT_TRUE(session.agent);
  EXPECT_TRUE(session.agent->finish(BootMode::off, session.op));
  EXPECT_TRUE(session.phone.finished()) << session.phone.state();
}

}  // namespace
}  // namespace mtk::legacy
