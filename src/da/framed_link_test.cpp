// SPDX-License-Identifier: Apache-2.0
#include "da/framed_link.h"
#include "brom/testing/bench.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {

using namespace std::chrono_literals;

class Lines final : public Observer {
 public:
  void write(LogLevel level, std::string_view line) override {
    EXPECT_EQ(level, LogLevel::debug);
    lines.emplace_back(line);
  }
  std::vector<std::string> lines;
};

struct FramedBench : ScriptBench {
  explicit FramedBench(std::string_view script, Transfers usual = Transfers::header_apart)
      : ScriptBench(script), framed(link, usual) {}
  FramedLink framed;
  Lines log;
};

TEST(FramedLink, sends_header_and_payload_as_two_transfers) {
  FramedBench bench{"T> EF EE EE FE 01 00 00 00 04 00 00 00\n T> 05 00 01 00\n"};
  EXPECT_TRUE(bench.framed.send(to_bytes({5, 0, 1, 0})));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(FramedLink, joins_them_where_the_agent_wants_it) {
  constexpr std::string_view joined = "T> EF EE EE FE 01 00 00 00 04 00 00 00 05 00 01 00\n";
  FramedBench always{joined, Transfers::joined};
  EXPECT_TRUE(always.framed.send(to_bytes({5, 0, 1, 0})));
  EXPECT_TRUE(always.phone.finished()) << always.phone.state();
  FramedBench once{joined};
  EXPECT_TRUE(once.framed.send(to_bytes({5, 0, 1, 0}), Transfers::joined, Content::open));
  EXPECT_TRUE(once.phone.finished()) << once.phone.state();
}

TEST(FramedLink, an_empty_packet_is_its_header) {
  FramedBench bench{"T> EF EE EE FE 01 00 00 00 00 00 00 00\n D> EF EE EE FE 01 00 00 00 00 00 00 00\n"};
  EXPECT_TRUE(bench.framed.send({}));
  EXPECT_EQ(bench.framed.receive(4, 1s, bench.log), Bytes{});
}

TEST(FramedLink, takes_a_packet_in_whatever_pieces_it_comes) {
  FramedBench bench{"D> EF EE\n wait 10\n D> EE FE 01 00 00 00 03 00 00 00 0A\n wait 10\n D> 0B 0C\n"};
  EXPECT_EQ(bench.framed.receive(8, 1s, bench.log), to_bytes({10, 11, 12}));
  EXPECT_FALSE(bench.framed.lost());
}

TEST(FramedLink, messages_before_a_packet_go_to_the_log) {
  FramedBench bench{
      "D> EF EE EE FE 02 00 00 00 0C 00 00 00 01 00 00 00 68 69 0D 0A 79 6F 75 01\n"
      "D> EF EE EE FE 02 00 00 00 02 00 00 00 01 00\n"
      "D> EF EE EE FE 01 00 00 00 01 00 00 00 2A\n"};
  std::array<std::byte, 4> into{};
  EXPECT_EQ(bench.framed.receive_into(into, 1s, bench.log), 1u);
  EXPECT_EQ(into[0], std::byte{42});
  EXPECT_EQ(bench.log.lines, (std::vector<std::string>{"agent: hi", "agent: you?"}));
}

TEST(FramedLink, nothing_else_than_the_magic_begins_a_packet) {
  FramedBench bench{"D> EF EE EE FF 01 00 00 00 04 00 00 00 00 00 00 00\n"};
  EXPECT_EQ(bench.framed.receive(4, 1s, bench.log).error().code, Errc::protocol);
  EXPECT_TRUE(bench.framed.lost());
}

TEST(FramedLink, a_packet_of_another_type_is_out_of_step) {
  FramedBench bench{"D> EF EE EE FE 03 00 00 00 00 00 00 00\n"};
  EXPECT_EQ(bench.framed.receive(4, 1s, bench.log).error().code, Errc::protocol);
  EXPECT_TRUE(bench.framed.lost());
}

TEST(FramedLink, an_unbelievable_length_is_refused_before_it_is_waited_for) {
  FramedBench packet{"D> EF EE EE FE 01 00 00 00 FF FF FF FF\n"};
  EXPECT_EQ(packet.framed.receive(0x100000, 1s, packet.log).error().code, Errc::protocol);
  FramedBench message{"D> EF EE EE FE 02 00 00 00 FF FF FF FF\n"};
  EXPECT_EQ(message.framed.receive(0x100000, 1s, message.log).error().code, Errc::protocol);
  EXPECT_EQ(message.clock.now().time_since_epoch(), 0s);
}

TEST(FramedLink, silence_ends_at_the_deadline_and_loses_the_agent) {
  FramedBench bench{"wait 5000\n D> 00\n"};
  EXPECT_EQ(bench.framed.receive(4, 2s, bench.log).error().code, Errc::timeout);
  EXPECT_EQ(bench.clock.now().time_since_epoch(), 2s);
  EXPECT_TRUE(bench.framed.lost());
}

TEST(FramedLink, silence_may_be_an_answer) {
  FramedBench bench{"wait 3000\n D> EF EE EE FE 01 00 00 00 01 00 00 00 2A\n"};
  const auto nothing = bench.framed.receive_if_any(4, 2s, bench.log);
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(*nothing);
  EXPECT_FALSE(bench.framed.lost());
  const auto something = bench.framed.receive_if_any(4, 2s, bench.log);
  ASSERT_TRUE(something);
  EXPECT_EQ(*something, to_bytes({42}));
}

TEST(FramedLink, half_a_packet_is_no_silence) {
  FramedBench bench{"D> EF EE\n"};
  EXPECT_EQ(bench.framed.receive_if_any(4, 2s, bench.log).error().code, Errc::timeout);
  EXPECT_TRUE(bench.framed.lost());
}

TEST(FramedLink, a_phone_that_only_talks_is_not_listened_to_for_ever) {
  FramedBench bench{"repeat 100\n D> EF EE EE FE 02 00 00 00 05 00 00 00 01 00 00 00 2E\n wait 100\n end\n"};
  EXPECT_EQ(bench.framed.receive(4, 2s, bench.log).error().code, Errc::timeout);
  EXPECT_LE(bench.clock.now().time_since_epoch(), 3s);
}

TEST(FramedLink, a_stop_ends_the_wait_and_the_agent) {
  FramedBench bench{"wait 5000\n"};
  bench.framed.set_stop(bench.stop.get_token());
  bench.stop.request_stop();
  EXPECT_EQ(bench.framed.receive(4, 2s, bench.log).error().code, Errc::cancelled);
  EXPECT_TRUE(bench.framed.lost());
}

TEST(FramedLink, a_starting_agent_says_one_byte_without_a_header) {
  FramedBench bench{"D> C0\n"};
  EXPECT_EQ(*bench.framed.raw_byte_if_any(1s), 0xc0);
}

}  // namespace
}  // namespace mtk
