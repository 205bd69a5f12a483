// SPDX-License-Identifier: Apache-2.0
#include "da/xml/start.h"
#include "da/xml/testing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk::xml {
namespace {

constexpr std::string_view reply_arg = "<target_file>MEM://0x2000:0x200000</target_file>";
constexpr std::string_view capability =
    "<host_capability>CMD:DOWNLOAD-FILE^1@CMD:FILE-SYS-OPERATION^1@CMD:PROGRESS-REPORT^1@CMD:UPLOAD-FILE^1@"
    "</host_capability>";

const std::string upload =
    "H> raw D7\n D> raw D7\n H> raw 02 00 00 00\n D> raw 02 00 00 00\n H> raw 00 00 00 02\n"
    "D> raw 00 00 00 02\n H> raw 00 00 00 00\n D> raw 00 00 00 00 00 00\n H> raw 11 22\n"
    "D> raw 22 11 00 00\n";
const std::string jump = "H> raw D5\n D> raw D5\n H> raw 02 00 00 00\n D> raw 02 00 00 00 00 00\n";
const std::string jump64 =
    "H> raw DE\n D> raw DE\n H> raw 02 00 00 00\n D> raw 02 00 00 00\n H> raw 01\n D> raw 01 00 00\n"
    "H> raw 64\n D> raw 64 00 00\n";
const std::string settings = agent_asks("START") + ok() +
                             host_says(to_command(SetRuntimeParameter{}).document) + agent_says("OK") + end();
const std::string host_commands = command("HOST-SUPPORTED-COMMANDS", capability) + end();
const std::string no_host_commands = refused("HOST-SUPPORTED-COMMANDS", capability);
const std::string init = command("NOTIFY-INIT-HW", "") + progress() + end();
const std::string host_info = command("SET-HOST-INFO", "<info>mtkflash</info>") + end();
const std::string boot_to = command("BOOT-TO",
                                    "<at_address>0x40000000</at_address><jmp_address>0x40000000</jmp_address>"
                                    "<source_file>MEM://0x1000:0x3</source_file>");
const std::string stage2 = fetches("MEM://0x1000:0x3", "CHK_NO", "0x1000") + ok() + host_says("OK@0x3") +
                           agent_says("OK") + host_says("OK@0x0") + agent_says("OK") + "T> 33 44 55\n" +
                           agent_says("OK");
const std::string to_stage2 = upload + jump + settings + host_commands + init + host_info + boot_to + stage2 +
                              end() + no_host_commands + init;

std::string property(std::string_view value) {
  return question("GET-SYS-PROPERTY", "<key>DA.SLA</key>",
                  fmt::format("<sys_prop version=\"1.0\"><item key=\"DA.SLA\">{}</item></sys_prop>", value));
}
const std::string no_login = property("DISABLED");
const std::string report = question(
    "GET-HW-INFO", "",
    "<da_hw_info><storage>EMMC</storage><emmc><block_size>0x200</block_size><user_size>0x4000000</user_size>"
    "<id>1501</id></emmc></da_hw_info>");
const std::string no_name = refused("GET-DA-INFO", reply_arg);
const std::string fast_enough = refused("CAN-HIGHER-USB-SPEED", reply_arg);
const std::string rest = no_login + report + no_name + fast_enough;

struct StartBench : ScriptBench {
  explicit StartBench(const std::string& script) : ScriptBench(framed(script)) {}

  Result<std::unique_ptr<XmlAgent>> start(BootStage stage = BootStage::brom) {
    const PhoneInfo phone_info{.stage = stage, .hw_code = 0x1172};
    auto agent = start_agent(link, phone_info, stages, options, op);
    EXPECT_EQ(phone.fault(), "");
    return agent;
  }

