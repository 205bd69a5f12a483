// SPDX-License-Identifier: Apache-2.0
#include "da/xml/adopt.h"

#include "da/xml/testing.h"

#include <gtest/gtest.h>

namespace mtk::xml {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view hw_info =
    "<da_hw_info><storage>EMMC</storage><emmc><block_size>0x200</block_size><user_size>0x4000000</user_size>"
    "<id>1501</id></emmc></da_hw_info>";
const std::string start = agent_asks("START");
/// Everything that is asked of an agent that has offered.
const std::string questions = question("GET-HW-INFO", "", hw_info) +
                              question("GET-DA-INFO", "", "<da_info><da_version>7</da_version></da_info>");

/// What comes without a question is heard out first, as the session does it.
struct Search : ScriptBench {
  explicit Search(std::string_view script) : ScriptBench(framed(script)) {}

  Result<FoundAgent> after(LastWork work) {
    const Heard heard = hear_out(link, 40ms, search_time::quiet, {}).value();
    return find_agent(link, {.work = work, .heard = heard}, {}, op);
  }
};

void expect_found(const std::string& script, LastWork work) {
  Search search{script};
  const auto found = search.after(work);
  ASSERT_TRUE(found) << to_string(found.error()) << search.phone.state();
  ASSERT_TRUE(found->agent) << search.phone.state();
  EXPECT_EQ(found->agent->facts().version, "7");
  EXPECT_EQ(found->agent->facts().storage_id, to_bytes({0x15, 0x01}));
  EXPECT_TRUE(search.phone.finished()) << search.phone.state();
}

TEST(XmlLeftBehind, an_offer_that_nobody_heard_is_taken_up) { expect_found(questions, LastWork::idle); }

TEST(XmlLeftBehind, an_offer_that_was_heard_and_not_answered_is_answered_now) {
  expect_found(ok() + questions.substr(start.size() + ok().size()), LastWork::idle);
}

TEST(XmlLeftBehind, an_offer_that_was_answered_comes_again) {
  expect_found(ok() + agent_says("ERR") + questions, LastWork::idle);
}

TEST(XmlLeftBehind, a_delivery_ends_at_an_error) {
  const std::string end_of_command = agent_asks("END", "<result>ERR</result><message>x</message>");
  expect_found("D> raw {code 200}\n" + host_says("ERR") + end_of_command + ok() + questions,
               LastWork::reading);
}

TEST(XmlLeftBehind, a_write_that_waits_for_a_sum_ends_at_an_error) {
  const std::string end_of_command = agent_asks("END", "<result>ERR</result><message>x</message>");
  expect_found(
      agent_says("OK@0x0") + host_says("ERR") + agent_says("ERR") + end_of_command + ok() + questions,
      LastWork::writing);
}

TEST(XmlLeftBehind, the_rest_of_a_broken_packet_is_filled_up_by_blocks_of_usb) {
  // Four words, then blocks of 32 packets; all of them are data to the agent.
  const std::string end_of_command = agent_asks("END", "<result>ERR</result><message>x</message>");
  expect_found("H> raw {code 40}\n repeat 4\n T> raw {code 200}\n end\n" + agent_says("ERR") +
                   end_of_command + ok() + questions,
               LastWork::writing);
}

TEST(XmlLeftBehind, an_erase_is_followed_to_its_end) {
  expect_found(agent_says("OK!PROGRESS@10@x") + ok() + "wait 60000\n" + agent_says("OK!PROGRESS@90@x") +
                   ok() + agent_says("OK!EOT") + ok() + end() + questions,
               LastWork::erasing);
}

/// A boot ROM that echoes, one that expects the start sequence, and nobody.
TEST(XmlLeftBehind, whoever_answers_otherwise_is_no_agent) {
  for (const std::string_view answer : {"D> raw EF EE EE FE 03\n", "D> raw F0\n", ""}) {
    Search search{host_says("OK") + std::string{answer}};
    const auto found = search.after(LastWork::idle);
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_FALSE(found->agent) << answer;
    EXPECT_LT(search.clock.now().time_since_epoch(), 333ms) << "a boot ROM does not listen for longer";
  }
}

TEST(XmlLeftBehind, a_stop_ends_the_search) {
  Search search{"H> raw {code 1000}\n"};
  search.stop.request_stop();
  const auto found = search.after(LastWork::erasing);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::cancelled);
}

}  // namespace
}  // namespace mtk::xml
