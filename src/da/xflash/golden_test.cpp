// SPDX-License-Identifier: Apache-2.0
// The recorded conversations of a genuine MT6765 agent of June 2019, played against this host. The scripts
// are strict about every byte of the host. Recordings ask in an order of their own, so the start is put
// together from their sections; what was not recorded is answered as an agent answers what it does not know.
#include "da/xflash/session_script.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace mtk::xflash {
namespace {

constexpr std::size_t stage2_size = 0x4881c;
constexpr std::size_t signature_size = 0x100;

std::string recorded(std::string_view name) {
  std::ifstream file{std::string{MTK_SOURCE_DIR "/tests/trace/xflash_"} + std::string{name} + ".txt"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_FALSE(text.empty()) << "no recording " << name;
  return text;
}

/// One conversation of a recording, from its headline to the next empty line.
std::string section(std::string_view name, std::string_view headline) {
  const std::string text = recorded(name);
  const std::string start = "\n# " + std::string{headline};
  const std::size_t begin = text.find(start);
  EXPECT_NE(begin, text.npos) << "no section " << headline << " in " << name;
  if (begin == text.npos) return {};
  return text.substr(begin, text.find("\n\n", begin) - begin) + "\n";
}
std::string asked(std::string_view name, std::string_view control) {
  return section(name, "device control " + std::string{control});
}

StartScript started_from(std::string_view start, std::string after) {
  StartScript conversation;
  conversation.handshake = section(start, "announcement and handshake");
  conversation.expire_date = asked("queries_da1", "GET_EXPIRE_DATE");
  conversation.battery = asked("queries_da1", "SET_BATTERY_OPT");
  conversation.reset_key = asked("start_preloader", "SET_RESET_KEY");
  conversation.checksum_level = asked("start_preloader", "SET_CHECKSUM_LEVEL");
  conversation.connection_agent = asked(start, "GET_CONNECTION_AGENT");
  conversation.boot_to = section(start, "BOOT_TO");
  conversation.login = asked("queries_da2", "SLA_ENABLED_STATUS");
  conversation.usb_speed = asked("queries_da2", "GET_USB_SPEED");
  conversation.emmc = asked("queries_da2", "GET_EMMC_INFO");
  conversation.other_storage = asked("queries_da2", "GET_NAND_INFO") + asked("queries_da2", "GET_NOR_INFO") +
                               asked("queries_da2", "GET_UFS_INFO");
  conversation.questions = asked("queries_da2", "GET_RAM_INFO") + asked("queries_da2", "GET_CHIP_ID") +
                           asked("queries_da2", "GET_DA_VERSION") + asked("queries_da2", "GET_RANDOM_ID") +
                           asked("queries_da2", "GET_HRID");
  conversation.packet_length = asked("queries_da2", "GET_PACKET_LENGTH");
  conversation.optional_questions = asked("queries_da2", "GET_PARTITION_TBL_CATA") +
                                    asked("queries_da2", "GET_DRAM_TYPE") +
                                    asked("queries_da1", "GET_RPMB_STATUS") + unknown("0F 00 04 00");
  conversation.storage_life = asked("queries_da2", "DA_STOR_LIFE_CYCLE_CHECK");
  conversation.after = std::move(after);
  return conversation;
}

struct Session : ScriptBench {
  explicit Session(const StartScript& conversation, XflashOptions options = {})
      : ScriptBench(conversation.text()) {
    options.chip.life_check_sends_value = Known::no;
    const PhoneInfo phone_info{.stage = BootStage::preloader, .hw_code = 0x0766};
    const AgentStages stages{
        .stage1 = {.load_address = 0x00200000, .data = to_bytes({0x11, 0x22})},
        .stage2 = {
            .load_address = 0x40000000, .data = Bytes(stage2_size), .signature_length = signature_size}};
    auto started = start_agent(link, phone_info, stages, options, op);
    EXPECT_TRUE(started) << to_string(started.error()) << "\n" << phone.state();
    if (started) agent = std::move(*started);
  }

  std::unique_ptr<XflashAgent> agent;
};

Bytes read(Session& session, const Region& region) {
  BytesSink sink;
  const auto done = session.agent->read(region, sink, "x", session.op);
  EXPECT_TRUE(done) << to_string(done.error()) << "\n" << session.phone.state();
  return std::move(sink.bytes);
}

TEST(GoldenXflash, starts_through_the_preloader_and_understands_the_answers) {
  Session session{started_from("start_preloader", "")};
  ASSERT_TRUE(session.agent);
  EXPECT_TRUE(session.phone.finished()) << session.phone.state();
  const AgentFacts& facts = session.agent->facts();
  EXPECT_EQ(facts.family, "xflash");
  EXPECT_EQ(facts.version, "1.0");
  EXPECT_EQ(facts.storage, StorageKind::emmc);
  EXPECT_EQ(facts.area(Area::user)->size, 0x4000000u);
  EXPECT_EQ(facts.area(Area::boot1)->size, 0x400000u);
  EXPECT_EQ(facts.area(Area::boot2)->size, 0x400000u);
  EXPECT_EQ(facts.area(Area::rpmb)->size, 0x400000u);
  EXPECT_EQ(facts.area(Area::gp1), nullptr);
  EXPECT_EQ(hex_compact(facts.storage_id), "150100535459434d530112345678a501");
  EXPECT_EQ(facts.packet_size, 0x200000u);
  EXPECT_EQ(facts.ram_size, 0xc0000000u);
  EXPECT_EQ(facts.random_id, Bytes(16));
  EXPECT_TRUE(facts.usb_high_speed);
  EXPECT_EQ(facts.more,
            (std::vector<std::pair<std::string, std::string>>{
                {"Chip id", "code 0766, sub code 8A00, hardware CA00, software 0000, evolution 0"},
                {"Agent started by", "preloader"},
                {"USB speed", "high-speed"},
                {"Write packet", "2097152 bytes"},
                {"Read packet", "65536 bytes"},
                {"eMMC block", "512 bytes"},
                {"eMMC firmware", "0000000000000000"},
                {"eMMC life", "unknown; pre-EOL 1, A 1, B 1"},
                {"Storage check", "good"},
                {"Internal memory", "512.0 KiB at 0x200000, SRAM"},
                {"External memory", "3.0 GiB at 0x40000000, DRAM"},
                {"Memory kind", "LPDDR3"},
                {"Partition table", "GPT"},
                {"RPMB key", "not programmed"}}));
}

TEST(GoldenXflash, starts_memory_through_the_boot_rom) {
  StartScript conversation = started_from("start_brom", "");
  conversation.memory = asked("queries_da1", "GET_EMMC_INFO") + asked("queries_da1", "GET_UFS_INFO") +
                        section("start_brom", "INIT_EXT_RAM");
  XflashOptions options;
  options.memory_settings = [](const FlashIds& ids) -> Result<EmiSettings> {
    EXPECT_EQ(hex_compact(ids.emmc_id), "150100535459434d530112345678a501");
    ByteWriter block;
    block.text("MTK_BLOADER_INFO_v37", 0x6c).le(1u).fill(0x120 - 0x70);
    return EmiSettings{.version = 37, .record_count = 1, .block = std::move(block).take()};
  };
  Session session{conversation, options};
  ASSERT_TRUE(session.agent);
  EXPECT_TRUE(session.phone.finished()) << session.phone.state();
}

TEST(GoldenXflash, asks_reads_writes_and_restarts_as_it_was_recorded) {
  Session session{started_from("start_preloader", asked("queries_da2", "GET_HRID") + recorded("read") +
                                                      recorded("write") + recorded("shutdown") + "gone\n")};
  ASSERT_TRUE(session.agent);
  XflashAgent& agent = *session.agent;
  EXPECT_EQ(agent.hardware_random_id(session.op), Bytes(16));

  const Bytes mbr = read(session, {Area::user, 0, 0x200});
  EXPECT_EQ(mbr.at(0x1ff), std::byte{0xaa});
  const Bytes proinfo = read(session, {Area::user, 0x100000, 0x28000});
  EXPECT_EQ(printable_text(ByteView{proinfo}.first(8)), "proinfo.");
  ASSERT_EQ(proinfo.size(), 0x28000u);
  EXPECT_EQ(proinfo.at(0x27e08), std::byte{0x3f});  // the last block, 0x13f, names itself

  agent.tune({.write_packet = 0x4000});
  BytesSource source{pattern(0x9000)};
  const auto written = agent.write({Area::user, 0x700000, 0x9000}, source, "boot", session.op);
  ASSERT_TRUE(written) << to_string(written.error()) << "\n" << session.phone.state();
  EXPECT_EQ(read(session, {Area::user, 0x700000, 0x9000}), pattern(0x9000));

  EXPECT_TRUE(agent.finish(BootMode::normal, session.op));
  EXPECT_TRUE(session.phone.finished()) << session.phone.state();
}

}  // namespace
}  // namespace mtk::xflash
