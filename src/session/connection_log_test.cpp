// SPDX-License-Identifier: Apache-2.0
#include "session/connection_log.h"

#include "base/file.h"
#include "transport/test_pty.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace mtk {
namespace {
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct Log : testing::Test {
  test::TempFolder folder;
  std::filesystem::path file = folder / "data/connections.jsonl";
  ConnectionLog log{file};
};

std::optional<AttemptEnd> end_of(Errc code, Stage stage = Stage::connect, bool lost = false,
                                 std::vector<std::string> during = {}) {
  const Error error{.code = code, .what = "x", .stage = stage, .during = std::move(during)};
  const auto attempt = attempt_of("", &error, lost, {}, 1s);
  return attempt ? std::optional{attempt->end} : std::nullopt;
}
}  // namespace

TEST_F(Log, gives_back_what_was_added_in_order) {
  const Attempt caught{.end = AttemptEnd::caught, .way = "usb", .entry = "brom", .took = 1234ms};
  const Attempt left{.end = AttemptEnd::left, .way = "tty", .took = 5ms};
  ASSERT_TRUE(log.add(caught));
  ASSERT_TRUE(log.add(left));
  EXPECT_THAT(log.attempts(), ElementsAre(caught, left));
}

TEST_F(Log, is_empty_before_the_first_attempt) { EXPECT_THAT(log.attempts(), IsEmpty()); }

TEST_F(Log, a_damaged_line_costs_no_other) {
  ASSERT_TRUE(log.add({.end = AttemptEnd::left}));
  std::ofstream{file, std::ios::app} << "{\"v\":1,\"end\":\"eaten\",\"ms\":1}\n{\"v\":2}\n[]\n{\"v\":1,\"en";
  ASSERT_TRUE(log.add({.end = AttemptEnd::silent}));
  ASSERT_EQ(log.attempts().size(), 2U);
  EXPECT_EQ(log.attempts().back().end, AttemptEnd::silent);
}

TEST_F(Log, stays_small_and_forgets_the_oldest) {
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(log.add({.way = "usb", .took = std::chrono::milliseconds{i}}));
  EXPECT_LE(std::filesystem::file_size(file), 32U << 10);
  const auto attempts = log.attempts();
  EXPECT_GT(attempts.size(), 100U);
  EXPECT_EQ(attempts.back().took, 999ms);
  EXPECT_EQ(attempts.front().took, std::chrono::milliseconds{1000 - static_cast<int>(attempts.size())});
}

TEST(Attempts, are_told_apart_by_how_far_they_came) {
  EXPECT_EQ(end_of(Errc::busy), AttemptEnd::not_opened);
  EXPECT_EQ(end_of(Errc::denied), AttemptEnd::not_opened);
  EXPECT_EQ(end_of(Errc::timeout), AttemptEnd::no_phone);
  EXPECT_EQ(end_of(Errc::timeout, Stage::connect, true), AttemptEnd::left);
  EXPECT_EQ(end_of(Errc::timeout, Stage::connect, false, {"HANDSHAKE"}), AttemptEnd::silent);
  EXPECT_EQ(end_of(Errc::timeout, Stage::brom), AttemptEnd::silent);
  EXPECT_EQ(end_of(Errc::disconnected), AttemptEnd::left);
  EXPECT_EQ(end_of(Errc::cancelled), std::nullopt);
  EXPECT_EQ(end_of(Errc::not_found, Stage::host), std::nullopt);
}

TEST(Attempts, count_on_cables_only) {
  const PhoneCard phone{.entry = "preloader"};
  EXPECT_EQ(attempt_of("unix:/tmp/x", nullptr, false, phone, 1s), std::nullopt);
  EXPECT_EQ(attempt_of("tcp:localhost:1", nullptr, false, phone, 1s), std::nullopt);
  EXPECT_EQ(attempt_of("", nullptr, false, phone, 1s),
            (Attempt{.end = AttemptEnd::caught, .way = "usb", .entry = "preloader", .took = 1s}));
  EXPECT_EQ(attempt_of("/dev/ttyACM0", nullptr, false, phone, 1s)->way, "tty");
}

TEST(Attempts, hold_nothing_that_tells_phones_apart) {
  test::TempFolder folder;
  const ConnectionLog log{folder / "c.jsonl"};
  PhoneCard phone{.chip = "MT6580", .hw_code = 0x6580, .entry = "brom"};
  phone.facts = {{.id = "me_id", .label = "ME_ID", .value = "1234"}};
  ASSERT_TRUE(log.add(*attempt_of("usb:1-2", nullptr, false, phone, 7ms)));
  const auto bytes = read_file(folder / "c.jsonl", 1000);
  EXPECT_EQ(*bytes, to_bytes(R"({"v":1,"end":"caught","way":"usb","entry":"brom","ms":7})"
                             "\n"));
}

}  // namespace mtk
