// SPDX-License-Identifier: Apache-2.0
#include "transport/faulty.h"

#include "transport/replay.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {
using namespace std::chrono_literals;

/// A phone that says these bytes.
std::unique_ptr<Transport> speaker(std::vector<std::uint8_t> bytes) {
  return std::make_unique<ReplayTransport>(std::vector<Exchange>{{.phone = std::move(bytes)}});
}

/// What the phone gets when the host says 1 2 3 4 in two transfers.
Bytes heard_with(const Fault& fault, std::vector<Errc> expected_errors = {}) {
  struct Ear final : Transport {
    explicit Ear(Bytes& into) : heard(into) {}
    Result<std::size_t> read_some(std::span<std::byte>, const Wait&, Content) override {
      return fail(Errc::timeout, "silent");
    }
    Result<> write(std::span<const ByteView> parts, const Wait&, Content) override {
      for (const ByteView part : parts) heard.insert(heard.end(), part.begin(), part.end());
      return {};
    }
    Result<> reopen(UsbIdentity, const Wait&) override { return {}; }
    Clock& clock() override { return time; }
    std::string name() const override { return "ear"; }
    Bytes& heard;
    FakeClock time;
  };
  Bytes heard;
  FaultyTransport link{std::make_unique<Ear>(heard), {fault}};
  std::vector<Errc> errors;
  for (const Bytes& transfer : {to_bytes({1, 2}), to_bytes({3, 4})})
    if (const auto sent = link.Transport::write(transfer, 1s); !sent) errors.push_back(sent.error().code);
  EXPECT_EQ(errors, expected_errors);
  return heard;
}

using Kind = Fault::Kind;
}  // namespace

TEST(Faulty, strikes_what_the_host_says_at_the_exact_byte) {
  EXPECT_EQ(heard_with({.kind = Kind::flip, .at_byte = 2, .mask = std::byte{0x80}}),
            to_bytes({1, 2, 0x83, 4}));
  EXPECT_EQ(heard_with({.kind = Kind::duplicate, .at_byte = 1}), to_bytes({1, 2, 2, 3, 4}));
  EXPECT_EQ(heard_with({.kind = Kind::shorten, .at_byte = 0}), to_bytes({2, 3, 4}));
  EXPECT_EQ(heard_with({.kind = Kind::cut, .at_byte = 3}, {Errc::disconnected}), to_bytes({1, 2, 3}));
  EXPECT_EQ(heard_with({.kind = Kind::cut, .at_byte = 0}, {Errc::disconnected, Errc::disconnected}), Bytes{});
  EXPECT_EQ(heard_with({.kind = Kind::cut, .at_byte = 4}), to_bytes({1, 2, 3, 4}));
}

TEST(Faulty, a_flipped_byte_of_the_phone_leaves_the_others_alone) {
  FaultyTransport link{speaker({1, 2, 3}), {{.kind = Kind::flip, .at_byte = 1}}};
  EXPECT_EQ(*link.read_bytes(3, 1s), to_bytes({1, 3, 3}));
  EXPECT_TRUE(link.all_struck());
}

TEST(Faulty, a_duplicated_byte_of_the_phone_comes_twice) {
  FaultyTransport link{speaker({1, 2, 3}), {{.kind = Kind::duplicate, .at_byte = 0}}};
  EXPECT_EQ(*link.read_bytes(4, 1s), to_bytes({1, 1, 2, 3}));
}

TEST(Faulty, a_shortened_answer_lacks_its_bytes) {
  FaultyTransport link{speaker({1, 2, 3, 4}), {{.kind = Kind::shorten, .at_byte = 1, .count = 2}}};
  const auto answer = link.read_bytes(4, 1s);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().what, "phone silent for 1000 ms, 2 of 4 bytes came");
}

TEST(Faulty, a_delayed_byte_comes_when_its_time_has_passed) {
  FaultyTransport link{speaker({1, 2}), {{.kind = Kind::delay, .at_byte = 1, .delay = 300ms}}};
  const auto start = link.clock().now();
  EXPECT_EQ(*link.read_bytes(1, 100ms), to_bytes({1}));
  EXPECT_EQ(link.read_bytes(1, 100ms).error().code, Errc::timeout);
  EXPECT_EQ(link.clock().now() - start, 100ms);
  EXPECT_EQ(*link.read_bytes(1, 1s), to_bytes({2}));
  EXPECT_EQ(link.clock().now() - start, 300ms);
}

