// SPDX-License-Identifier: Apache-2.0
// The host as the agent's files: what it serves, and what it never does.
#include "da/xml/testing.h"

#include <gtest/gtest.h>

namespace mtk::xml {
namespace {

const std::string give_certificate = command("SECURITY-SET-FLASH-POLICY", "<source_file>F</source_file>");
const std::string ask_report = command("GET-HW-INFO", "<target_file>T</target_file>");

Command giving() {
  SetFlashPolicy command;
  command.source_file = "F";
  return to_command(command);
}
Command asking() {
  GetHwInfo command;
  command.target_file = "T";
  return to_command(command);
}

/// The agent may fetch F, ask about G, and deliver T.
struct FileBench : TalkBench {
  explicit FileBench(std::string_view script, Bytes contents = to_bytes({1, 2, 3, 4, 5}),
                     const XmlFacts& facts = {})
      : TalkBench(script, facts), source(std::move(contents)) {}

  Result<> run(const Command& what) {
    auto result = talk.run(what, services, op);
    EXPECT_EQ(phone.fault(), "");
    return result;
  }

  BytesSource source;
  BytesSink sink;
  Services services{.offered = {{.name = "F", .source = source, .transfer = Transfer::optional}},
                    .absent = {"G"},
                    .awaited = AwaitedFile{.name = "T", .sink = sink, .transfer = Transfer::optional},
                    .counts = Counts::sent_and_received,
                    .progress = {.item = {}, .total = 5}};
};

const std::string length_is_5 = ok() + host_says("OK@0x5") + agent_says("OK");
const std::string first_4 = host_says("OK@0x0") + agent_says("OK") + "T> 01 02 03 04\n";
const std::string last_1 = host_says("OK@0x0") + agent_says("OK") + "T> 05\n";

TEST(XmlServices, sends_a_file_in_packets_of_the_agents_size) {
  FileBench bench{give_certificate + fetches("F", "CHK_NO", "0x4") + length_is_5 + first_4 +
                  agent_says("OK") + last_1 + agent_says("OK@0x0") + end()};
  EXPECT_TRUE(bench.run(giving()));
  EXPECT_TRUE(bench.services.offered.front().fetched);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlServices, sends_sums_when_they_are_wanted_in_either_width) {
  const auto script = [](std::string_view sum) {
    return give_certificate + fetches("F", "CHK_ADD", "0x8") + ok() + host_says("OK@0x5") + agent_says("OK") +
           host_says(sum) + agent_says("OK") + "T> 01 02 03 04 FF\n" + agent_says("OK") + end();
  };
  const Bytes contents = to_bytes({1, 2, 3, 4, 0xff});
  FileBench wide{script("OK@0x4030300"), contents, {.checksum_bits = 32}};
  EXPECT_TRUE(wide.run(giving()));
  FileBench narrow{script("OK@0x300"), contents, {.checksum_bits = 16}};
  EXPECT_TRUE(narrow.run(giving()));
}

TEST(XmlServices, a_wrong_sum_is_a_refusal_said_aloud_or_not) {
  for (const std::string& refusal : {agent_says("ERR"), std::string{}}) {
    FileBench bench{give_certificate + fetches("F", "CHK_ADD", "0x8") + ok() + host_says("OK@0x5") +
                    agent_says("OK") + host_says("OK@0x4030206") + agent_says("OK") + "T> 01 02 03 04 05\n" +
                    refusal + end("ERR", "checksum mismatch")};
    const auto result = bench.run(giving());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::device_status);
    EXPECT_EQ(result.error().device_status->text, "checksum mismatch");
    EXPECT_FALSE(bench.services.offered.front().fetched);
    EXPECT_FALSE(bench.talk.link().lost());
  }
}

TEST(XmlServices, an_empty_file_has_no_packets) {
  FileBench bench{give_certificate + fetches("F") + ok() + host_says("OK@0x0") + agent_says("OK") + end(),
                  {}};
  EXPECT_TRUE(bench.run(giving()));
  EXPECT_TRUE(bench.services.offered.front().fetched);
}

TEST(XmlServices, a_file_may_be_fetched_twice) {
  const std::string fetch = fetches("F") + length_is_5 + host_says("OK@0x0") + agent_says("OK") +
                            "T> 01 02 03 04 05\n" + agent_says("OK");
  FileBench bench{give_certificate + fetch + fetch + end()};
  EXPECT_TRUE(bench.run(giving()));
}

TEST(XmlServices, an_end_without_the_files_that_had_to_go_over_is_no_success) {
  BytesSource source{to_bytes({1})};
  TalkBench giving_bench{give_certificate + end()};
  Services offers{.offered = {{.name = "F", .source = source}}};
  const auto given = giving_bench.talk.run(giving(), offers, giving_bench.op);
  ASSERT_FALSE(given);
  EXPECT_EQ(given.error().code, Errc::protocol);
  EXPECT_EQ(given.error().during.back(), "SECURITY-SET-FLASH-POLICY");
  BytesSink sink;
  TalkBench asking_bench{ask_report + end()};
  Services awaits;
  awaits.awaited.emplace(AwaitedFile{.name = "T", .sink = sink});
  EXPECT_EQ(asking_bench.talk.run(asking(), awaits, asking_bench.op).error().code, Errc::protocol);
}

TEST(XmlServices, a_length_the_agent_does_not_take_is_its_refusal) {
  FileBench bench{give_certificate + fetches("F") + ok() + host_says("OK@0x5") + agent_says("ERR") +
                  end("ERR", "size too large")};
  EXPECT_EQ(bench.run(giving()).error().device_status->text, "size too large");
}

TEST(XmlServices, a_disk_error_ends_the_transfer_and_not_the_session) {
  FileBench bench{give_certificate + fetches("F", "CHK_NO", "0x4") + length_is_5 + first_4 +
                  agent_says("OK") + host_says("ERR") + agent_says("ERR") + end("ERR")};
  bench.source.fail_at(4);
  const auto result = bench.run(giving());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::io);
  EXPECT_FALSE(bench.talk.link().lost());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlServices, a_stop_is_said_before_a_packet) {
  FileBench bench{give_certificate + fetches("F", "CHK_NO", "0x4") + length_is_5 + first_4 +
                  agent_says("OK") + host_says("ERR!CANCEL") + agent_says("ERR") + end("ERR")};
  class Stopping final : public Observer {
   public:
    explicit Stopping(std::stop_source& stop) : stop_(stop) {}
    void progress(const Progress&) override { stop_.request_stop(); }

   private:
    std::stop_source& stop_;
  };
  Stopping observer{bench.stop};
  OpContext op{bench.stop.get_token(), observer};
  const auto result = bench.talk.run(giving(), bench.services, op);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::cancelled);
  EXPECT_FALSE(bench.talk.link().lost());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlServices, takes_a_file_in_packets_of_any_size) {
  FileBench bench{ask_report + delivers("T") + ok() + agent_says("OK@0x0000000000000005") + ok() +
                  agent_says("OK@0x0") + ok() + "D> 01 02\n" + ok() + agent_says("OK") + ok() +
                  "D> 03 04 05\n" + ok() + end()};
  EXPECT_TRUE(bench.run(asking()));
  EXPECT_EQ(bench.sink.bytes, to_bytes({1, 2, 3, 4, 5}));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlServices, data_that_looks_like_a_word_is_data) {
  FileBench bench{ask_report + delivers("T") + ok() + agent_says("OK@0x4") + ok() + agent_says("OK") + ok() +
                  "D> `ERR` 00\n" + ok() + end()};
  EXPECT_TRUE(bench.run(asking()));
  EXPECT_EQ(printable_text(bench.sink.bytes), "ERR");
}