  AgentStages stages{.stage1 = {.load_address = 0x02000000, .data = to_bytes({0x11, 0x22})},
                     .stage2 = {.load_address = 0x40000000,
                                .data = to_bytes({0x33, 0x44, 0x55, 0xee, 0xee}),
                                .signature_length = 2}};
  XmlOptions options;
};

TEST(XmlStart, sends_the_second_stage_without_its_signature) {
  StartBench bench{to_stage2 + rest};
  const auto agent = bench.start();
  ASSERT_TRUE(agent) << to_string(agent.error()) << "\n" << bench.phone.state();
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
  EXPECT_EQ((*agent)->facts().storage, StorageKind::emmc);
  EXPECT_EQ((*agent)->facts().version, "");
  EXPECT_EQ(hex_compact((*agent)->facts().storage_id), "1501");
}

TEST(XmlStart, jumps_in_64_bit_state_where_the_boot_rom_wants_that) {
  std::string script = to_stage2 + rest;
  script.replace(upload.size(), jump.size(), jump64);
  StartBench bench{script};
  bench.options.variant.starts_64bit = true;
  EXPECT_TRUE(bench.start());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
  StartBench preloader{to_stage2 + rest};
  preloader.options.variant.starts_64bit = true;
  EXPECT_TRUE(preloader.start(BootStage::preloader));
}

TEST(XmlStart, leaves_out_the_host_commands_where_they_are_not_taken) {
  StartBench bench{upload + jump + settings + init + host_info + boot_to + stage2 + end() + init + rest};
  bench.options.variant.stage1_takes_host_commands = false;
  bench.options.variant.stage2_takes_host_commands = false;
  EXPECT_TRUE(bench.start());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlStart, either_stage_may_know_the_host_commands_or_not) {
  StartBench bench{upload + jump + settings + no_host_commands + init + host_info + boot_to + stage2 + end() +
                   host_commands + init + rest};
  EXPECT_TRUE(bench.start());
}

TEST(XmlStart, memory_that_does_not_start_is_named_so) {
  StartBench bench{upload + jump + settings + host_commands + command("NOTIFY-INIT-HW", "") + progress() +
                   end("ERR", "dram calibration failed")};
  const auto agent = bench.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().stage, Stage::dram);
  EXPECT_EQ(agent.error().code, Errc::device_status);
  EXPECT_EQ(agent.error().device_status->text, "dram calibration failed");
  EXPECT_EQ(agent.error().during.back(), "NOTIFY-INIT-HW");
}

TEST(XmlStart, a_second_stage_of_another_agent_is_refused) {
  StartBench bench{upload + jump + settings + host_commands + init + host_info + boot_to + stage2 +
                   end("ERR", "DA hash mismatch")};
  const auto agent = bench.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().stage, Stage::da1);
  EXPECT_EQ(agent.error().device_status->text, "DA hash mismatch");
  EXPECT_EQ(agent.error().during.back(), "BOOT-TO");
}

TEST(XmlStart, a_second_stage_that_was_not_fetched_does_not_run) {
  StartBench bench{upload + jump + settings + host_commands + init + host_info + boot_to + end()};
  EXPECT_EQ(bench.start().error().code, Errc::protocol);
  StartBench empty{upload + jump + settings + host_commands + init + host_info};
  empty.stages.stage2.signature_length = 5;
  EXPECT_EQ(empty.start().error().code, Errc::bad_image);
}

TEST(XmlStart, a_first_stage_that_speaks_late_is_waited_for) {
  StartBench bench{upload + jump + "wait 60000\n" + settings + host_commands + init + host_info};
  bench.stages.stage2.signature_length = 5;
  EXPECT_EQ(bench.start().error().code, Errc::bad_image) << "all of the first stage was heard";
}

TEST(XmlStart, a_silent_first_stage_is_waited_for_so_long) {
  StartBench bench{upload + jump};
  bench.options.patience = std::chrono::seconds{20};
  const auto agent = bench.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().code, Errc::timeout);
  EXPECT_EQ(agent.error().stage, Stage::da1);
  EXPECT_LT(bench.clock.now().time_since_epoch(), std::chrono::seconds{21});
}

TEST(XmlStart, an_agent_of_another_family_is_out_of_step) {
  StartBench bench{upload + jump + "D> raw C0\nwait 100\nD> raw 00*40\n"};
  const auto agent = bench.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().code, Errc::protocol);
  EXPECT_EQ(agent.error().stage, Stage::da1);
}

const std::string login_info =
    question("SECURITY-GET-DEV-FW-INFO", "",
             "<sla version=\"1.0\"><rnd>0102</rnd><hrid>0a</hrid><socid>0b0c</socid></sla>");
const std::string login =
    command("SECURITY-SET-FLASH-POLICY", "<source_file>MEM://0x3000:0x1000</source_file>") +
    fetches("MEM://0x3000:0x1000") + ok() + host_says("OK@0x2") + agent_says("OK") + host_says("OK@0x0") +
    agent_says("OK") + "T> AA BB\n" + agent_says("OK");

TEST(XmlStart, logs_in_with_the_users_key_over_what_the_agent_build_wants) {
  const std::vector<std::pair<XmlChallenge, Bytes>> forms{
      {XmlChallenge::random, to_bytes({1, 2})},
      {XmlChallenge::hrid_random, to_bytes({0x0a, 1, 2})},
      {XmlChallenge::socid_random, to_bytes({0x0b, 0x0c, 1, 2})}};
  for (const auto& [form, expected] : forms) {
    StartBench bench{to_stage2 + property("Enabled") + login_info + login + end() + report + no_name +
                     fast_enough};
    bench.options.variant.challenge = form;
    std::optional<Challenge> asked;
    bench.options.signer = [&](const Challenge& challenge) -> Result<Bytes> {
      asked = challenge;
      return to_bytes({0xaa, 0xbb});
    };
    const auto agent = bench.start();
    ASSERT_TRUE(agent) << to_string(agent.error()) << bench.phone.state();
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->from, Challenger::agent);
    EXPECT_EQ(asked->data, expected);
    EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
  }
}

