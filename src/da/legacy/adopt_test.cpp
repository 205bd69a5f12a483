// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/adopt.h"

#include "brom/testing/bench.h"

#include <gtest/gtest.h>

namespace mtk::legacy {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view answers = "H> 72\n D> 5A 01\n";

/// What comes without a question is heard out first, as the session does it.
struct Search : ScriptBench {
  explicit Search(std::string_view script) : ScriptBench(script) {}

  Result<FoundAgent> after(LastWork work) {
    const Heard heard = hear_out(link, 40ms, search_time::quiet, {}).value();
    return find_agent(link, {.work = work, .heard = heard}, op);
  }
};

void expect_found(std::string_view script, LastWork work) {
  Search search{std::string{script} + std::string{answers} + "H> DB 00 40 00 00 00 08\n D> 5A\n"};
  const auto found = search.after(work);
  ASSERT_TRUE(found) << to_string(found.error());
  ASSERT_TRUE(found->agent) << search.phone.state();
  EXPECT_EQ(found->agent->facts().family, "legacy");
  EXPECT_TRUE(found->agent->facts().storage_id.empty());
  EXPECT_TRUE(found->agent->finish(BootMode::normal, search.op)) << search.phone.state();
  EXPECT_TRUE(search.phone.finished()) << search.phone.state();
}

TEST(LegacyLeftBehind, an_idle_agent_answers_at_once) { expect_found("", LastWork::idle); }

TEST(LegacyLeftBehind, the_rest_of_a_read_is_taken) {
  expect_found("D> {code 200} 12 34\n H> 5A\n D> {code 400} 12 34\n H> 5A\n", LastWork::reading);
}

TEST(LegacyLeftBehind, a_read_that_only_began_is_told_a_packet_size) {
  expect_found("D> 5A\n H> 00 10 00 00\n H> 5A\n D> {code 200} 12 34\n H> 5A\n", LastWork::reading);
}

TEST(LegacyLeftBehind, a_write_ends_where_a_packet_is_due) {
  expect_found("D> 69\n H> 96\n", LastWork::writing);
  expect_found("D> A5 00 00 0B F3\n H> 96\n", LastWork::writing);
}

TEST(LegacyLeftBehind, the_rest_of_a_broken_packet_is_filled_up_by_small_transfers) {
  expect_found("T> 96*64\n T> 72*64\n repeat 64\n T> 96*64\n end\n D> A5 00 00 0B F3\n H> 96\n",
               LastWork::writing);
}

TEST(LegacyLeftBehind, an_erase_is_followed_to_its_end) {
  expect_found(
      "D> 00 00 0B CD 10\n H> 5A\n D> 00 00 0B CD 50\n H> 5A\n D> 00 00 00 00 64\n H> 5A\n D> 5A 5A\n",
      LastWork::erasing);
}

/// A boot ROM that echoes, one that expects the start sequence, a preloader's odd words, and nobody.
TEST(LegacyLeftBehind, whoever_answers_otherwise_is_no_agent) {
  for (const std::string_view script : {"H> 72\n D> 72\n", "H> 72\n D> 73\n", "H> 72\n D> 5A\n",
                                        "H> 72\n D> 5A 07\n", "H> 72\n D> 5A 01 5A\n", "H> 72\n"}) {
    Search search{script};
    const auto found = search.after(LastWork::idle);
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_FALSE(found->agent) << script;
    EXPECT_LT(search.clock.now().time_since_epoch(), 333ms) << "a boot ROM does not listen for longer";
  }
}

TEST(LegacyLeftBehind, a_stop_ends_the_search) {
  Search search{"H> {code 1000}\n"};
  search.stop.request_stop();
  const auto found = search.after(LastWork::erasing);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::cancelled);
}

}  // namespace
}  // namespace mtk::legacy
