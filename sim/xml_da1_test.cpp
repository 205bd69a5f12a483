// SPDX-License-Identifier: Apache-2.0
#include "sim/test_xml_host.h"

namespace mtk::sim {
namespace {

using Asked = std::vector<std::string>;

class XmlFirstStage : public testing::Test {
 protected:
  void SetUp() override { phone_.reach_da1(); }
  XmlHost& host() { return phone_.host; }

  XmlBench phone_{model_named("tiny-xml")};
};

TEST_F(XmlFirstStage, offers_the_first_turn_unasked) {
  EXPECT_EQ(host().text(), XmlHost::start_document());
  EXPECT_TRUE(host().silent());
}

TEST_F(XmlFirstStage, an_answer_that_is_no_ok_brings_the_offer_again) {
  host().text();
  host().say("ERR!CANCEL");
  EXPECT_EQ(host().text(), XmlHost::start_document());
  host().say("OKAY", 2);
  host().say(XmlHost::command("SET-HOST-INFO", "<info>x</info>"));
  EXPECT_TRUE(host().to_the_end().ok());
}

TEST_F(XmlFirstStage, takes_settings_and_host_information_in_any_order) {
  EXPECT_TRUE(
      host().run("HOST-SUPPORTED-COMMANDS", "<host_capability>CMD:DOWNLOAD-FILE^1@</host_capability>").ok());
  EXPECT_TRUE(host().run("SET-HOST-INFO", "<info>20260101T120000</info>").ok());
  EXPECT_TRUE(host().run_document(XmlBench::runtime()).ok());
}

TEST_F(XmlFirstStage, settings_1_1_need_the_memory_switch_and_1_0_do_not) {
  const std::string words =
      "<checksum_level>LOUD</checksum_level><battery_exist>YES</battery_exist><da_log_level>INFO</"
      "da_log_level>"
      "<log_channel>BOTH</log_channel><system_os>BEOS</system_os>";
  EXPECT_TRUE(host().run("SET-RUNTIME-PARAMETER", words, "1.0").ok()) << "unknown words are skipped";
  const auto outcome = host().run("SET-RUNTIME-PARAMETER", words, "1.1");
  EXPECT_EQ(outcome.result, "ERR");
  EXPECT_NE(outcome.message.find("initialize_dram"), std::string::npos);
}

TEST_F(XmlFirstStage, refuses_what_it_does_not_know_and_goes_on) {
  for (const auto& document :
       {XmlHost::command("READ-FLASH", ""), XmlHost::command("SET-HOST-INFO", "<info>x</info>", "2.0"),
        std::string{"OK"},
        std::string{"<da><version>1.0</version><command>CMD:NOTIFY-INIT-HW</command></da>"},
        fmt::format("{}<da><command>CMD:NOTIFY-INIT-HW</command></da>", xml_declaration),
        fmt::format("{}<da><version>1.0", xml_declaration)}) {
    const auto outcome = host().run_document(document);
    EXPECT_EQ(outcome.answer, "ERR!UNSUPPORTED") << document;
    EXPECT_EQ(outcome.result, "ERR!UNSUPPORTED");
    EXPECT_EQ(outcome.message, "Unsupported command.");
  }
  EXPECT_TRUE(host().run("NOTIFY-INIT-HW", "", "1.7").ok());
}

TEST_F(XmlFirstStage, white_space_around_a_document_does_no_harm) {
  EXPECT_TRUE(
      host().run_document("\r\n  " + XmlHost::command("SET-HOST-INFO", "\n  <info>x</info>\n") + "\n").ok());
}

TEST_F(XmlFirstStage, a_missing_argument_is_named) {
  const auto outcome = host().run("BOOT-TO", "<at_address>0x40000000</at_address>");
  EXPECT_EQ(outcome.answer, "OK");
  EXPECT_EQ(outcome.result, "ERR");
  EXPECT_NE(outcome.message.find("da/arg/jmp_address"), std::string::npos);
}

TEST_F(XmlFirstStage, tells_hardware_without_storage) {
  EXPECT_TRUE(host().run("GET-HW-INFO", "<target_file>S&amp;x</target_file>").ok());
  ASSERT_TRUE(host().files.contains("S&x"));
  const std::string text = text_of(host().files["S&x"]);
  EXPECT_EQ(text.back(), '\0');
  EXPECT_NE(text.find("<version>1.0</version>"), std::string::npos);
  EXPECT_NE(text.find("<storage>NONE</storage>"), std::string::npos);
  EXPECT_EQ(host().statuses, Asked{"OK"});
}

TEST_F(XmlFirstStage, a_second_stage_whose_digest_it_holds_starts) {
  ASSERT_TRUE(host().run("NOTIFY-INIT-HW").ok());
  ASSERT_TRUE(phone_.boot_to().ok());
  EXPECT_EQ(host().asked.back(), "download MEM://0x1000:0x2345 (2nd-DA, CHK_NO)");
  EXPECT_EQ(host().statuses.size(), 3u) << "packets of 0x1000";
  EXPECT_EQ(host().run("SET-RUNTIME-PARAMETER").answer, "ERR!UNSUPPORTED") << "only the first stage knows it";
}

TEST_F(XmlFirstStage, without_memory_no_second_stage_runs) {
  const auto outcome = phone_.boot_to();
  EXPECT_EQ(outcome.result, "ERR");
  EXPECT_NE(outcome.message.find("DRAM"), std::string::npos);
  ASSERT_TRUE(host().run("NOTIFY-INIT-HW").ok());
  EXPECT_TRUE(phone_.boot_to().ok());
}

TEST_F(XmlFirstStage, a_changed_second_stage_is_refused_and_the_first_goes_on) {
  ASSERT_TRUE(host().run("NOTIFY-INIT-HW").ok());
  phone_.agent.da2[100] ^= std::byte{1};
  const auto outcome = phone_.boot_to();
  EXPECT_EQ(outcome.result, "ERR");
  EXPECT_NE(outcome.message.find("hash"), std::string::npos);
  phone_.agent.da2[100] ^= std::byte{1};
  EXPECT_TRUE(phone_.boot_to().ok());
}

TEST_F(XmlFirstStage, an_address_where_nothing_runs_resets_the_phone) {
  const auto outcome = host().run("BOOT-TO",
                                  "<at_address>0x1000</at_address><jmp_address>0x1000</jmp_address>"
                                  "<source_file>x</source_file>");
  EXPECT_EQ(outcome.message, "2nd DA address is invalid. reset.");
  phone_.bench.wait(milliseconds{50});
  EXPECT_EQ(phone_.bench.phone().bus(), Bus::off);
}

TEST_F(XmlFirstStage, checksums_of_2022_count_in_their_low_half) {
  ASSERT_TRUE(host().run_document(XmlBench::runtime("USB")).ok());
  ASSERT_TRUE(host().run("NOTIFY-INIT-HW").ok());
  host().sums = true;
  host().sum_error = 1;
  EXPECT_EQ(phone_.boot_to().result, "ERR");
  EXPECT_EQ(host().statuses, Asked{"ERR"}) << "told before the END";
  host().sum_error = 0x30000;
  EXPECT_TRUE(phone_.boot_to().ok());
  EXPECT_EQ(host().asked.back(), "download MEM://0x1000:0x2345 (2nd-DA, CHK_ADD)");
}

TEST_F(XmlFirstStage, a_host_that_fails_leaves_a_phone_that_answers) {
  ASSERT_TRUE(host().run("NOTIFY-INIT-HW").ok());
  for (const auto& [place, answer] : {std::pair{"DOWNLOAD document", "ERR"},
                                      {"DOWNLOAD length", "ERR"},
                                      {"DOWNLOAD length", "OK@0x7fffffffffffffff"},
                                      {"DOWNLOAD checksum", "ERR!CANCEL"}}) {
    host().instead[place] = answer;
    EXPECT_EQ(phone_.boot_to().result, "ERR") << place;
  }
  for (const auto* place : {"UPLOAD document", "UPLOAD length", "UPLOAD status", "UPLOAD data"}) {
    host().instead[place] = "ERR";
    EXPECT_EQ(host().run("GET-HW-INFO", "<target_file>t</target_file>").result, "ERR") << place;
  }
  EXPECT_TRUE(phone_.boot_to().ok());
}

TEST_F(XmlFirstStage, log_messages_come_between_all_packets_when_asked_for) {
  EXPECT_TRUE(host().run_document(XmlBench::runtime("NONE", "UART")).ok());
  EXPECT_TRUE(host().run("NOTIFY-INIT-HW").ok());
  EXPECT_TRUE(host().logs.empty());
  EXPECT_TRUE(host().run_document(XmlBench::runtime("NONE", "USB")).ok());
  EXPECT_TRUE(host().run("NOTIFY-INIT-HW").ok());
  EXPECT_GE(host().logs.size(), 4u);
}

TEST_F(XmlFirstStage, a_long_token_ends_the_session_and_a_long_document_only_itself) {
  host().take_turn();
  host().say_packet(Bytes(0x80001, std::byte{' '}));
  EXPECT_EQ(host().text(), "ERR");
  EXPECT_TRUE(host().run("NOTIFY-INIT-HW").ok());
  host().text();
  host().say_packet(Bytes(65, std::byte{'O'}));
  host().say("OK");
  EXPECT_TRUE(host().silent());
}

TEST_F(XmlFirstStage, memory_is_tested_and_repaired) {
  EXPECT_TRUE(host().run("RAM-TEST", "<function>SRAM</function>").ok());
  host().asked.clear();
  EXPECT_TRUE(host()
                  .run("RAM-TEST",
                       "<function>FLIP</function><start_address>0x40000000</start_address>"
                       "<length>0x1000</length><repeat>2</repeat>")
                  .ok());
  EXPECT_EQ(host().asked, Asked{"progress ram-test"});
  EXPECT_EQ(host().run("RAM-TEST", "<function>FLIP</function><start_address>0</start_address>").message,
            "XML node da/arg/length is required.");
  EXPECT_TRUE(host().run("RAM-TEST", "<function>CALIBRATION</function><target_file>c</target_file>").ok());
  EXPECT_EQ(host().run("RAM-TEST", "<function>BOIL</function>").result, "ERR");
  host().files["p"] = Bytes(4);
  EXPECT_TRUE(host().run("DEBUG:DRAM-REPAIR", "<param_file>p</param_file><target_file>t</target_file>").ok());
  EXPECT_EQ(text_of(host().files["t"]), std::string_view("NO-NEED\0", 8));
}

TEST(XmlStart, the_preloader_has_started_the_memory_already) {
  XmlBench phone{model_named("tiny-xml"), {}};
  phone.reach_da1();
  EXPECT_TRUE(phone.boot_to().ok());
}

TEST(XmlStart, other_memory_than_the_phone_has_does_not_start) {
  PhoneOptions options = Bench::keys_held();
  options.faults.stage.memory_id = Bytes(16);
  XmlBench phone{model_named("tiny-xml"), std::move(options)};
  phone.reach_da1();
  EXPECT_EQ(phone.host.run("NOTIFY-INIT-HW").result, "ERR");
}

TEST(XmlStart, without_a_battery_the_agent_is_silent_until_it_comes) {
  PhoneOptions options = Bench::keys_held();
  options.faults.battery = Battery::out;
  options.faults.battery_in_after = milliseconds{2000};
  XmlBench phone{model_named("tiny-xml"), std::move(options)};
  phone.reach_da1();
  EXPECT_TRUE(phone.host.silent());
  phone.host.hear(phone.bench.wait(milliseconds{2001}));
  EXPECT_EQ(phone.host.text(), XmlHost::start_document());
}

TEST(XmlStart, checksums_of_2023_count_whole_and_a_wrong_one_is_met_with_silence) {
  XmlBench phone{model_named("mt6886-ufs")};
  phone.reach_da1();
  ASSERT_TRUE(phone.host.run_document(XmlBench::runtime("USB")).ok());
  ASSERT_TRUE(phone.host.run("NOTIFY-INIT-HW").ok());
  phone.host.sums = true;
  phone.host.sum_error = 0x30000;
  EXPECT_EQ(phone.boot_to().result, "ERR");
  EXPECT_TRUE(phone.host.statuses.empty()) << "the END comes in place of the status";
  phone.host.sum_error = 0;
  EXPECT_TRUE(phone.boot_to().ok());
}

}  // namespace
}  // namespace mtk::sim
