// SPDX-License-Identifier: Apache-2.0
#include "transport/memory.h"

#include <gtest/gtest.h>

#include <deque>

namespace mtk {
namespace {
using namespace std::chrono_literals;

/// Echoes every transfer `latency` later; 0xff makes it leave the bus and come back after `away`.
class EchoPhone final : public Device {
 public:
  bool connect(TimePoint now) override {
    connected_ = now >= back_at_;
    return connected_;
  }
  bool on_bus() const override { return connected_; }
  void host_wrote(ByteView transfer, TimePoint now) override {
    transfers.push_back(transfer.size());
    for (const std::byte byte : transfer) answers_.push_back({now + latency, byte});
    if (transfer.front() == std::byte{0xff}) leave_at_ = now + latency;
  }
  std::size_t take(std::span<std::byte> into, TimePoint now) override {
    if (leave_at_ && *leave_at_ <= now) {
      connected_ = false;
      back_at_ = *leave_at_ + away;
      leave_at_.reset();
      answers_.clear();
    }
    std::size_t size = 0;
    while (size < into.size() && !answers_.empty() && answers_.front().at <= now) {
      into[size++] = answers_.front().byte;
      answers_.pop_front();
    }
    return size;
  }
  std::optional<TimePoint> next_event() const override {
    if (leave_at_) return leave_at_;
    if (!answers_.empty()) return answers_.front().at;
    if (!connected_) return back_at_;
    return std::nullopt;
  }

  Clock::Duration latency = 30ms;
  Clock::Duration away = 700ms;
  std::vector<std::size_t> transfers;

 private:
  struct Answer {
    TimePoint at;
    std::byte byte;
  };
  std::deque<Answer> answers_;
  std::optional<TimePoint> leave_at_;
  TimePoint back_at_{};
  bool connected_ = false;
};

struct Memory : testing::Test {
  FakeClock clock;
  EchoPhone phone;
  MemoryTransport link{phone, clock};
  Clock::TimePoint start = clock.now();
};
}  // namespace

TEST_F(Memory, the_clock_jumps_to_the_phones_answer) {
  ASSERT_TRUE(link.write(to_bytes({1, 2, 3}), 1s));
  EXPECT_EQ(*link.read_bytes(3, 1s), to_bytes({1, 2, 3}));
  EXPECT_EQ(clock.now() - start, 30ms);
}

TEST_F(Memory, silence_ends_exactly_at_the_deadline) {
  const auto nothing = link.read_bytes(1, 5s);
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, Errc::timeout);
  EXPECT_EQ(clock.now() - start, 5s);
}

TEST_F(Memory, parts_arrive_as_one_transfer) {
  const Bytes header = to_bytes({1, 2});
  const Bytes payload = to_bytes({3});
  const std::vector<ByteView> parts{header, payload};
  ASSERT_TRUE(link.write(parts, 1s, Content::open));
  EXPECT_EQ(phone.transfers, std::vector<std::size_t>{3});
}

TEST_F(Memory, a_phone_that_left_is_found_again_by_reopen) {
  ASSERT_TRUE(link.write(to_bytes({0xff}), 1s));
  EXPECT_EQ(link.read_bytes(1, 1s).error().code, Errc::disconnected);
  EXPECT_EQ(link.write(to_bytes({1}), 1s).error().code, Errc::disconnected);

  ASSERT_TRUE(link.reopen(UsbIdentity::agent, 5s));
  EXPECT_EQ(clock.now() - start, 730ms);
  ASSERT_TRUE(link.write(to_bytes({7}), 1s));
  EXPECT_EQ(*link.read_bytes(1, 1s), to_bytes({7}));
}

TEST_F(Memory, reopen_waits_for_the_phone_to_leave_first) {
  ASSERT_TRUE(link.write(to_bytes({0xff}), 1s));
  ASSERT_TRUE(link.reopen(UsbIdentity::agent, 5s));
  EXPECT_EQ(clock.now() - start, 730ms);
}

TEST_F(Memory, reopen_gives_up_at_its_deadline) {
  EXPECT_EQ(link.reopen(UsbIdentity::agent, 2s).error().code, Errc::timeout);
  EXPECT_EQ(clock.now() - start, 2s);

  ASSERT_TRUE(link.write(to_bytes({0xff}), 1s));
  EXPECT_EQ(link.reopen(UsbIdentity::agent, 100ms).error().code, Errc::timeout);
  EXPECT_EQ(clock.now() - start, 2100ms);
}

TEST_F(Memory, a_requested_stop_ends_a_wait_but_not_a_delivery) {
  std::stop_source stop;
  stop.request_stop();
  phone.latency = 0ms;
  ASSERT_TRUE(link.write(to_bytes({1}), Wait{1s, stop.get_token()}));
  EXPECT_TRUE(link.read_bytes(1, Wait{1s, stop.get_token()}));
  EXPECT_EQ(link.read_bytes(1, Wait{1s, stop.get_token()}).error().code, Errc::cancelled);
  EXPECT_EQ(link.reopen(UsbIdentity::agent, Wait{1s, stop.get_token()}).error().code, Errc::cancelled);
}

TEST_F(Memory, a_wait_without_end_does_not_overflow) {
  ASSERT_TRUE(link.write(to_bytes({1}), 1s));
  clock.advance(1h);
  EXPECT_TRUE(link.read_bytes(1, Wait{Clock::Duration::max()}));
}

}  // namespace mtk
