// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace mtk::cli {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

struct Events : testing::Test {
  FakeClock clock;
  EventLines lines{clock};
};

TEST_F(Events, every_line_says_version_time_and_event) {
  clock.advance(1500ms);
  EXPECT_EQ(lines.stage(Stage::da2), "{\"v\":1,\"t\":1500,\"event\":\"stage\",\"stage\":\"da2\"}\n");
}

TEST_F(Events, the_timeline_of_the_bus) {
  BusEvent event{.kind = BusEvent::Kind::left, .port = "usb:1-2", .vendor = 0x0e8d, .product = 0x2000};
  event.face = "preloader";
  event.name = "MediaTek preloader";
  event.stayed = 1840ms;
  event.text = "it left";
  EXPECT_EQ(
      lines.bus(event),
      "{\"v\":1,\"t\":0,\"event\":\"bus\",\"kind\":\"left\",\"face\":\"preloader\",\"port\":\"usb:1-2\","
      "\"name\":\"MediaTek preloader\",\"before\":\"\",\"vendor\":3725,\"product\":8192,"
      "\"stayed_ms\":1840,\"errors\":0,\"text\":\"it left\"}\n");
}

TEST_F(Events, progress_is_in_bytes) {
  EXPECT_EQ(
      lines.progress({Stage::write, "boot", 1, 2, 3, 4}),
      "{\"v\":1,\"t\":0,\"event\":\"progress\",\"stage\":\"write\",\"item\":\"boot\",\"done\":1,\"total\":2,"
      "\"all_done\":3,\"all_total\":4}\n");
}

TEST_F(Events, a_result_carries_what_was_done) {
  Outcome outcome;
  outcome.partitions = {{"boot", PartitionOutcome::verified, 8, "ab"}};
  outcome.duration = 12ms;
  EXPECT_EQ(
      lines.outcome(outcome),
      "{\"v\":1,\"t\":0,\"event\":\"result\",\"exit\":0,\"partitions\":[{\"name\":\"boot\",\"outcome\":"
      "\"verified\",\"bytes\":8,\"sha256\":\"ab\"}],\"warnings\":[],\"began_writing\":false,\"half_written\":"
      "\"\",\"identity_folder\":\"\",\"duration_ms\":12}\n");
}

TEST_F(Events, an_error_carries_status_state_and_advice) {
  Outcome outcome;
  outcome.exit_code = 11;
  outcome.error = Error{.code = Errc::device_status,
                        .what = "refused",
                        .device_status = DeviceStatus{StatusKind::legacy_v5, 3149, ""},
                        .stage = Stage::write};
  outcome.failure = FailureReport{.what = "The storage chip does not answer.",
                                  .symbol = "3149 S_DA_EMMC_FLASH_NOT_FOUND",
                                  .device_state = "boot is written in part.",
                                  .cause = "",
                                  .next_actions = {"Repeat."},
                                  .evidence = {},
                                  .retryable = true};
  outcome.half_written = "boot";
  const std::string line = lines.outcome(outcome);
  EXPECT_THAT(line,
              HasSubstr("\"event\":\"error\",\"exit\":11,\"stage\":\"write\",\"kind\":\"device status\","
                        "\"family\":\"legacy-v5\",\"code\":3149,\"symbol\":\"S_DA_EMMC_FLASH_NOT_FOUND\""));
  EXPECT_THAT(line,
              HasSubstr("\"retryable\":true,\"next_actions\":[\"Repeat.\"],\"evidence\":[],\"refusals\":[]"));
  EXPECT_THAT(line, HasSubstr("\"half_written\":\"boot\""));
}

TEST_F(Events, an_error_without_a_status_has_none) {
  const std::string line = lines.error(Error{.code = Errc::usage, .what = "no"}, 2);
  EXPECT_THAT(line, HasSubstr("\"family\":\"\",\"code\":null,\"symbol\":\"\",\"what\":\"no\""));
}

