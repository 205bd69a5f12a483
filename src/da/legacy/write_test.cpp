// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/testing.h"

#include <gtest/gtest.h>

namespace mtk::legacy {
namespace {

// 8 bytes at 0x1000 of USER in packets of 4.
constexpr std::string_view header =
    "T> 62 01 08 00 00 00 00 00 00 10 00 00 00 00 00 00 00 00 08 00 00 00 04\n D> 5A\n";
constexpr std::string_view first_packet = "T> 5A\n T> 01 02 03 04\n T> 00 0A\n";
constexpr std::string_view second_packet = "T> 5A\n T> 05 06 07 08\n T> 00 1A\n";
constexpr std::string_view header_of_second =
    "T> 62 01 08 00 00 00 00 00 00 10 04 00 00 00 00 00 00 00 04 00 00 00 04\n D> 5A\n";
constexpr std::string_view wrong_sum = "D> A5 00 00 0B F4\n T> 96\n";
constexpr std::string_view still_answers = "H> 72\n D> 5A 01\n";

std::string script(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const auto part : parts) text += part;
  return text;
}

BytesSource eight_bytes() { return BytesSource{to_bytes({1, 2, 3, 4, 5, 6, 7, 8})}; }
constexpr Region place{Area::user, 0x1000, 8};
constexpr AgentTuning fours{.packet_size = 4};

TEST(LegacyWrite, sends_ack_data_and_sum_as_transfers_of_their_own) {
  AgentBench bench{script({header, first_packet, "D> 69\n", second_packet, "D> 69\n"}), fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write(place, source, "boot", bench.op);
  ASSERT_TRUE(written) << to_string(written.error());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyWrite, a_wrong_sum_is_answered_by_96_and_a_new_command_from_that_packet_on) {
  AgentBench bench{script({header, first_packet, "D> 69\n", second_packet, wrong_sum, header_of_second,
                           second_packet, "D> 69\n"}),
                   fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write(place, source, "boot", bench.op);
  ASSERT_TRUE(written) << to_string(written.error());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyWrite, keeps_the_packet_read_ahead_when_it_has_to_repeat) {
  AgentBench bench{
      script({header, first_packet, wrong_sum, header, first_packet, "D> 69\n", second_packet, "D> 69\n"}),
      fours};
  auto source = eight_bytes();
  ASSERT_TRUE(bench.agent.write(place, source, "boot", bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyWrite, gives_up_after_three_repeats_with_the_agent_still_answering) {
  AgentBench bench{script({header, first_packet, wrong_sum, header, first_packet, wrong_sum, header,
                           first_packet, wrong_sum, header, first_packet, wrong_sum, still_answers}),
                   fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write(place, source, "boot", bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::device_status);
  EXPECT_EQ(written.error().device_status->code, 3060u);
  EXPECT_EQ(written.error().stage, Stage::write);
  EXPECT_TRUE(bench.agent.usb_speed());
}

TEST(LegacyWrite, another_refusal_of_a_packet_is_not_repeated) {
  AgentBench bench{script({header, first_packet, "D> A5 00 00 0C 49\n T> 96\n", still_answers}), fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write(place, source, "boot", bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().device_status->code, 0xc49u);
  EXPECT_TRUE(bench.agent.usb_speed());
}

TEST(LegacyWrite, owes_nothing_after_a_refused_header) {
  AgentBench bench{
      script({"T> 62 01 08 00*6 10 00 00*6 02 00 00 00 00 04\n D> A5 00 00 0B DC\n", still_answers}), fours};
  BytesSource source{Bytes(512)};
  const auto written = bench.agent.write({Area::user, 0x1000, 512}, source, "boot", bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().device_status->code, 0xbdcu);
  EXPECT_TRUE(bench.agent.usb_speed());
}

TEST(LegacyWrite, a_stop_says_96_instead_of_the_next_packet) {
  AgentBench bench{script({header, "T> 96\n", still_answers}), fours};
  auto source = eight_bytes();
  bench.stop.request_stop();
  const auto written = bench.agent.write(place, source, "boot", bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::cancelled);
  EXPECT_EQ(bench.agent.state(), AgentState::answering);
  EXPECT_TRUE(bench.agent.usb_speed());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyWrite, a_disk_error_says_96_too) {
  AgentBench bench{script({header, first_packet, "D> 69\n T> 96\n", still_answers}), fours};
  auto source = eight_bytes();
  source.fail_at(5);
  const auto written = bench.agent.write(place, source, "boot", bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::io);
  EXPECT_TRUE(bench.agent.usb_speed());
}

TEST(LegacyWrite, reads_nothing_from_the_phone_when_the_first_packet_cannot_be_read) {
  AgentBench bench{"", fours};
  auto source = eight_bytes();
  source.fail_at(0);
  EXPECT_EQ(bench.agent.write(place, source, "boot", bench.op).error().code, Errc::io);
  EXPECT_EQ(bench.phone.fault(), "");
}

/// Knows how much of it was read when the phone had not yet answered.
TEST(LegacyWrite, reads_the_next_packet_while_the_phone_stores_the_last) {
  class Watched final : public Source {
   public:
    std::uint64_t size() const override { return 8; }
    Result<> read(std::span<std::byte> into) override {
      std::ranges::fill(into, std::byte{1});
      times.push_back(clock->now());
      return {};
    }
    Result<> rewind() override { return {}; }
    FakeClock* clock = nullptr;
    std::vector<Clock::TimePoint> times;
  };
  AgentBench bench{script({header,
                           "T> 5A\n T> 01 01 01 01\n T> 00 04\n wait 1000\n D> 69\n T> 5A\n T> 01 01 01 01\n"
                           "T> 00 04\n D> 69\n"}),
                   fours};
  Watched source;
  source.clock = &bench.clock;
  ASSERT_TRUE(bench.agent.write(place, source, "boot", bench.op));
  ASSERT_EQ(source.times.size(), 2u);
  EXPECT_EQ(source.times[1], source.times[0]);  // before the second that the phone took
}

TEST(LegacyWrite, announces_an_odd_length_as_it_is) {
  AgentBench bench{
      "T> 62 01 08 00*6 10 00 00*7 03 00 00 00 04\n D> 5A\n T> 5A\n T> 01 02 03\n T> 00 06\n D> 69\n", fours};
  BytesSource source{to_bytes({1, 2, 3})};
  ASSERT_TRUE(bench.agent.write({Area::user, 0x1000, 3}, source, "x", bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyWrite, reads_the_last_block_first_for_an_agent_that_refuses_an_odd_length) {
  AgentBench bench{R"(
    T> 62 01 08 00*6 10 00 00*6 02 01 00 10 00 00
    D> A5 00 00 0B DC
    H> 60
    D> 5A
    H> 08
    D> 5A
    H> D6 0C 02 00*6 12 00 00*6 02 00          ; the block that holds the last byte
    D> 5A
    H> 00 10 00 00
    D> EE*512 DC 00
    H> 5A
    T> 62 01 08 00*6 10 00 00*6 04 00 00 10 00 00
    D> 5A
    T> 5A
    T> 11*513 EE*511
    T> FD 23
    D> 69
  )"};
  BytesSource source{Bytes(513, std::byte{0x11})};
  const auto written = bench.agent.write({Area::user, 0x1000, 513}, source, "x", bench.op);
  EXPECT_TRUE(written) << to_string(written.error());
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(LegacyWrite, refuses_what_the_phone_cannot_take_before_it_asks) {
  AgentBench bench{"", fours};
  auto source = eight_bytes();
  EXPECT_EQ(bench.agent.write({Area::user, 0x1001, 8}, source, "x", bench.op).error().code,
            Errc::out_of_range);
  EXPECT_EQ(bench.agent.write({Area::user, 0x1000, 9}, source, "x", bench.op).error().code, Errc::usage);
  EXPECT_EQ(bench.agent.write({Area::boot2, 0, 8}, source, "x", bench.op).error().code, Errc::out_of_range);
  EXPECT_EQ(bench.phone.fault(), "");
}

TEST(LegacyWrite, a_phone_that_vanishes_is_lost) {
  AgentBench bench{script({header, first_packet, "gone\n"}), fours};
  auto source = eight_bytes();
  const auto written = bench.agent.write(place, source, "boot", bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::disconnected);
  EXPECT_EQ(bench.agent.state(), AgentState::lost);
}

}  // namespace
}  // namespace mtk::legacy
