// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/session_script.h"
#include "transport/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

namespace mtk::xflash {
namespace {

using namespace std::chrono_literals;

/// The error of a start that goes wrong.
Error failure(StartBench& bench) {
  const auto started = bench.start();
  EXPECT_FALSE(started);
  return started ? Error{.code = Errc::internal, .what = ""} : started.error();
}

TEST(XflashStart, reaches_a_running_agent) {
  StartBench bench{StartScript{.after = std::string{question}}};
  const auto started = bench.start();
  ASSERT_TRUE(started) << to_string(started.error()) << bench.phone.state();
  XflashAgent& agent = **started;
  EXPECT_EQ(agent.facts().version, "1.0");
  EXPECT_EQ(agent.facts().area(Area::user)->size, 0x4000000u);
  EXPECT_EQ(agent.facts().random_id, Bytes(16, std::byte{0x11}));
  EXPECT_FALSE(agent.facts().checks_storage);
  EXPECT_TRUE(agent.hardware_random_id(bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XflashStart, the_user_may_ask_for_more) {
  StartBench bench{StartScript{
      .handshake = "D> raw C0\n H> 53 59 4E 43\n H> 00 01 01 00\n H> 02 00 00 00 02 00*15\n D> 00*4\n"
                   "H> 01 01 01 00\n H> 00 00 00 00\n D> 00 00 00 00\n D> 53 59 4E 43\n",
      .expire_date = answered("11 00 04 00", "`2030`"),
      .host_info = taken("05 00 02 00", "`bench 7`"),
      .battery = taken("02 00 02 00", "01 00 00 00"),
      .checksum_level = taken("03 00 02 00", "03 00 00 00")}};
  bench.options.chip.large_read_packets = true;
  bench.options.log_channel = LogChannel::usb;
  bench.options.power = PowerSource::usb;
  bench.options.host_info = "bench 7";
  bench.options.check_storage = true;
  const auto started = bench.start();
  ASSERT_TRUE(started) << to_string(started.error()) << bench.phone.state();
  EXPECT_TRUE((*started)->facts().checks_storage);
  EXPECT_THAT((*started)->facts().more, testing::Contains(testing::Pair("Agent expires", "2030")));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XflashStart, large_packets_are_not_for_a_link_that_cannot_hold_them) {
  StartBench bench{StartScript{}};  // whose script has the small ones
  bench.options.chip.large_read_packets = true;
  bench.link.set_answer_limit(256 * 1024);
  EXPECT_TRUE(bench.start()) << bench.phone.state();
}

TEST(XflashStart, settings_that_the_agent_does_not_know_are_done_without) {
  StartBench bench{StartScript{.battery = unknown("02 00 02 00"),
                               .reset_key = unknown("04 00 02 00"),
                               .checksum_level = unknown("03 00 02 00"),
                               .connection_agent = unknown("0A 00 04 00")}};
  bench.options.check_storage = true;
  const auto started = bench.start();
  ASSERT_TRUE(started) << to_string(started.error()) << bench.phone.state();
  EXPECT_FALSE((*started)->facts().checks_storage);
}

TEST(XflashStart, a_greeting_of_another_family_is_named) {
  StartBench bench{StartScript{.handshake = "D> raw 5A\n"}};
  const Error error = failure(bench);
  EXPECT_EQ(error.code, Errc::protocol);
  EXPECT_EQ(error.stage, Stage::da1);
  EXPECT_EQ(error.during.front(), "SYNC");
}

TEST(XflashStart, a_stage_that_speaks_late_is_waited_for) {
  StartBench late{StartScript{.handshake = "wait 60000\n" + StartScript{}.handshake}};
  EXPECT_TRUE(late.start()) << late.phone.state();
}

TEST(XflashStart, a_stage_that_does_not_come_up_is_waited_for_so_long) {
  StartBench bench{StartScript{.handshake = "wait 60000\n"}};
  bench.options.patience = 20s;
  const Error error = failure(bench);
  EXPECT_EQ(error.code, Errc::timeout);
  EXPECT_EQ(error.stage, Stage::da1);
  EXPECT_LT(bench.clock.now().time_since_epoch(), 21s);
}

TEST(XflashStart, an_agent_that_is_too_old_for_the_phone_says_so_at_the_hardware) {
  StartBench bench{StartScript{
      .handshake = "D> raw C0\n H> 53 59 4E 43\n H> 00 01 01 00\n H> 02 00 00 00 01 00 00 00 01 00*11\n"
                   "D> 00 00 00 00\n H> 01 01 01 00\n H> 00 00 00 00\n D> 53 00 02 C0\n"}};
  const Error error = failure(bench);
  EXPECT_EQ(error.code, Errc::device_status);
  EXPECT_EQ(error.device_status->code, 0xc0020053u);
  EXPECT_EQ(error.during.front(), "SETUP_HW_INIT_PARAMS");
}

TEST(XflashStart, recordings_do_not_keep_what_names_the_phone_nor_what_is_the_makers) {
  StartBench bench{StartScript{}};
  std::string trace;
  RecordingTransport recording{std::make_unique<MemoryTransport>(bench.phone, bench.clock),
                               [&](std::string_view line) -> Result<> {
                                 trace += line;
                                 return {};
                               },
                               {},
                               KeepPayload::no};
  const AgentStages stages{.stage1 = {.load_address = 0x00200000, .data = to_bytes({0x11, 0x22})},
                           .stage2 = {.load_address = 0x40000000, .data = to_bytes({0x33, 0x44, 0x55})}};
  ASSERT_TRUE(start_agent(recording, bench.phone_info, stages, bench.options, bench.op));
  ASSERT_TRUE(recording.finish());
  std::erase(trace, ' ');
  for (char& c : trace) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  EXPECT_THAT(trace, testing::HasSubstr("53594e43"));
  EXPECT_THAT(trace, testing::Not(testing::HasSubstr("1501004f5241434c45")));  // the card
  EXPECT_THAT(trace, testing::Not(testing::HasSubstr("111111111111111111")));  // the random id
  EXPECT_THAT(trace, testing::Not(testing::HasSubstr("334455")));              // stage 2
}

// -- memory --

constexpr std::string_view block_text = "4D 54 4B 5F 42 4C 4F 41 44 45 52 5F 49 4E 46 4F 5F 76 33 37";

std::string memory_started(std::string_view result) {
  return answered("01 00 04 00", "01 00*71 15 01 00 4F 00*28") + answered("04 00 04 00", "00*208") +
         script({"H> 0A 00 01 00\n", ok, "H> 14 00 00 00\n H> ", block_text, "\n D> ", result, "\n"});
}

EmiProvider settings(FlashIds* asked = nullptr) {
  return [asked](const FlashIds& ids) -> Result<EmiSettings> {
    if (asked != nullptr) *asked = ids;
    return EmiSettings{.version = 37, .block = to_bytes("MTK_BLOADER_INFO_v37")};
  };
}

TEST(XflashStart, memory_that_does_not_run_is_set_up_first) {
  StartBench bench{StartScript{.connection_agent = answered("0A 00 04 00", "`brom`"),
                               .memory = memory_started("00 00 00 00")}};
  FlashIds asked;
  bench.options.memory_settings = settings(&asked);
  const auto started = bench.start();
  ASSERT_TRUE(started) << to_string(started.error()) << bench.phone.state();
  EXPECT_EQ(asked.emmc_status, 0u);
  EXPECT_EQ(hex_compact(ByteView{asked.emmc_id}.first(4)), "1501004f");
  EXPECT_TRUE(asked.ufs_id.empty());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XflashStart, without_the_agents_word_the_boot_stage_decides_about_memory) {
  StartBench bench{
      StartScript{.connection_agent = unknown("0A 00 04 00"), .memory = memory_started("00 00 00 00")}};
  bench.phone_info.stage = BootStage::brom;
  bench.options.memory_settings = settings();
  EXPECT_TRUE(bench.start());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XflashStart, a_ufs_names_itself_for_the_settings) {
  StartBench bench{StartScript{
      .connection_agent = answered("0A 00 04 00", "`brom`"),
      .memory = answered("01 00 04 00", "00*104") + answered("04 00 04 00", "30 00*33 4B 4D 32 00*171")}};
  FlashIds asked;
  bench.options.memory_settings = [&](const FlashIds& ids) -> Result<EmiSettings> {
    asked = ids;
    return fail(Errc::bad_image, "none fits");
  };
  const Error error = failure(bench);
  EXPECT_EQ(error.stage, Stage::dram);
  EXPECT_NE(asked.emmc_status, 0u);
  EXPECT_EQ(printable_text(asked.ufs_id), "KM2");
}

TEST(XflashStart, refused_memory_settings_are_an_error_of_the_memory) {
  for (const auto& [result, code] :
       {std::pair{"50 00 04 C0", 0xc0040050u}, std::pair{"0A 00 04 C0", 0xc004000au}}) {
    StartBench bench{
        StartScript{.connection_agent = answered("0A 00 04 00", "`brom`"), .memory = memory_started(result)}};
    bench.options.memory_settings = settings();
    const Error error = failure(bench);
    EXPECT_EQ(error.stage, Stage::dram);
    EXPECT_EQ(error.device_status->code, code);
    EXPECT_EQ(error.during.front(), "INIT_EXT_RAM");
  }
}

TEST(XflashStart, missing_or_foreign_memory_settings_are_not_sent) {
  const StartScript conversation{
      .connection_agent = answered("0A 00 04 00", "`brom`"),
      .memory = answered("01 00 04 00", "01 00*103") + answered("04 00 04 00", "00*208")};
  StartBench missing{conversation};
  EXPECT_EQ(failure(missing).code, Errc::unsupported);
  StartBench foreign{conversation};
  foreign.options.memory_settings = [](const FlashIds&) -> Result<EmiSettings> {
    return EmiSettings{.version = 20, .payload = Bytes(64), .block = to_bytes("MTK_BIN")};
  };
  EXPECT_EQ(failure(foreign).code, Errc::bad_image);
  EXPECT_EQ(foreign.phone.fault(), "");
}

// -- second stage --

TEST(XflashStart, a_second_stage_of_another_file_is_refused_by_the_first) {
  StartBench bench{StartScript{.boot_to = "H> 08 00 01 00\n D> 00 00 00 00\n H> 00 00 00 40 00*4 03 00*7\n"
                                          "H> 33 44 55\n D> 04 00 07 C0\n"}};
  const Error error = failure(bench);
  EXPECT_EQ(error.code, Errc::device_status);
  EXPECT_EQ(error.device_status->code, 0xc0070004u);
  EXPECT_EQ(error.stage, Stage::da1);
  EXPECT_EQ(error.during.front(), "BOOT_TO");
}

TEST(XflashStart, zero_is_as_good_as_sync_from_a_second_stage) {
  StartBench bench{StartScript{.boot_to = "H> 08 00 01 00\n D> 00 00 00 00\n H> 00 00 00 40 00*4 03 00*7\n"
                                          "H> 33 44 55\n D> 00 00 00 00\n wait 4000\n D> 00 00 00 00\n"}};
  EXPECT_TRUE(bench.start());
}

TEST(XflashStart, an_agent_shorter_than_its_signature_is_refused_before_the_phone_is_asked) {
  StartBench bench{StartScript{}};
  const AgentStages stages{.stage1 = {.data = Bytes(4)}, .stage2 = {.data = Bytes(4), .signature_length = 4}};
  const auto started = start_agent(bench.link, bench.phone_info, stages, {}, bench.op);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, Errc::bad_image);
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(XflashStart, a_slow_link_is_left_and_found_again_faster) {
  StartBench bench{
      StartScript{.usb_speed = answered("0B 00 04 00", "`full-speed`") +
                               "H> 0B 00 01 00\n D> 00 00 00 00\n H> 00 00 00 00\n D> 00 00 00 00\n"
                               "leave\n" +
                               answered("0B 00 04 00", "`high-speed`")}};
  const auto started = bench.start();
  ASSERT_TRUE(started) << to_string(started.error()) << bench.phone.state();
  EXPECT_TRUE((*started)->facts().usb_high_speed);
}

TEST(XflashStart, a_slow_link_may_stay_slow) {
  StartBench wanted{StartScript{.usb_speed = answered("0B 00 04 00", "`full-speed`")}};
  wanted.options.raise_usb_speed = false;
  const auto started = wanted.start();
  ASSERT_TRUE(started);
  EXPECT_FALSE((*started)->facts().usb_high_speed);
  StartBench refused{StartScript{.usb_speed = answered("0B 00 04 00", "`full-speed`") +
                                              "H> 0B 00 01 00\n D> 03 00 01 C0\n"}};
  EXPECT_TRUE(refused.start());
}

TEST(XflashStart, a_phone_that_does_not_come_back_is_lost) {
  StartBench bench{
      StartScript{.usb_speed = answered("0B 00 04 00", "`full-speed`") +
                               "H> 0B 00 01 00\n D> 00 00 00 00\n H> 00 00 00 00\n D> 00 00 00 00\n gone\n"}};
  const Error error = failure(bench);
  EXPECT_EQ(error.code, Errc::timeout);
  EXPECT_EQ(error.stage, Stage::da2);
  EXPECT_EQ(error.during.front(), "SWITCH_USB_SPEED");
}

TEST(XflashStart, packets_of_no_length_are_not_believed) {
  StartBench bench{StartScript{.packet_length = answered("07 00 04 00", "00*8")}};
  const Error error = failure(bench);
  EXPECT_EQ(error.code, Errc::protocol);
  EXPECT_EQ(error.during.front(), "GET_PACKET_LENGTH");
}

TEST(XflashStart, worn_storage_is_worth_a_warning) {
  struct Warnings final : Observer {
    void write(LogLevel level, std::string_view) override { count += level == LogLevel::warning ? 1 : 0; }
    int count = 0;
  };
  const auto warnings = [](const StartScript& conversation, Known sends_value) {
    StartBench bench{conversation};
    bench.options.chip.life_check_sends_value = sends_value;
    Warnings observer;
    OpContext op{{}, observer};
    const AgentStages stages{.stage1 = {.load_address = 0x00200000, .data = to_bytes({0x11, 0x22})},
                             .stage2 = {.load_address = 0x40000000, .data = to_bytes({0x33, 0x44, 0x55})}};
    const auto started = start_agent(bench.link, bench.phone_info, stages, bench.options, op);
    EXPECT_TRUE(started) << bench.phone.state();
    EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
    return observer.count;
  };
  EXPECT_EQ(warnings(StartScript{.storage_life = control_of("07 00 08 00") + "D> 1C 00 03 C0\n"}, Known::no),
            1);
  EXPECT_EQ(warnings(StartScript{.storage_life = control_of("07 00 08 00") + "D> 00 00 00 00\n"}, Known::no),
            0);
  EXPECT_EQ(warnings(StartScript{.storage_life = answered("07 00 08 00", "1D 00 03 C0")}, Known::yes), 1);
}

// -- login --

std::string login_wanted() { return answered("16 00 04 00", "01 00 00 00"); }
constexpr std::string_view info_of_20 = "AA BB CC DD 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10";

Signer signer_of(Bytes response, Bytes* challenge) {
  return [response, challenge](const Challenge& asked) -> Result<Bytes> {
    EXPECT_EQ(asked.from, Challenger::agent);
    *challenge = asked.data;
    return response;
  };
}

TEST(XflashLogin, answers_the_challenge_of_the_agent) {
  StartBench bench{StartScript{.login = login_wanted() + answered("13 00 04 00", info_of_20) +
                                        taken("0B 00 02 00", "77 88")}};
  Bytes challenge;
  bench.options.signer = signer_of(to_bytes({0x77, 0x88}), &challenge);
  const auto started = bench.start();
  ASSERT_TRUE(started) << to_string(started.error()) << bench.phone.state();
  EXPECT_EQ(hex_compact(challenge), "0102030405060708090a0b0c0d0e0f10");
}

TEST(XflashLogin, the_challenge_stands_where_the_chip_record_says) {
  StartBench bench{StartScript{.login = login_wanted() + answered("13 00 04 00", info_of_20) +
                                        taken("0B 00 02 00", "77")}};
  bench.options.chip.sla_challenge_offset = 0;
  bench.options.chip.sla_challenge_bytes = 2;
  Bytes challenge;
  bench.options.signer = signer_of(to_bytes({0x77}), &challenge);
  EXPECT_TRUE(bench.start());
  EXPECT_EQ(challenge, to_bytes({0xaa, 0xbb}));
}

TEST(XflashLogin, an_agent_without_a_login_is_asked_nothing_more) {
  StartBench bench{StartScript{.login = answered("16 00 04 00", "00")}};
  EXPECT_TRUE(bench.start());
}

TEST(XflashLogin, nobody_to_sign_is_an_honest_refusal) {
  StartBench bench{StartScript{.login = login_wanted()}};
  const Error error = failure(bench);
  EXPECT_EQ(error.code, Errc::unsupported);
  EXPECT_EQ(error.stage, Stage::da2);
  EXPECT_EQ(error.during.front(), "DA_SLA");
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(XflashLogin, a_refused_answer_carries_the_agents_word) {
  StartBench bench{StartScript{.login = login_wanted() + answered("13 00 04 00", info_of_20) +
                                        control_of("0B 00 02 00") + "H> 77\n D> 4A 00 02 C0\n"}};
  Bytes challenge;
  bench.options.signer = signer_of(to_bytes({0x77}), &challenge);
  const Error error = failure(bench);
  EXPECT_EQ(error.device_status->code, 0xc002004au);
  EXPECT_EQ(error.during, (std::vector<std::string>{"SET_REMOTE_SEC_POLICY", "DA_SLA"}));
}

TEST(XflashLogin, placeholders_are_no_challenge) {
  StartBench bench{StartScript{.login = login_wanted() + answered("13 00 04 00", "12 34 56 78")}};
  Bytes challenge;
  bench.options.signer = signer_of(to_bytes({0x77}), &challenge);
  EXPECT_EQ(failure(bench).code, Errc::unsupported);
  StartBench silent{StartScript{.login = login_wanted() + answered("13 00 04 00", info_of_20)}};
  silent.options.signer = signer_of({}, &challenge);
  EXPECT_EQ(failure(silent).code, Errc::out_of_range);
}

}  // namespace
}  // namespace mtk::xflash