TEST_F(Events, the_plan_is_data) {
  Plan plan;
  plan.steps = {KeepStep{"nvram", {Area::user, 16, 32}},
                WriteStep{.partition = "boot",
                          .target = {Area::user, 64, 8},
                          .image = {.file = "boot.img", .bytes = 8, .content_bytes = 4}},
                RebootStep{BootMode::off}};
  EXPECT_EQ(lines.plan(plan),
            "{\"v\":1,\"t\":0,\"event\":\"plan\",\"steps\":[{\"step\":\"keep\",\"partition\":\"nvram\","
            "\"area\":\"user\","
            "\"offset\":16,\"length\":32},{\"step\":\"write\",\"partition\":\"boot\",\"area\":\"user\","
            "\"offset\":64,"
            "\"length\":8,\"file\":\"boot.img\",\"bytes\":8,\"content_bytes\":4,\"interruptible\":true,"
            "\"skip_if_same\":false},{\"step\":\"reboot\",\"into\":\"off\"}],\"warnings\":[],\"bytes_to_"
            "write\":4}\n");
}

TEST_F(Events, names_that_are_not_utf8_make_no_broken_line) {
  const std::string line = lines.progress({Stage::write, "bo\xff\not", 0, 0, 0, 0});
  EXPECT_THAT(line, HasSubstr("\"item\":\"bo\xef\xbf\xbd\\not\""));
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
}

TEST_F(Events, progress_is_thinned_out_but_the_end_of_an_item_is_told) {
  std::string out;
  JsonView view{clock, lines, [&](std::string_view line) { out += line; }};
  for (std::uint64_t done = 0; done <= 100; ++done) {
    view.progress({Stage::write, "boot", done, 100, 0, 0});
    clock.advance(10ms);
  }
  view.progress({Stage::verify, "boot", 0, 100, 0, 0});
  EXPECT_EQ(out, "") << "a pipe may block";
  view.flush();
  EXPECT_EQ(std::ranges::count(out, '\n'), 12);
  EXPECT_THAT(out, HasSubstr("\"done\":100,\"total\":100"));
  EXPECT_THAT(out, HasSubstr("\"stage\":\"verify\""));
}

TEST_F(Events, a_saved_table_is_the_last_phone_that_has_partitions) {
  PhoneCard card;
  card.chip = "MT6580";
  const std::string before = lines.phone(card);
  card.partitions = {{"boot", {Area::user, 0x600000, 0x1000000}}, {"lk", {Area::boot1, 0, 0x1000}}};
  const auto table =
      read_saved_table(before + lines.stage(Stage::da2) + lines.phone(card) + before + "not json\n");
  ASSERT_TRUE(table);
  EXPECT_EQ(table->chip, "MT6580");
  ASSERT_EQ(table->partitions.size(), 2u);
  EXPECT_EQ(table->partitions[0].name, "boot");
  EXPECT_EQ(table->partitions[0].region, (Region{Area::user, 0x600000, 0x1000000}));
  EXPECT_EQ(table->partitions[1].region.area, Area::boot1);
}

TEST_F(Events, half_a_saved_table_is_an_error) {
  EXPECT_EQ(read_saved_table("").error().code, Errc::bad_image);
  EXPECT_EQ(read_saved_table(lines.phone({})).error().code, Errc::bad_image);
  for (const char* row : {"1", "{}", R"({"name":1,"area":"user","offset":0,"length":1})",
                          R"({"name":"a","area":"moon","offset":0,"length":1})",
                          R"({"name":"a","area":"user","offset":-1,"length":1})",
                          R"({"name":"a","area":"user","offset":0,"length":"x"})"}) {
    EXPECT_FALSE(read_saved_table(std::string(R"({"event":"phone","partitions":[)") + row + "]}")) << row;
  }
}

}  // namespace
}  // namespace mtk::cli
