// SPDX-License-Identifier: Apache-2.0
#include "da/xml/testing.h"

#include <gtest/gtest.h>

namespace mtk::xml {
namespace {

TEST(XmlQueries, ask_for_table_hardware_and_agent) {
  AgentBench bench{
      question(
          "READ-PARTITION-TABLE", "",
          "<partition_table version=\"1.0\"><pt><name>lk</name><start>0x1000</start><size>0x2000</size></pt>"
          "</partition_table>") +
      question("GET-HW-INFO", "", "<da_hw_info><ram_size>0x10</ram_size></da_hw_info>") +
      question("GET-DA-INFO", "", "<da_info><da_version>2021</da_version><build>Apr</build></da_info>") +
      question("GET-DOWNLOADED-IMAGE-FEEDBACK", "", "<feedback><item pt=\"lk\" file=\"a\"/></feedback>")};
  const auto table = bench.agent.partition_table(bench.op);
  ASSERT_TRUE(table) << to_string(table.error());
  EXPECT_EQ(*table, (std::vector<ListedPartition>{{.name = "lk", .offset = 0x1000, .size = 0x2000}}));
  EXPECT_EQ(bench.agent.hardware(bench.op)->ram_size, 0x10u);
  EXPECT_EQ(bench.agent.agent_info(bench.op)->build, "Apr");
  EXPECT_EQ(bench.agent.downloaded_images(bench.op)->at(0).partition, "lk");
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlQueries, a_phone_without_a_table_refuses) {
  AgentBench bench{command("READ-PARTITION-TABLE", "<target_file>MEM://0x2000:0x200000</target_file>") +
                   end("ERR", "no partition table")};
  const auto table = bench.agent.partition_table(bench.op);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, Errc::device_status);
  EXPECT_EQ(table.error().stage, Stage::da2);
  EXPECT_EQ(table.error().during.back(), "READ-PARTITION-TABLE");
}

TEST(XmlQueries, a_damaged_reply_is_named_with_its_question) {
  AgentBench bench{question("READ-PARTITION-TABLE", "", "<partition_table>")};
  const auto table = bench.agent.partition_table(bench.op);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, Errc::protocol);
  EXPECT_EQ(table.error().during.back(), "READ-PARTITION-TABLE");
  EXPECT_EQ(bench.agent.state(), AgentState::answering);
}

TEST(XmlQueries, ask_for_properties) {
  AgentBench bench{
      question("GET-SYS-PROPERTY", "<key>DA.HRID</key>", "<sys_prop version=\"1.0\"></sys_prop>")};
  const auto value = bench.agent.property("DA.HRID", bench.op);
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, std::nullopt);
}

std::string emmc_control(std::string_view function) {
  return command(
      "EMMC-CONTROL",
      fmt::format("<function>{}</function><target_file>MEM://0x2000:0x200000</target_file>", function));
}

TEST(XmlQueries, ask_for_the_life_of_the_storage_and_the_rpmb_key) {
  AgentBench bench{emmc_control("LIFE-CYCLE-STATUS") + reply_of(3, "`OK` 00") + end() +
                   emmc_control("GET-RPMB-KEY-STATUS") + reply("NOT-EXIST") + end() +
                   emmc_control("GET-RPMB-KEY-STATUS") + reply("EXIST") + end()};
  EXPECT_EQ(bench.agent.storage_life(bench.op)->value(), "OK");
  EXPECT_EQ(bench.agent.has_rpmb_key(bench.op)->value(), false);
  EXPECT_EQ(bench.agent.has_rpmb_key(bench.op)->value(), true);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlQueries, an_answer_that_never_comes_means_not_known) {
  AgentBench bench{emmc_control("LIFE-CYCLE-STATUS") + end() + emmc_control("GET-RPMB-KEY-STATUS") + end()};
  const auto life = bench.agent.storage_life(bench.op);
  ASSERT_TRUE(life);
  EXPECT_EQ(*life, std::nullopt);
  const auto key = bench.agent.has_rpmb_key(bench.op);
  ASSERT_TRUE(key);
  EXPECT_EQ(*key, std::nullopt);
}

TEST(XmlQueries, tells_for_show_what_the_agent_knows) {
  AgentBench bench{
      emmc_control("LIFE-CYCLE-STATUS") + reply("WARNING") + end() + emmc_control("GET-RPMB-KEY-STATUS") +
      end() +
      question("GET-SYS-PROPERTY", "<key>DA.HRID</key>",
               "<sys_prop version=\"1.0\"><item key=\"DA.HRID\">a5</item></sys_prop>") +
      refused("GET-SYS-PROPERTY", "<key>DA.SEG_CODE</key><target_file>MEM://0x2000:0x200000</target_file>")};
  const auto facts = bench.agent.further_facts(bench.op);
  ASSERT_TRUE(facts) << to_string(facts.error());
  EXPECT_EQ(*facts, (FactTexts{{"Storage life", "WARNING"}, {"Hardware random id", "a5"}}));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlQueries, a_register_has_four_bytes) {
  const std::string ask = command("READ-REGISTER",
                                  "<bit_width>32</bit_width><base_address>0x10007000</base_address>"
                                  "<target_file>MEM://0x2000:0x200000</target_file>");
  AgentBench bench{ask + reply_of(4, "78 56 34 12") + end() + ask + reply_of(2, "78 56") + end() + ask +
                   end("ERR", "R/W on this address is forbidden.")};
  EXPECT_EQ(bench.agent.read_register(0x10007000, bench.op), 0x12345678u);
  EXPECT_EQ(bench.agent.read_register(0x10007000, bench.op).error().code, Errc::protocol);
  EXPECT_EQ(bench.agent.read_register(0x10007000, bench.op).error().code, Errc::device_status);
}

TEST(XmlQueries, gives_a_signature_for_what_follows) {
  const std::string set =
      command("SECURITY-SET-ALLINONE-SIGNATURE", "<source_file>MEM://0x3000:0x1000</source_file>");
  AgentBench bench{set + fetches("MEM://0x3000:0x1000") + ok() + host_says("OK@0x2") + agent_says("OK") +
                   host_says("OK@0x0") + agent_says("OK") + "T> AA BB\n" + agent_says("OK") + end() + set +
                   end()};
  BytesSource signature{to_bytes({0xaa, 0xbb})};
  EXPECT_TRUE(bench.agent.set_signature(signature, bench.op));
  EXPECT_EQ(bench.agent.set_signature(signature, bench.op).error().code, Errc::protocol);
}

TEST(XmlQueries, a_lost_agent_is_not_asked) {
  AgentBench bench{"D> raw 00*12\n"};
  EXPECT_EQ(bench.agent.partition_table(bench.op).error().code, Errc::protocol);
  EXPECT_EQ(bench.agent.state(), AgentState::lost);
  EXPECT_EQ(bench.agent.partition_table(bench.op).error().code, Errc::disconnected);
}

}  // namespace
}  // namespace mtk::xml
