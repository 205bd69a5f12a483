// SPDX-License-Identifier: Apache-2.0
#include "da/xml/testing.h"

#include <gtest/gtest.h>

namespace mtk::xml {
namespace {

using namespace std::chrono_literals;

const std::string erase_cache = command("ERASE-PARTITION", "<partition>cache</partition>");
constexpr ErasePartition cache{.partition = "cache"};

/// Runs the erase of `cache` and checks that the phone heard nothing wrong.
Result<> erase(TalkBench& bench, Clock::Duration patience = wait_for::token) {
  Services services{.counts = Counts::reports, .progress = {.item = {}, .total = 1000}, .patience = patience};
  auto result = bench.run(cache, services);
  EXPECT_EQ(bench.phone.fault(), "");
  return result;
}

TEST(XmlConversation, runs_a_command_to_its_end) {
  TalkBench bench{erase_cache + progress() + end()};
  const auto erased = erase(bench);
  EXPECT_TRUE(erased) << to_string(erased.error());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlConversation, a_refused_command_ends_too_and_the_next_one_is_in_step) {
  TalkBench bench{refused("ERASE-PARTITION", "<partition>cache</partition>") + erase_cache + end()};
  const auto refusal = erase(bench);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().code, Errc::unsupported);
  EXPECT_EQ(refusal.error().device_status->text, "ERR!UNSUPPORTED");
  EXPECT_EQ(refusal.error().during.back(), "ERASE-PARTITION");
  EXPECT_TRUE(erase(bench));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlConversation, a_command_that_did_not_arrive_is_refused_without_an_end) {
  const std::string not_received = command("ERASE-PARTITION", "<partition>cache</partition>", "ERR");
  TalkBench bench{not_received + erase_cache + end()};
  const auto refusal = erase(bench);
  ASSERT_FALSE(refusal);
  EXPECT_EQ(refusal.error().code, Errc::device_status);
  EXPECT_TRUE(erase(bench));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlConversation, a_failed_command_carries_the_agents_message_on_one_line) {
  TalkBench bench{erase_cache + end("ERR", "cannot find&#13;&#10;[cache].")};
  const auto failed = erase(bench);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Errc::device_status);
  EXPECT_EQ(failed.error().device_status->kind, StatusKind::xml_text);
  EXPECT_EQ(failed.error().device_status->text, "cannot find [cache].");
  EXPECT_FALSE(bench.talk.link().lost());
}

TEST(XmlConversation, the_message_of_a_success_is_stale) {
  TalkBench bench{erase_cache + end("OK", "cannot find [boot].")};
  EXPECT_TRUE(erase(bench));
}

TEST(XmlConversation, a_result_that_is_no_ok_is_a_failure) {
  for (const std::string_view result : {"", "ERR!CANCEL", "WELL"}) {
    TalkBench bench{erase_cache + end(result)};
    EXPECT_EQ(erase(bench).error().code, Errc::device_status) << result;
  }
}

TEST(XmlConversation, messages_may_stand_between_any_two_packets) {
  const std::string log = "D> raw EF EE EE FE 02 00 00 00 07 00 00 00 01 00 00 00 `abc`\n";
  std::string script;
  std::istringstream lines{erase_cache + progress() + end()};
  for (std::string line; std::getline(lines, line);)
    script += (line[0] == 'D' ? log + log : "") + line + "\n";
  TalkBench bench{script};
  EXPECT_TRUE(erase(bench));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlConversation, empty_packets_are_passed_over_but_not_for_ever) {
  TalkBench some{"D> raw EF EE EE FE 01 00 00 00 00 00 00 00\n" + erase_cache + end()};
  EXPECT_TRUE(erase(some));
  TalkBench many{"repeat 100\nD> raw EF EE EE FE 01 00 00 00 00 00 00 00\nend\n"};
  EXPECT_EQ(erase(many).error().code, Errc::protocol);
  EXPECT_TRUE(many.talk.link().lost());
}

TEST(XmlConversation, words_may_end_in_several_nuls_or_none) {
  TalkBench bench{agent_asks("START") + ok() + host_says(to_command(cache).document) + "D> `OK` 00 00 00\n" +
                  progress_begins() + "D> `OK!EOT`\n" + ok() + end()};
  EXPECT_TRUE(erase(bench));
}

TEST(XmlConversation, follows_progress_with_and_without_text) {
  TalkBench bench{erase_cache + progress_begins() + agent_says("OK!PROGRESS@10@erase") + ok() +
                  agent_says("OK!PROGRESS@50") + ok() + agent_says("OK!PROGRESS@900@?") + ok() +
                  agent_says("OK!PROGRESS") + ok() + agent_says("OK!EOT") + ok() + end()};
  Amounts amounts;
  OpContext op{bench.stop.get_token(), amounts};
  Services services{.counts = Counts::reports, .progress = {.item = {}, .total = 1000}};
  EXPECT_TRUE(bench.talk.run(to_command(cache), services, op));
  EXPECT_EQ(amounts.done, (std::vector<std::uint64_t>{100, 500}));
}

