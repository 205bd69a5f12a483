// SPDX-License-Identifier: Apache-2.0
// One conversation from the upload to the restart, broken at every byte in turn.
#include "da/testing/faults.h"
#include "da/xml/start.h"
#include "da/xml/testing.h"

namespace mtk::xml {
namespace {

using namespace std::chrono_literals;

/// A start as short as this host makes it, then a read, a write and the restart.
std::string conversation() {
  const std::string upload =
      "H> raw D7\n D> raw D7\n H> raw 02 00 00 00\n D> raw 02 00 00 00\n H> raw 00 00 00 02\n"
      "D> raw 00 00 00 02\n H> raw 00 00 00 00\n D> raw 00 00 00 00 00 00\n H> raw 11 22\n"
      "D> raw 22 11 00 00\n H> raw D5\n D> raw D5\n H> raw 02 00 00 00\n D> raw 02 00 00 00 00 00\n";
  const std::string settings = agent_asks("START") + ok() +
                               host_says(to_command(SetRuntimeParameter{}).document) + agent_says("OK") +
                               end();
  const std::string init = command("NOTIFY-INIT-HW", "") + progress() + end();
  const auto sends_4 = [](std::string_view file, std::string_view answer) {
    return fetches(file) + ok() + host_says("OK@0x4") + agent_says("OK") + host_says("OK@0x0") +
           agent_says("OK") + "T> 01 02 03 04\n" + agent_says(answer);
  };
  return upload + settings + init + command("SET-HOST-INFO", "<info>mtkflash</info>") + end() +
         command("BOOT-TO",
                 "<at_address>0x40000000</at_address><jmp_address>0x40000000</jmp_address>"
                 "<source_file>MEM://0x1000:0x4</source_file>") +
         sends_4("MEM://0x1000:0x4", "OK") + end() + init +
         question("GET-SYS-PROPERTY", "<key>DA.SLA</key>", "<sys_prop/>") +
         question(
             "GET-HW-INFO", "",
             "<da_hw_info><storage>EMMC</storage><emmc><user_size>0x4000</user_size></emmc></da_hw_info>") +
         refused("GET-DA-INFO", "<target_file>MEM://0x2000:0x200000</target_file>") +
         refused("CAN-HIGHER-USB-SPEED", "<target_file>MEM://0x2000:0x200000</target_file>") +
         command("READ-FLASH",
                 "<partition>EMMC-USER</partition><offset>0x1000</offset><length>0x4</length>"
                 "<target_file>MEM://0x2000:0x4</target_file>") +
         delivers("MEM://0x2000:0x4") + ok() + agent_says("OK@0x4") + ok() + agent_says("OK@0x0") + ok() +
         "D> 01 02 03 04\n" + ok() + end() +
         command("WRITE-FLASH",
                 "<partition>EMMC-USER</partition><offset>0x1000</offset>"
                 "<source_file>MEM://0x3000:0x4</source_file>") +
         asks_about("FILE-SIZE", "MEM://0x3000:0x4") + ok() + host_says("OK@0x4") +
         sends_4("MEM://0x3000:0x4", "OK@0x0") + end() + command("REBOOT", "<action>IMMEDIATE</action>") +
         end();
}

Result<> converse(Transport& link, OpContext& op, FaultOutcome& outcome) {
  const PhoneInfo phone{.stage = BootStage::brom, .hw_code = 0x1172};
  const AgentStages stages{.stage1 = {.load_address = 0x02000000, .data = to_bytes({0x11, 0x22})},
                           .stage2 = {.load_address = 0x40000000, .data = to_bytes({1, 2, 3, 4})}};
  XmlOptions options;
  options.variant = {.stage1_takes_host_commands = false, .stage2_takes_host_commands = false};
  MTK_TRY_LET(const auto agent, start_agent(link, phone, stages, options, op));
  const Region place{Area::user, 0x1000, 4};
  BytesSink sink;
  MTK_TRY(agent->read(place, sink, "x", op));
  outcome.read = sink.bytes;
  BytesSource source{to_bytes({1, 2, 3, 4})};
  MTK_TRY(agent->write(place, source, "x", op));
  outcome.written = true;
  return agent->finish(BootMode::normal, op);
}

template <class Check>
void with_every_byte_of_it(Fault::Kind kind, Check check) {
  with_every_byte(ScriptedPhone{framed(conversation())}, converse, kind, wait_for::erase_step + 60s, check);
}

TEST(XmlFaults, a_cut_at_any_byte_is_a_lost_phone_at_a_named_stage) {
  with_every_byte_of_it(Fault::Kind::cut, [](const FaultOutcome& outcome, BrokenAt) {
    if (!outcome.error) {
      EXPECT_TRUE(outcome.written);  // the last OK of a restart may be lost
      return;
    }
    EXPECT_EQ(outcome.error->code, Errc::disconnected) << to_string(*outcome.error);
    EXPECT_NE(outcome.error->stage, Stage::host);
    EXPECT_FALSE(outcome.error->during.empty());
  });
}

TEST(XmlFaults, a_lost_byte_is_noticed_and_waited_for_in_vain_only_so_long) {
  with_every_byte_of_it(Fault::Kind::shorten, [](const FaultOutcome& outcome, BrokenAt) {
    if (outcome.error) {
      EXPECT_NE(outcome.error->stage, Stage::host) << to_string(*outcome.error);
    }
    if (!outcome.read.empty()) {
      EXPECT_EQ(outcome.read, to_bytes({1, 2, 3, 4}));
    }
  });
}

/// Data carries no sum on its way to the host, so a turned bit in it goes unseen here and is met by
/// comparing.
TEST(XmlFaults, a_turned_bit_ends_at_a_named_stage_or_changes_nothing_else) {
  with_every_byte_of_it(Fault::Kind::flip, [](const FaultOutcome& outcome, BrokenAt) {
    if (outcome.error) {
      EXPECT_NE(outcome.error->stage, Stage::host) << to_string(*outcome.error);
    } else {
      EXPECT_TRUE(outcome.written);
      EXPECT_EQ(outcome.read.size(), 4u);
    }
  });
}

}  // namespace
}  // namespace mtk::xml