TEST(XmlServices, an_empty_delivery_is_over_at_once) {
  FileBench bench{ask_report + delivers("T") + ok() + agent_says("OK@0x0") + ok() + end()};
  EXPECT_TRUE(bench.run(asking()));
  EXPECT_TRUE(bench.services.awaited->delivered);
}

TEST(XmlServices, a_bad_status_is_answered_before_the_command_ends) {
  FileBench bench{ask_report + delivers("T") + ok() + agent_says("OK@0x4") + ok() + agent_says("ERR") +
                  host_says("ERR") + end("ERR", "read error")};
  const auto result = bench.run(asking());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().device_status->text, "read error");
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlServices, a_length_that_is_not_believed_is_refused) {
  for (const std::string_view length :
       {"OK@0x100001", "OK@0xffffffffffffffff", "OK@0x1ffffffffffffffff", "OK@", "OK", "OK@many"}) {
    FileBench bench{ask_report + delivers("T") + ok() + agent_says(length) + host_says("ERR") + end("ERR")};
    const auto result = bench.run(asking());
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().code, Errc::device_status) << length;
    EXPECT_FALSE(bench.talk.link().lost());
    EXPECT_TRUE(bench.sink.bytes.empty());
  }
}

TEST(XmlServices, a_packet_larger_than_what_is_left_ends_the_session) {
  FileBench bench{ask_report + delivers("T") + ok() + agent_says("OK@0x4") + ok() + agent_says("OK") + ok() +
                  "D> 01 02 03 04 05\n"};
  EXPECT_EQ(bench.run(asking()).error().code, Errc::protocol);
  EXPECT_TRUE(bench.talk.link().lost());
}

