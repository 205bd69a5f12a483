// SPDX-License-Identifier: Apache-2.0
// The ways a start can take besides the recorded one; see golden_test.cpp for that.
#include "da/legacy/start.h"

#include "da/legacy/testing.h"

#include <gtest/gtest.h>

namespace mtk::legacy {
namespace {

constexpr std::string_view upload =
    "H> D7\n D> D7\n H> 00 20 00 00\n D> 00 20 00 00\n H> 00 00 00 02\n D> 00 00 00 02\n H> 00 00 00 00\n"
    "D> 00 00 00 00 00 00\n H> 11 22\n D> 22 11 00 00\n"
    "H> D5\n D> D5\n H> 00 20 00 00\n D> 00 20 00 00 00 00\n";
constexpr std::string_view greeting =
    "D> C0 00 00 0B C4 00 00 00 00 00 00 15 01 00 4F 52 41 43 4C 45 01 12 34 56 78 A5 01\n T> 5A\n D> 04 02 "
    "94\n";
constexpr std::string_view configuration = "T> FF 01 00 08 00 70 07 FF FF 00 00 00 00 00 01 01 02 00\n";
constexpr std::string_view good_status = "D> 00 00 00 00\n";
constexpr std::string_view tail = "wait 1000\n T> 00 00 00 01 46 46 00*14 FF 00 00 00\n";
constexpr std::string_view stage2 = "T> 80 00 00 00 00 00 00 03 00 00 10 00\n D> 5A\n T> 33 44 55\n D> 5A\n";
constexpr std::string_view running = "D> 5A\n T> 5A\n";
constexpr std::string_view report =
    "D> 00 00 0B C3 00 08 FF FF 00*20\n D> 00 00 0B C4 00 FF FF 00*8 00 00 00*9\n"
    "D> 00*4 00*24 00*32 00*4 04 00 00 00 15 01 00 4F 52 41 43 4C 45 01 12 34 56 78 A5 01 00*8\n"
    "D> 00 00 0C 4A 00*24 00*38 5A 00*8 C1\n";
constexpr std::string_view high_speed = "T> 72\n D> 5A 01\n";

class StartBench : public ScriptBench {
 public:
  explicit StartBench(std::initializer_list<std::string_view> parts) : ScriptBench(joined(parts)) {
    options.on_tail_refused = [this] { tail_refused = true; };
  }
  auto start() {
    const PhoneInfo preloader{.stage = BootStage::preloader, .hw_code = 0x6580, .bl_version = 1};
    return start_agent(link, preloader,
                       {.stage1 = {.load_address = 0x00200000, .data = to_bytes({0x11, 0x22})},
                        .stage2 = {.load_address = 0x80000000, .data = to_bytes({0x33, 0x44, 0x55})}},
                       options, op);
  }

  LegacyOptions options;
  bool tail_refused = false;

 private:
  static std::string joined(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) text += part;
    return text;
  }
};

TEST(LegacyStart, a_chip_without_a_tail_is_waited_for) {
  StartBench phone{upload, greeting, configuration, "wait 9000\n", good_status,
                   stage2, running,  report,        high_speed};
  const auto agent = phone.start();
  ASSERT_TRUE(agent) << to_string(agent.error()) << "\n" << phone.phone.state();
  EXPECT_EQ((*agent)->facts().area(Area::user)->size, 0x4000000u);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(LegacyStart, an_agent_that_takes_a_tail_gets_it) {
  StartBench phone{upload,       greeting, configuration, tail,   good_status,
                   "wait 100\n", stage2,   running,       report, high_speed};
  phone.options.chip.tail.kind = TailKind::tlc24;
  const auto agent = phone.start();
  ASSERT_TRUE(agent) << to_string(agent.error()) << "\n" << phone.phone.state();
  EXPECT_FALSE(phone.tail_refused);
}

TEST(LegacyStart, an_unearned_ack_asks_for_a_power_cycle_and_is_remembered) {
  StartBench phone{upload, greeting, configuration, tail, good_status, "D> 5A\n"};
  phone.options.chip.tail.kind = TailKind::tlc24;
  const auto agent = phone.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().code, Errc::protocol);
  EXPECT_EQ(agent.error().stage, Stage::da1);
  EXPECT_TRUE(phone.tail_refused);
}

TEST(LegacyStart, never_sends_the_tail_to_an_agent_remembered_for_refusing_it) {
  StartBench phone{upload, greeting, configuration, "wait 3000\n", good_status,
                   stage2, running,  report,        high_speed};
  phone.options.chip.tail.kind = TailKind::tlc24;
  phone.options.agent_takes_no_tail = true;
  EXPECT_TRUE(phone.start()) << phone.phone.state();
}

TEST(LegacyStart, battery_and_charging_are_as_asked) {
  StartBench phone{upload,      greeting,  "T> FF 01 00 08 00 70 07 FF FF 00 00 00 00 00 02 01 02 00\n",
                   good_status, stage2,    running,
                   report,      high_speed};
  phone.options.force_charge = ForceCharge::automatic;
  EXPECT_TRUE(phone.start()) << phone.phone.state();
}

TEST(LegacyStart, another_status_stops_with_the_agents_code) {
  StartBench phone{upload, greeting, configuration, "D> 00 00 0B C1\n"};
  const auto agent = phone.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().code, Errc::device_status);
  EXPECT_EQ(agent.error().device_status->kind, StatusKind::legacy_v5);
  EXPECT_EQ(agent.error().device_status->code, 0xbc1u);
  EXPECT_EQ(agent.error().stage, Stage::dram);
}