TEST(XmlConversation, progress_without_end_is_given_up) {
  TalkBench bench{erase_cache + progress_begins() + "repeat 10001\n" + agent_says("OK!PROGRESS@1@x") + ok() +
                  "end\n"};
  const auto result = erase(bench);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::protocol);
  EXPECT_TRUE(bench.talk.link().lost());
}

TEST(XmlConversation, slow_progress_without_end_is_given_up) {
  TalkBench bench{erase_cache + progress_begins() + "repeat 61\nwait 60000\n" +
                  agent_says("OK!PROGRESS@1@x") + ok() + "end\n"};
  EXPECT_EQ(erase(bench).error().code, Errc::protocol);
}

TEST(XmlConversation, requests_without_end_are_given_up) {
  TalkBench bench{erase_cache + "repeat 1025\n" + progress() + "end\n"};
  const auto result = erase(bench);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::protocol);
}

TEST(XmlConversation, a_failed_progress_is_the_reason_when_the_end_names_none) {
  TalkBench bench{erase_cache + progress_begins() + agent_says("ERR") + ok() + end("ERR")};
  const auto result = erase(bench);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::device_status);
  EXPECT_EQ(result.error().device_status->text, "ERR");
}

TEST(XmlConversation, an_agent_that_does_not_stop_while_it_erases_has_erased) {
  TalkBench bench{erase_cache + progress_begins() + agent_says("OK!PROGRESS@10@x") + host_says("ERR!CANCEL") +
                  agent_says("OK!EOT") + ok() + end()};
  class Stopping final : public Observer {
   public:
    explicit Stopping(std::stop_source& stop) : stop_(stop) {}
    void progress(const Progress&) override { stop_.request_stop(); }

   private:
    std::stop_source& stop_;
  };
  Stopping observer{bench.stop};
  OpContext op{bench.stop.get_token(), observer};
  Services services{.counts = Counts::reports, .progress = {.item = {}, .total = 1000}};
  EXPECT_TRUE(bench.talk.run(to_command(cache), services, op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();

  TalkBench obedient{erase_cache + progress_begins() + agent_says("OK!PROGRESS@10@x") +
                     host_says("ERR!CANCEL") + end("ERR", "user cancel")};
  Stopping again{obedient.stop};
  OpContext other{obedient.stop.get_token(), again};
  const auto stopped = obedient.talk.run(to_command(cache), services, other);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Errc::cancelled);
  EXPECT_FALSE(obedient.talk.link().lost());
}

TEST(XmlConversation, a_stop_before_the_command_says_nothing) {
  TalkBench bench{erase_cache};
  bench.stop.request_stop();
  EXPECT_EQ(erase(bench).error().code, Errc::cancelled);
  EXPECT_FALSE(bench.talk.link().lost());
}

TEST(XmlConversation, an_unknown_request_is_refused_and_fails_the_command) {
  TalkBench bench{erase_cache + agent_asks("COFFEE") + host_says("ERR!UNSUPPORTED") + end()};
  const auto result = erase(bench);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::protocol);
  EXPECT_FALSE(bench.talk.link().lost());
}

TEST(XmlConversation, what_comes_out_of_order_ends_the_session) {
  for (const std::string& script :
       {end(), agent_says("OK"), erase_cache + agent_asks("START"), erase_cache + agent_says("OK@0x0"),
        erase_cache + progress_begins() + agent_says("HELLO"),
        agent_asks("START") + ok() + host_says(to_command(cache).document) + agent_says("maybe"),
        agent_says("<host><command>CMD:START"), agent_says("<!DOCTYPE x []><host></host>")}) {
    TalkBench bench{script};
    const auto result = erase(bench);
    ASSERT_FALSE(result) << script;
    EXPECT_EQ(result.error().code, Errc::protocol) << to_string(result.error());
    EXPECT_TRUE(bench.talk.link().lost()) << script;
    EXPECT_EQ(erase(bench).error().code, Errc::disconnected);
  }
}

TEST(XmlConversation, a_huge_text_is_not_read) {
  TalkBench bench{"D> raw EF EE EE FE 01 00 00 00 00 00 00 40\n"};
  EXPECT_EQ(erase(bench).error().code, Errc::protocol);
}

TEST(XmlConversation, silence_is_waited_for_in_vain_only_so_long) {
  TalkBench bench{erase_cache};
  const auto result = erase(bench, 600s);
  EXPECT_EQ(result.error().code, Errc::timeout);
  EXPECT_EQ(bench.clock.now().time_since_epoch(), 600s);
}

TEST(XmlConversation, a_document_in_place_of_the_answer_is_the_next_document) {
  TalkBench bench{agent_asks("START") + ok() + host_says(to_command(cache).document) + end("ERR", "no")};
  const auto result = erase(bench);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().device_status->text, "no");
}

}  // namespace
}  // namespace mtk::xml