class FullDisk final : public Sink {
 public:
  Result<> write(ByteView) override { return fail(Errc::io, "no space left"); }
};

TEST(XmlServices, a_full_disk_ends_the_transfer_and_not_the_session) {
  FileBench bench{ask_report + delivers("T") + ok() + agent_says("OK@0x8") + ok() + agent_says("OK") + ok() +
                  "D> 01 02 03 04\n" + host_says("ERR") + end("ERR")};
  FullDisk disk;
  Services services{.awaited = AwaitedFile{.name = "T", .sink = disk}};
  const auto result = bench.talk.run(asking(), services, bench.op);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::io);
  EXPECT_FALSE(bench.talk.link().lost());
}

TEST(XmlServices, answers_questions_about_its_files) {
  FileBench bench{give_certificate + asks_about("EXISTS", "F") + ok() + host_says("OK@EXISTS") +
                  asks_about("EXISTS", "G") + ok() + host_says("OK@NOT-EXISTS") +
                  asks_about("FILE-SIZE", "F") + ok() + host_says("OK@0x5") + asks_about("FILE-SIZE", "G") +
                  ok() + host_says("ERR") + end()};
  EXPECT_TRUE(bench.run(giving()));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XmlServices, an_unknown_question_is_refused) {
  FileBench bench{give_certificate + asks_about("OWNER", "F") + ok() + host_says("ERR!UNSUPPORTED") + end()};
  EXPECT_EQ(bench.run(giving()).error().code, Errc::protocol);
  EXPECT_FALSE(bench.talk.link().lost());
}

/// Whatever names a file that was not offered for exactly this.
TEST(XmlServices, a_phone_that_wants_another_file_is_not_talked_to_any_more) {
  const std::string error = host_says("ERR");
  const std::string asked = ok() + error;
  for (const std::string& request :
       {fetches("/etc/passwd") + error, fetches("G") + error, fetches("T") + error, fetches("../F") + error,
        fetches("f") + error, fetches("") + error, delivers("/etc/shadow") + error, delivers("F") + error,
        delivers("t") + error, asks_about("EXISTS", "/etc/passwd") + asked,
        asks_about("FILE-SIZE", "C:\\boot.ini") + asked, asks_about("EXISTS", "T") + asked,
        asks_about("MKDIR", "F") + asked, asks_about("REMOVE", "F") + asked,
        asks_about("REMOVE-ALL", "/") + asked, asks_about("REMOVE-ALL", "G") + asked}) {
    FileBench bench{give_certificate + request};
    const auto result = bench.run(giving());
    ASSERT_FALSE(result) << request;
    EXPECT_EQ(result.error().code, Errc::protocol);
    EXPECT_TRUE(result.error().what.starts_with(foreign_file)) << result.error().what;
    EXPECT_TRUE(bench.talk.link().lost());
    EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
    EXPECT_TRUE(bench.sink.bytes.empty());
  }
}

TEST(XmlServices, a_long_name_makes_no_long_error) {
  FileBench bench{give_certificate + fetches(std::string(10000, 'a')) + host_says("ERR")};
  const auto result = bench.run(giving());
  ASSERT_FALSE(result);
  EXPECT_LT(result.error().what.size(), 600u);
}

TEST(XmlServices, a_second_delivery_is_one_too_many) {
  const std::string delivery =
      delivers("T") + ok() + agent_says("OK@0x1") + ok() + agent_says("OK") + ok() + "D> 01\n" + ok();
  FileBench bench{ask_report + delivery + delivers("T") + host_says("ERR")};
  const auto result = bench.run(asking());
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().what.starts_with(foreign_file));
}

}  // namespace
}  // namespace mtk::xml
