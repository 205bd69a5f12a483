// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/testing.h"

#include <gtest/gtest.h>

namespace mtk::legacy {
namespace {

constexpr std::string_view select_user = "H> 60\n D> 5A\n H> 08\n D> 5A\n";
constexpr std::string_view read_8_in_fours =
    "T> D6 0C 02 00 00 00 00 00 00 10 00 00 00 00 00 00 00 00 08\n D> 5A\n T> 00 00 00 04\n";

TEST(LegacyRead, acknowledges_every_packet_the_last_included) {
  AgentBench bench{std::string{select_user} + std::string{read_8_in_fours} +
                       "D> 01 02 03 04 00 0A\n T> 5A\n D> 05 06 07 08 00 1A\n T> 5A\n",
                   {.packet_size = 4}};
  BytesSink sink;
  const auto read = bench.agent.read({Area::user, 0x1000, 8}, sink, "boot", bench.op);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(sink.bytes, to_bytes({1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyRead, waits_for_the_ack_before_it_sends_the_packet_size) {
  AgentBench bench{std::string{select_user} +
                   "H> D6 0C 02 00 00 00 00 03 FF FF FF 00 00 00 00 00 00 00 01\n D> A5 00 00 0B DC\n"
                   "H> 72\n D> 5A 01\n"};
  BytesSink sink;
  const auto read = bench.agent.read({Area::user, 0x3ffffff, 1}, sink, "x", bench.op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::device_status);
  EXPECT_EQ(read.error().device_status->code, 0xbdcu);
  EXPECT_EQ(read.error().during.front(), "READ");
  EXPECT_EQ(bench.agent.state(), AgentState::answering);
  EXPECT_EQ(bench.agent.usb_speed(), UsbSpeed::high);
}

TEST(LegacyRead, asks_again_for_a_damaged_packet) {
  AgentBench bench{std::string{select_user} + std::string{read_8_in_fours} +
                       "D> 01 02 03 05 00 0A\n T> A5\n D> 01 02 03 04 00 0A\n T> 5A\n"
                       "D> 05 06 07 08 00 1A\n T> 5A\n",
                   {.packet_size = 4}};
  BytesSink sink;
  ASSERT_TRUE(bench.agent.read({Area::user, 0x1000, 8}, sink, "boot", bench.op));
  EXPECT_EQ(sink.bytes, to_bytes({1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(LegacyRead, takes_the_read_to_its_end_when_a_packet_stays_damaged) {
  AgentBench bench{std::string{select_user} + std::string{read_8_in_fours} +
                       "repeat 3\n D> 01 02 03 05 00 0A\n T> A5\n end\n D> 01 02 03 05 00 0A\n T> 5A\n"
                       "D> 05 06 07 08 00 1A\n T> 5A\n",
                   {.packet_size = 4}};
  BytesSink sink;
  const auto read = bench.agent.read({Area::user, 0x1000, 8}, sink, "boot", bench.op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::protocol);
  EXPECT_TRUE(sink.bytes.empty());
  EXPECT_EQ(bench.agent.state(), AgentState::answering);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

/// Requests the stop after so many bytes.
class StoppingSink final : public Sink {
 public:
  StoppingSink(std::stop_source& stop, std::size_t after) : stop_(stop), after_(after) {}
  Result<> write(ByteView data) override {
    taken += data.size();
    if (taken >= after_) stop_.request_stop();
    return {};
  }
  std::size_t taken = 0;

 private:
  std::stop_source& stop_;
  std::size_t after_;
};

TEST(LegacyRead, a_stop_drains_the_running_command_and_starts_no_other) {
  AgentBench bench{std::string{select_user} + std::string{read_8_in_fours} +
                       "D> 01 02 03 04 00 0A\n T> 5A\n D> 05 06 07 08 00 1A\n T> 5A\n"
                       "H> 72\n D> 5A 01\n",
                   {.packet_size = 4, .read_piece = 8}};
  StoppingSink sink{bench.stop, 4};
  const auto read = bench.agent.read({Area::user, 0x1000, 64}, sink, "boot", bench.op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::cancelled);
  EXPECT_EQ(sink.taken, 4u);
  EXPECT_EQ(bench.agent.state(), AgentState::answering);
  EXPECT_TRUE(bench.agent.usb_speed());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyRead, asks_for_no_more_at_once_than_the_link_can_hold) {
  AgentBench bench{std::string{select_user} + std::string{read_8_in_fours} +
                   "D> 01 02 03 04 00 0A\n T> 5A\n D> 05 06 07 08 00 1A\n T> 5A\n"};
  bench.link.set_answer_limit(4);
  BytesSink sink;
  ASSERT_TRUE(bench.agent.read({Area::user, 0x1000, 8}, sink, "boot", bench.op));
  EXPECT_EQ(sink.bytes.size(), 8u);
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

class FullDisk final : public Sink {
 public:
  Result<> write(ByteView) override { return fail(Errc::io, "no space left"); }
};

TEST(LegacyRead, a_full_disk_leaves_the_agent_answering) {
  AgentBench bench{std::string{select_user} + std::string{read_8_in_fours} +
                       "D> 01 02 03 04 00 0A\n T> 5A\n D> 05 06 07 08 00 1A\n T> 5A\n",
                   {.packet_size = 4}};
  FullDisk sink;
  const auto read = bench.agent.read({Area::user, 0x1000, 8}, sink, "boot", bench.op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::io);
  EXPECT_EQ(bench.agent.state(), AgentState::answering);
}

TEST(LegacyRead, a_long_read_is_several_commands) {
  AgentBench bench{
      std::string{select_user} +
          "H> D6 0C 02 00*8 00 00 00 00 00 00 00 04\n D> 5A\n H> 00 00 00 04\n D> 01 00 00 00 00 01\n H> 5A\n"
          "H> D6 0C 02 00 00 00 00 00 00 00 04 00 00 00 00 00 00 00 02\n D> 5A\n H> 00 00 00 04\n"
          "D> 02 03 00 05\n H> 5A\n",
      {.packet_size = 4, .read_piece = 4}};
  BytesSink sink;
  ASSERT_TRUE(bench.agent.read({Area::user, 0, 6}, sink, "x", bench.op));
  EXPECT_EQ(sink.bytes, to_bytes({1, 0, 0, 0, 2, 3}));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyRead, refuses_what_is_not_on_the_phone_before_it_asks) {
  AgentBench bench{""};
  BytesSink sink;
  EXPECT_EQ(bench.agent.read({Area::user, 0x4000000, 1}, sink, "x", bench.op).error().code,
            Errc::out_of_range);
  EXPECT_EQ(bench.agent.read({Area::user, 1, ~std::uint64_t{0}}, sink, "x", bench.op).error().code,
            Errc::out_of_range);
  EXPECT_EQ(bench.agent.read({Area::user, 0, 0}, sink, "x", bench.op).error().code, Errc::out_of_range);
  EXPECT_EQ(bench.agent.read({Area::gp1, 0, 512}, sink, "x", bench.op).error().code, Errc::out_of_range);
  EXPECT_EQ(bench.agent.read({Area::lu2, 0, 512}, sink, "x", bench.op).error().code, Errc::out_of_range);
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(LegacyRead, a_lost_phone_is_told_from_a_refusing_one) {
  AgentBench bench{std::string{select_user} + std::string{read_8_in_fours} + "D> 01 02\n gone\n",
                   {.packet_size = 4}};
  BytesSink sink;
  const auto read = bench.agent.read({Area::user, 0x1000, 8}, sink, "boot", bench.op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::disconnected);
  EXPECT_EQ(bench.agent.state(), AgentState::lost);
  EXPECT_EQ(bench.agent.read({Area::user, 0, 8}, sink, "boot", bench.op).error().code, Errc::disconnected);
}

TEST(LegacyRead, a_silent_agent_ends_in_timeout) {
  AgentBench bench{std::string{select_user} + std::string{read_8_in_fours} + "D> 01 02\n",
                   {.packet_size = 4}};
  BytesSink sink;
  const auto read = bench.agent.read({Area::user, 0x1000, 8}, sink, "boot", bench.op);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::timeout);
  EXPECT_EQ(bench.agent.state(), AgentState::lost);
}

}  // namespace
}  // namespace mtk::legacy
