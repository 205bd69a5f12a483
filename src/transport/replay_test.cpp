// SPDX-License-Identifier: Apache-2.0
#include "transport/replay.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {
using namespace std::chrono_literals;

TraceEntry host_says(Bytes bytes) { return {TraceTransfer{Direction::to_phone, std::move(bytes)}}; }
TraceEntry phone_says(Bytes bytes, std::chrono::microseconds after = 0us) {
  return {.what = TraceTransfer{Direction::to_host, std::move(bytes)}, .waited = after};
}
TraceEntry host_waited(std::chrono::microseconds time) {
  return {.what = TraceFailure{Direction::to_host, Errc::timeout}, .waited = time};
}
WithheldBytes withheld(const Bytes& bytes) {
  std::uint64_t sum = 0;
  for (const std::byte byte : bytes) sum += static_cast<std::uint8_t>(byte);
  return {bytes.size(), sha256(bytes), sum};
}
std::uint64_t sum_of(const Bytes& bytes) { return withheld(bytes).byte_sum; }
ReplayTransport replay(std::vector<TraceEntry> entries) {
  return ReplayTransport{Trace{{}, std::move(entries)}};
}
}  // namespace

TEST(Replay, answers_what_the_recorded_phone_answered) {
  ReplayTransport link{{{.host = {0xfd}, .phone = {0xfd, 0x07, 0x66, 0x00, 0x00}}}};
  ASSERT_TRUE(link.write(to_bytes({0xfd}), 1s));
  EXPECT_EQ(*link.read_bytes(5, 1s), to_bytes({0xfd, 0x07, 0x66, 0, 0}));
  EXPECT_TRUE(link.finished());
}

TEST(Replay, accepts_other_transfer_borders) {
  ReplayTransport link{{{.host = {1, 2}}, {.host = {3, 4}, .phone = {5}}}};
  ASSERT_TRUE(link.write(to_bytes({1}), 1s));
  ASSERT_TRUE(link.write(to_bytes({2, 3, 4}), 1s));
  EXPECT_TRUE(link.read_bytes(1, 1s));
  EXPECT_TRUE(link.finished());
}

TEST(Replay, insists_on_recorded_borders_when_asked) {
  const std::vector<Exchange> conversation{{.host = {1, 2}}, {.host = {3}}};
  ReplayTransport same{conversation, Borders::as_recorded};
  ASSERT_TRUE(same.write(to_bytes({1, 2}), 1s));
  ASSERT_TRUE(same.write(to_bytes({3}), 1s));
  ReplayTransport split{conversation, Borders::as_recorded};
  EXPECT_EQ(split.write(to_bytes({1}), 1s).error().code, Errc::protocol);
  ReplayTransport merged{conversation, Borders::as_recorded};
  EXPECT_EQ(merged.write(to_bytes({1, 2, 3}), 1s).error().code, Errc::protocol);
}

TEST(Replay, says_where_the_host_differs_and_how) {
  ReplayTransport link{{{.host = {0xa0}, .phone = {0x5f}}, {.host = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}}};
  ASSERT_TRUE(link.write(to_bytes({0xa0}), 1s));
  ASSERT_TRUE(link.read_bytes(1, 1s));
  ASSERT_TRUE(link.write(to_bytes({1, 2}), 1s));
  const auto wrong = link.write(to_bytes({3, 4, 0xff}), 1s);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Errc::protocol);
  EXPECT_EQ(wrong.error().what,
            "host byte 0x5 differs: expected 01 02 03 04 05 06 07 08 09 0A 0B, got 03 04 FF");
  EXPECT_EQ(link.read_bytes(1, 1s).error().code, Errc::protocol);
  EXPECT_EQ(link.finished().error().code, Errc::protocol);
}

TEST(Replay, the_host_may_not_speak_before_it_has_read_the_answer) {
  ReplayTransport link{{{.host = {0xa0}, .phone = {0x5f}}, {.host = {0x0a}, .phone = {0xf5}}}};
  EXPECT_EQ(link.write(to_bytes({0xa0, 0x0a}), 1s).error().code, Errc::protocol);
}

TEST(Replay, the_host_may_not_go_on_after_the_end) {
  ReplayTransport link{{{.host = {1}}}};
  EXPECT_EQ(link.write(to_bytes({1, 2}), 1s).error().code, Errc::protocol);
}

TEST(Replay, an_unfinished_conversation_is_noticed) {
  ReplayTransport link{{{.host = {1}, .phone = {2, 3}}}};
  EXPECT_EQ(link.finished().error().code, Errc::protocol);
  ASSERT_TRUE(link.write(to_bytes({1}), 1s));
  ASSERT_TRUE(link.read_bytes(1, 1s));
  EXPECT_EQ(link.finished().error().what, "conversation ends at entry 2 of 2, where the phone speaks");
}

TEST(Replay, silence_lets_the_deadline_pass_on_the_fake_clock) {
  ReplayTransport link{{{.host = {1}, .phone = {2}}}};
  EXPECT_EQ(link.read_bytes(1, 1h).error().code, Errc::timeout);
  EXPECT_EQ(link.clock().now(), Clock::TimePoint{1h});
}

TEST(Replay, waiting_for_ever_for_nothing_is_an_error_of_the_host) {
  ReplayTransport link{{{.host = {1}, .phone = {2}}}};
  EXPECT_EQ(link.read_bytes(1, Wait{Clock::Duration::max()}).error().code, Errc::protocol);
}