constexpr std::string_view memory_request =
    "D> 00 00 0B C3\n"
    "D> 00 00 00 00 15 01 00 4F 52 41 43 4C 45 01 12 34 56 78 A5 01 00 00 0B C4 00 00\n";

TEST(LegacyStart, gives_the_memory_settings_of_the_storage_that_asks) {
  StartBench phone{
      upload,
      greeting,
      configuration,
      memory_request,
      "T> E8 00 00 00 15\n D> 5A 00 00 00 BC\n T> 5A\n T> 00 00 00 04\n T> 01 02 03 04\n D> 00 0A\n T> 5A\n"
      "T> 80 00 00 01\n D> 00 00 00 00 02 00 00 00 00 00 20 00 00 00\n",
      stage2,
      running,
      report,
      high_speed};
  Bytes asked;
  phone.options.memory_settings = [&](const FlashIds& ids) -> Result<EmiSettings> {
    asked = ids.emmc_id;
    return EmiSettings{.version = 21, .record_count = 1, .payload = to_bytes({1, 2, 3, 4})};
  };
  const auto agent = phone.start();
  ASSERT_TRUE(agent) << to_string(agent.error()) << "\n" << phone.phone.state();
  EXPECT_EQ(hex_compact(asked), "1501004f5241434c450112345678a501");
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(LegacyStart, names_the_missing_memory_settings) {
  StartBench phone{upload, greeting, configuration, memory_request};
  const auto agent = phone.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().stage, Stage::dram);
  EXPECT_EQ(agent.error().device_status->code, 3011u);
}

TEST(LegacyStart, a_phone_lost_while_memory_starts_is_lost_at_stage_dram) {
  StartBench phone{upload, greeting, configuration, memory_request, "T> E8 00 00 00 15\n gone\n"};
  phone.options.memory_settings = [](const FlashIds&) -> Result<EmiSettings> {
    return EmiSettings{.version = 21, .record_count = 1, .payload = to_bytes({1})};
  };
  const auto agent = phone.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().code, Errc::disconnected);
  EXPECT_EQ(agent.error().stage, Stage::dram);
}

TEST(LegacyStart, silence_after_stage_2_is_a_refusal) {
  StartBench phone{upload, greeting, configuration, good_status, stage2};
  const auto agent = phone.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().code, Errc::timeout);
  EXPECT_EQ(agent.error().stage, Stage::da1);
  EXPECT_EQ(agent.error().during.front(), "STAGE_2");
}

TEST(LegacyStart, an_agent_that_speaks_late_is_waited_for) {
  StartBench phone{upload, "wait 60000\n", greeting, configuration, good_status, stage2};
  EXPECT_EQ(phone.start().error().during.front(), "STAGE_2") << "the first stage was heard to its end";
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(LegacyStart, raises_a_low_usb_speed) {
  StartBench phone{upload,    greeting, configuration, good_status,
                   stage2,    running,  report,        "T> 72\n D> 5A 00\n T> 70 01\n D> 5A\n leave\n",
                   high_speed};
  const auto agent = phone.start();
  ASSERT_TRUE(agent) << to_string(agent.error()) << "\n" << phone.phone.state();
  EXPECT_TRUE((*agent)->facts().usb_high_speed);
  EXPECT_TRUE(phone.phone.finished()) << phone.phone.state();
}

TEST(LegacyStart, leaves_the_usb_speed_alone_when_told_to) {
  StartBench phone{upload, greeting, configuration, good_status,
                   stage2, running,  report,        "T> 72\n D> 5A 00\n"};
  phone.options.raise_usb_speed = false;
  const auto agent = phone.start();
  ASSERT_TRUE(agent) << phone.phone.state();
  EXPECT_FALSE((*agent)->facts().usb_high_speed);
}

TEST(LegacyStart, a_refused_first_stage_is_the_preloaders_word) {
  StartBench phone{
      "H> D7\n D> D7\n H> 00 20 00 00\n D> 00 20 00 00\n H> 00 00 00 02\n D> 00 00 00 02\n"
      "H> 00 00 00 00\n D> 00 00 00 00 1D 15\n"};
  const auto agent = phone.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().stage, Stage::preloader);
  EXPECT_EQ(agent.error().device_status->kind, StatusKind::brom16);
  EXPECT_EQ(agent.error().device_status->code, 0x1d15u);
}

TEST(LegacyStart, a_stop_ends_the_waiting_at_once) {
  StartBench phone{upload, greeting, configuration, "wait 5000\n", good_status};
  phone.stop.request_stop();
  const auto agent = phone.start();
  ASSERT_FALSE(agent);
  EXPECT_EQ(agent.error().code, Errc::cancelled);
}

}  // namespace
}  // namespace mtk::legacy
