// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/adopt.h"

#include "da/xflash/session_script.h"
#include "da/xflash/testing.h"

#include <gtest/gtest.h>

namespace mtk::xflash {
namespace {

using namespace std::chrono_literals;

/// The word that leads out of everything, and what the command loop says to it.
constexpr std::string_view way_out = "H> 02 00 01 C0\n";
constexpr std::string_view not_known = "D> 03 00 01 C0\n";
constexpr std::string_view aborted = "D> 02 00 01 C0\n";
constexpr std::string_view wrong_sum = "D> 03 00 04 C0\n";

/// What comes without a question is heard out first, as the session does it.
struct Search : ScriptBench {
  explicit Search(std::string_view conversation) : ScriptBench(framed(conversation)) {}

  Result<FoundAgent> after(LastWork work) {
    const Heard heard = hear_out(link, 40ms, search_time::quiet, {}).value();
    return find_agent(link, {.work = work, .heard = heard}, {}, op);
  }
};

void expect_found(std::initializer_list<std::string_view> parts, LastWork work) {
  const StartScript answers;
  Search search{script(parts) + answers.usb_speed + answers.emmc + answers.other_storage + answers.questions +
                answers.packet_length + answers.optional_questions + answers.storage_life};
  const auto found = search.after(work);
  ASSERT_TRUE(found) << to_string(found.error()) << search.phone.state();
  ASSERT_TRUE(found->agent) << search.phone.state();
  EXPECT_EQ(found->agent->facts().family, "xflash");
  EXPECT_EQ(found->agent->facts().storage_id.size(), 16u);
  EXPECT_EQ(found->hw_code, 0x766);
  EXPECT_TRUE(search.phone.finished()) << search.phone.state();
}

TEST(XflashLeftBehind, an_idle_agent_does_not_know_the_word) {
  expect_found({way_out, not_known}, LastWork::idle);
}

TEST(XflashLeftBehind, a_status_that_nobody_read_is_dropped) {
  expect_found({ok, way_out, not_known}, LastWork::idle);
}

TEST(XflashLeftBehind, a_read_ends_with_the_word_as_its_status) {
  expect_found({"D> raw {code 200}\n", way_out, aborted, way_out, not_known}, LastWork::reading);
}

TEST(XflashLeftBehind, a_write_ends_where_a_packet_is_due) {
  expect_found({ok, way_out, aborted, way_out, not_known}, LastWork::writing);
}

TEST(XflashLeftBehind, a_write_takes_the_word_for_a_sum_and_for_data) {
  expect_found({way_out, way_out, wrong_sum, wrong_sum, way_out, not_known}, LastWork::writing);
}

TEST(XflashLeftBehind, the_rest_of_a_broken_packet_is_filled_up_by_blocks_of_usb) {
  // Four words, then blocks of 32 packets each; every one of them is data to the agent.
  Search search{script({"H> raw {code 40}\n repeat 32\n T> raw {code 200}\n end\n", wrong_sum, wrong_sum,
                        way_out, not_known, "H> 09 00 01 00\n gone\n"})};
  const auto found = search.after(LastWork::writing);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::disconnected) << "asked, so it was found";
  EXPECT_EQ(search.phone.fault(), "");
}

TEST(XflashLeftBehind, an_erase_is_followed_to_its_end) {
  constexpr std::string_view report = "D> 04 00 04 40\n D> 20 00 00 00\n";
  constexpr std::string_view go_on = "H> 00 00 00 00\n";
  expect_found({report, go_on, report, go_on, "wait 60000\n D> 05 00 04 40\n", way_out, not_known},
               LastWork::erasing);
}

TEST(XflashLeftBehind, a_nand_is_read_as_the_kind_it_is) {
  StartScript answers;
  answers.emmc = unknown("01 00 04 00");
  answers.other_storage =
      answered("02 00 04 00",
               "11 00 00 00 00 08 00 00 00 00 02 00 40 00 00 00 00 00 00 40 00*4 00 00 00 20 00*20") +
      unknown("03 00 04 00") + unknown("04 00 04 00");
  Search search{script({way_out, not_known}) + answers.usb_speed + answers.emmc + answers.other_storage +
                answers.questions + answers.packet_length + answers.optional_questions +
                answers.storage_life +
                script({"H> 05 00 01 00\n", ok, "H> 11 00*15 04 00*23 01 00*15\n", ok, ok, "D> 01 02 03 04\n",
                        "H> 00 00 00 00\n", ok})};
  const auto found = search.after(LastWork::idle);
  ASSERT_TRUE(found) << to_string(found.error()) << search.phone.state();
  ASSERT_TRUE(found->agent) << search.phone.state();
  BytesSink sink;
  EXPECT_TRUE(found->agent->read({Area::nand, 0, 4}, sink, "x", search.op)) << search.phone.state();
  EXPECT_EQ(sink.bytes, to_bytes({1, 2, 3, 4}));
}

/// A boot ROM that echoes, one that expects the start sequence, and nobody.
TEST(XflashLeftBehind, whoever_answers_otherwise_is_no_agent) {
  constexpr std::string_view sent = "EF EE EE FE 01 00 00 00 04 00 00 00 02 00 01 C0";
  for (const std::string& conversation :
       {fmt::format("repeat 4\n H> raw {}\n D> raw {}\n end\n", sent, sent),
        fmt::format("H> raw {}\n D> raw F0\n", sent), fmt::format("H> raw {}\n", sent)}) {
    Search search{conversation};
    const auto found = search.after(LastWork::idle);
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_FALSE(found->agent) << conversation;
    EXPECT_EQ(search.phone.fault(), "");
    EXPECT_LT(search.clock.now().time_since_epoch(), 333ms) << "a boot ROM does not listen for longer";
  }
}

TEST(XflashLeftBehind, a_stop_ends_the_search) {
  Search search{"H> raw {code 1000}\n"};
  search.stop.request_stop();
  const auto found = search.after(LastWork::erasing);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::cancelled);
}

}  // namespace
}  // namespace mtk::xflash