TEST(Replay, the_phone_takes_its_recorded_time) {
  auto link = replay({host_says(to_bytes({1})), phone_says(to_bytes({2}), 300ms)});
  ASSERT_TRUE(link.write(to_bytes({1}), 1s));
  EXPECT_EQ(link.read_bytes(1, 200ms).error().code, Errc::timeout);
  EXPECT_TRUE(link.read_bytes(1, 200ms));
  EXPECT_EQ(link.clock().now(), Clock::TimePoint{300ms});
}

TEST(Replay, a_host_that_waited_in_vain_and_tried_again_does_so_again) {
  const auto handshake = [] {
    return replay({host_says(to_bytes({0xa0})), host_waited(20ms), host_says(to_bytes({0xa0})),
                   phone_says(to_bytes({0x5f}), 5ms)});
  };
  auto link = handshake();
  ASSERT_TRUE(link.write(to_bytes({0xa0}), 1s));
  EXPECT_EQ(link.read_bytes(1, 20ms).error().code, Errc::timeout);
  ASSERT_TRUE(link.write(to_bytes({0xa0}), 1s));
  EXPECT_TRUE(link.read_bytes(1, 20ms));
  EXPECT_TRUE(link.finished());
  EXPECT_EQ(link.clock().now(), Clock::TimePoint{25ms});

  auto impatient = handshake();  // polls more often: the quiet time is the same
  ASSERT_TRUE(impatient.write(to_bytes({0xa0}), 1s));
  EXPECT_EQ(impatient.read_bytes(1, 10ms).error().code, Errc::timeout);
  EXPECT_EQ(impatient.read_bytes(1, 10ms).error().code, Errc::timeout);
  ASSERT_TRUE(impatient.write(to_bytes({0xa0}), 1s));
  EXPECT_TRUE(impatient.read_bytes(1, 10ms));
}

TEST(Replay, a_recorded_loss_of_the_link_happens_again) {
  auto link = replay({phone_says(to_bytes({1})),
                      {TraceFailure{Direction::to_host, Errc::disconnected}},
                      {TraceReopen{UsbIdentity::preloader}},
                      phone_says(to_bytes({2}))});
  ASSERT_TRUE(link.read_bytes(1, 1s));
  EXPECT_EQ(link.read_bytes(1, 1s).error().code, Errc::disconnected);
  EXPECT_EQ(link.write(to_bytes({1}), 1s).error().code, Errc::disconnected);
  ASSERT_TRUE(link.reopen(UsbIdentity::preloader, 1s));
  EXPECT_EQ(link.identity(), UsbIdentity::preloader);
  EXPECT_TRUE(link.read_bytes(1, 1s));
  EXPECT_TRUE(link.finished());
}

TEST(Replay, a_write_that_failed_when_recorded_fails_again) {
  auto link = replay({{TraceFailure{Direction::to_phone, Errc::timeout}}, host_says(to_bytes({1}))});
  EXPECT_EQ(link.write(to_bytes({1}), 1s).error().code, Errc::timeout);
  EXPECT_TRUE(link.write(to_bytes({1}), 1s));
}

TEST(Replay, reopen_drops_what_was_not_read_and_must_be_recorded) {
  ReplayTransport link{{{.phone = {1, 2}, .reopens_as = UsbIdentity::agent}, {.host = {3}}}};
  ASSERT_TRUE(link.reopen(UsbIdentity::agent, 1s));
  EXPECT_EQ(link.reopen(UsbIdentity::agent, 1s).error().code, Errc::protocol);
}

TEST(Replay, withheld_host_data_is_checked_by_hash_whatever_its_pieces) {
  const Bytes payload(1000, std::byte{0x33});
  const auto recorded = [&] {
    return replay({{TraceTransfer{Direction::to_phone, withheld(payload)}}, host_says(to_bytes({1}))});
  };
  auto same = recorded();
  ASSERT_TRUE(same.write(ByteView{payload}.first(300), 1s, Content::withheld));
  ASSERT_TRUE(same.write(ByteView{payload}.subspan(300), 1s, Content::withheld));
  ASSERT_TRUE(same.write(to_bytes({1}), 1s));
  EXPECT_TRUE(same.finished());

  Bytes other = payload;
  other[999] = std::byte{0x34};
  auto differs = recorded();
  const auto sent = differs.write(other, 1s, Content::withheld);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, Errc::protocol);
}

TEST(Replay, withheld_phone_data_has_the_recorded_sum_and_is_declared) {
  Bytes content;
  for (unsigned i = 0; i < 700; ++i) content.push_back(static_cast<std::byte>(i));
  for (const Bytes& real : {content, Bytes(5), Bytes(5, std::byte{0xff}), to_bytes({0x12})}) {
    auto link = replay({{TraceTransfer{Direction::to_host, withheld(real)}}});
    EXPECT_EQ(link.notice(), "");
    const auto played = link.read_bytes(real.size(), 1s, Content::withheld);
    ASSERT_TRUE(played);
    EXPECT_EQ(sum_of(*played), sum_of(real));
    EXPECT_EQ(link.synthetic_blocks(), 1u);
    EXPECT_NE(link.notice(), "");
    EXPECT_TRUE(link.finished());
  }
}

TEST(Replay, a_requested_stop_ends_a_wait) {
  std::stop_source stop;
  stop.request_stop();
  ReplayTransport link{{{.phone = {1}}}};
  EXPECT_TRUE(link.read_bytes(1, Wait{1s, stop.get_token()}));
  EXPECT_EQ(link.read_bytes(1, Wait{1s, stop.get_token()}).error().code, Errc::cancelled);
}

}  // namespace mtk