TEST(Faulty, a_cut_link_stays_cut_until_the_port_is_opened_again) {
  auto phone = std::make_unique<ReplayTransport>(
      std::vector<Exchange>{{.phone = {1, 2}, .reopens_as = UsbIdentity::brom}, {.phone = {3}}});
  bool phone_knows = false;
  FaultyTransport link{std::move(phone), {{.kind = Kind::cut, .at_byte = 1}}, [&] { phone_knows = true; }};
  EXPECT_EQ(link.read_bytes(2, 1s).error().code, Errc::disconnected);
  EXPECT_TRUE(phone_knows);
  EXPECT_EQ(link.read_bytes(1, 1s).error().code, Errc::disconnected);
  EXPECT_EQ(link.Transport::write(to_bytes({1}), 1s).error().code, Errc::disconnected);
  ASSERT_TRUE(link.reopen(UsbIdentity::brom, 1s));
  EXPECT_EQ(*link.read_bytes(1, 1s), to_bytes({3}));
}

TEST(Faulty, counts_both_directions_together_when_none_is_named) {
  const std::vector<Exchange> conversation{{{0xa0}, {0x5f}}, {{0x0a}, {0xf5}}};
  FaultyTransport link{std::make_unique<ReplayTransport>(conversation), {{.kind = Kind::flip, .at_byte = 3}}};
  ASSERT_TRUE(link.Transport::write(to_bytes({0xa0}), 1s));
  EXPECT_EQ(*link.read_bytes(1, 1s), to_bytes({0x5f}));
  ASSERT_TRUE(link.Transport::write(to_bytes({0x0a}), 1s));
  EXPECT_EQ(*link.read_bytes(1, 1s), to_bytes({0xf4}));
}

TEST(Faulty, counts_one_direction_alone_when_it_is_named) {
  const std::vector<Exchange> conversation{{{0xa0}, {0x5f}}, {{0x0a}, {0xf5}}};
  FaultyTransport link{std::make_unique<ReplayTransport>(conversation),
                       {{.kind = Kind::flip, .at_byte = 1, .direction = Direction::to_host}}};
  ASSERT_TRUE(link.Transport::write(to_bytes({0xa0}), 1s));
  EXPECT_EQ(*link.read_bytes(1, 1s), to_bytes({0x5f}));
  ASSERT_TRUE(link.Transport::write(to_bytes({0x0a}), 1s));
  EXPECT_EQ(*link.read_bytes(1, 1s), to_bytes({0xf4}));
  EXPECT_EQ(link.passed(Direction::to_host), 2u);
  EXPECT_EQ(link.passed(Direction::to_phone), 2u);
}

TEST(Faulty, cutting_at_every_byte_of_a_conversation_is_never_unnoticed) {
  const std::vector<Exchange> conversation{{{0xa0}, {0x5f}}, {{0xfd}, {0xfd, 0x65, 0x80, 0, 0}}};
  const auto talk = [](Transport& link) -> Result<> {
    MTK_TRY(link.write(to_bytes({0xa0}), 1s));
    MTK_TRY(link.read_bytes(1, 1s));
    MTK_TRY(link.write(to_bytes({0xfd}), 1s));
    MTK_TRY(link.read_bytes(5, 1s));
    return {};
  };
  FaultyTransport whole{std::make_unique<ReplayTransport>(conversation), {}};
  ASSERT_TRUE(talk(whole));
  const std::uint64_t length = whole.passed(Direction::to_phone) + whole.passed(Direction::to_host);
  ASSERT_EQ(length, 8u);
  for (std::uint64_t at = 0; at < length; ++at) {
    FaultyTransport link{std::make_unique<ReplayTransport>(conversation),
                         {{.kind = Kind::cut, .at_byte = at}}};
    const auto outcome = talk(link);
    ASSERT_FALSE(outcome) << at;
    EXPECT_EQ(outcome.error().code, Errc::disconnected) << at;
  }
}

}  // namespace mtk