TEST(XmlStart, says_honestly_that_a_login_is_wanted) {
  StartBench bench{to_stage2 + property("ENABLED")};
  const auto agent = bench.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().code, Errc::unsupported);
  EXPECT_EQ(agent.error().stage, Stage::da2);
  EXPECT_EQ(agent.error().during.back(), "DA_SLA");
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlStart, a_login_the_agent_does_not_accept_is_its_refusal) {
  StartBench bench{to_stage2 + property("ENABLED") + login_info + login + end("ERR", "verify failed")};
  bench.options.signer = [](const Challenge&) -> Result<Bytes> { return to_bytes({0xaa, 0xbb}); };
  const auto agent = bench.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().code, Errc::device_status);
  EXPECT_EQ(agent.error().device_status->text, "verify failed");
}

TEST(XmlStart, a_signer_that_fails_or_answers_nothing_is_no_login) {
  StartBench failing{to_stage2 + property("ENABLED") + login_info};
  failing.options.signer = [](const Challenge&) -> Result<Bytes> {
    return fail(Errc::io, "no such command");
  };
  EXPECT_EQ(failing.start().error().code, Errc::io);
  StartBench silent{to_stage2 + property("ENABLED") + login_info};
  silent.options.signer = [](const Challenge&) -> Result<Bytes> { return Bytes{}; };
  EXPECT_EQ(silent.start().error().code, Errc::out_of_range);
}

TEST(XmlStart, an_agent_that_cannot_be_asked_wants_no_login) {
  StartBench unknown{to_stage2 + refused("GET-SYS-PROPERTY", "<key>DA.SLA</key>" + std::string{reply_arg}) +
                     report + no_name + fast_enough};
  EXPECT_TRUE(unknown.start());
  StartBench half{to_stage2 + property("ENABLED") + refused("SECURITY-GET-DEV-FW-INFO", reply_arg) + report +
                  no_name + fast_enough};
  half.options.signer = [](const Challenge&) -> Result<Bytes> { return to_bytes({1}); };
  EXPECT_TRUE(half.start());
}

const std::string could_be_faster = question("CAN-HIGHER-USB-SPEED", "", "YES");
const std::string speed_up = command("SWITCH-HIGHER-USB-SPEED", "", "OK");

std::string switching() {
  return agent_asks("START") + ok() + host_says(to_command(SwitchHigherUsbSpeed{}).document) +
         agent_says("OK") + end() + "leave\n";
}
const std::string table_question =
    question("READ-PARTITION-TABLE", "", "<partition_table></partition_table>");

TEST(XmlStart, comes_back_faster_and_goes_on) {
  StartBench bench{to_stage2 + no_login + report + no_name + could_be_faster + switching() + table_question};
  const auto agent = bench.start();
  ASSERT_TRUE(agent) << to_string(agent.error()) << bench.phone.state();
  EXPECT_TRUE((*agent)->facts().usb_high_speed);
  EXPECT_TRUE((*agent)->partition_table(bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlStart, a_faster_agent_that_does_not_offer_anew_is_told_at_once) {
  std::string unoffered = table_question;
  unoffered.erase(0, (agent_asks("START") + ok()).size());
  StartBench bench{to_stage2 + no_login + report + no_name + could_be_faster + switching() + unoffered};
  bench.options.variant.starts_again_after_speed_switch = false;
  const auto agent = bench.start();
  ASSERT_TRUE(agent) << to_string(agent.error()) << bench.phone.state();
  EXPECT_TRUE((*agent)->partition_table(bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlStart, leaves_the_usb_speed_alone_when_told_to) {
  StartBench bench{to_stage2 + no_login + report + no_name + could_be_faster};
  bench.options.raise_usb_speed = false;
  const auto agent = bench.start();
  ASSERT_TRUE(agent);
  EXPECT_FALSE((*agent)->facts().usb_high_speed);
}

TEST(XmlStart, a_phone_that_does_not_come_back_is_lost) {
  std::string gone = switching();
  gone.replace(gone.find("leave"), 5, "gone");
  StartBench bench{to_stage2 + no_login + report + no_name + could_be_faster + gone};
  const auto agent = bench.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().code, Errc::timeout);
  EXPECT_EQ(agent.error().stage, Stage::da2);
  EXPECT_EQ(agent.error().during.back(), "SWITCH-HIGHER-USB-SPEED");
}

TEST(XmlStart, a_stop_ends_the_waiting_at_once) {
  StartBench bench{upload + jump + "wait 5000\n" + settings};
  bench.stop.request_stop();
  EXPECT_EQ(bench.start().error().code, Errc::cancelled);
}

}  // namespace
}  // namespace mtk::xml
