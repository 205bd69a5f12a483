// SPDX-License-Identifier: Apache-2.0
#include "transport/socket.h"

#include "transport/test_pty.h"
#include "transport/test_socket.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace mtk {
namespace {
using namespace std::chrono_literals;
using test::hear;
using test::Listener;
using test::say;

struct Socket : testing::Test {
  test::TempFolder folder;
  std::string path = (folder / "socket").string();
};
}  // namespace

TEST_F(Socket, tcp_carries_bytes_both_ways) {
  Listener listener;
  auto port = SocketTransport::open(TcpAddress{"127.0.0.1", listener.port()}, 5s);
  ASSERT_TRUE(port);
  EXPECT_EQ((*port)->name(), "tcp:127.0.0.1:" + std::to_string(listener.port()));
  const UniqueFd phone = listener.accept();
  ASSERT_TRUE((*port)->write(to_bytes({1, 2}), 5s));
  EXPECT_EQ(hear(phone, 2), to_bytes({1, 2}));
  say(phone, to_bytes({3, 4, 5}));
  EXPECT_EQ(*(*port)->read_bytes(3, 5s), to_bytes({3, 4, 5}));
}

TEST_F(Socket, small_and_large_reads_see_the_same_stream) {
  Listener listener{path};
  auto port = SocketTransport::open_unix(path, 5s);
  ASSERT_TRUE(port);
  const UniqueFd phone = listener.accept();
  Bytes sent;
  for (unsigned i = 0; i < 400'000; ++i) sent.push_back(static_cast<std::byte>(i * 7 >> 3));
  std::jthread speaker{[&] { say(phone, sent); }};
  Bytes heard;
  for (const std::size_t size : {1u, 11u, 70'000u, 3u, 200'000u, 129'985u}) {
    const auto piece = (*port)->read_bytes(size, 30s);
    ASSERT_TRUE(piece);
    heard.insert(heard.end(), piece->begin(), piece->end());
  }
  EXPECT_EQ(heard, sent);
}

TEST_F(Socket, a_timeout_says_what_came) {
  Listener listener{path};
  auto port = SocketTransport::open_unix(path, 5s);
  ASSERT_TRUE(port);
  const UniqueFd phone = listener.accept();
  say(phone, to_bytes({1}));
  const auto answer = (*port)->read_bytes(2, 10ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Errc::timeout);
  EXPECT_EQ(answer.error().what, "phone silent for 10 ms, 1 of 2 bytes came");
}

TEST_F(Socket, more_parts_than_one_system_call_takes_arrive_in_order) {
  Listener listener{path};
  auto port = SocketTransport::open_unix(path, 5s);
  ASSERT_TRUE(port);
  const UniqueFd phone = listener.accept();
  Bytes sent;
  for (unsigned i = 0; i < 100; ++i) sent.push_back(static_cast<std::byte>(i));
  std::vector<ByteView> parts;
  for (std::size_t i = 0; i < sent.size(); ++i) parts.push_back(ByteView{sent}.subspan(i, 1));
  ASSERT_TRUE((*port)->write(parts, 5s, Content::open));
  EXPECT_EQ(hear(phone, 100), sent);
}

TEST_F(Socket, what_was_sent_before_the_phone_left_is_still_read) {
  Listener listener{path};
  auto port = SocketTransport::open_unix(path, 5s);
  ASSERT_TRUE(port);
  {
    const UniqueFd phone = listener.accept();
    say(phone, to_bytes({9}));
  }
  EXPECT_EQ(*(*port)->read_bytes(1, 1h), to_bytes({9}));
  EXPECT_EQ((*port)->read_bytes(1, 1h).error().code, Errc::disconnected);
  EXPECT_EQ((*port)->write(to_bytes({1}), 1h).error().code, Errc::disconnected);
}

TEST_F(Socket, reopen_waits_for_the_close_and_connects_to_the_new_device) {
  Listener listener{path};
  auto port = SocketTransport::open_unix(path, 5s);
  ASSERT_TRUE(port);
  UniqueFd second;
  std::jthread phone{[&] {
    UniqueFd first = listener.accept();
    say(first, to_bytes({0xee}));
    first.close();
    second = listener.accept();
    say(second, to_bytes({7}));
  }};
  ASSERT_TRUE((*port)->reopen(UsbIdentity::agent, 1h));
  EXPECT_EQ(*(*port)->read_bytes(1, 1h), to_bytes({7}));
  phone.join();
}

TEST_F(Socket, reopen_is_a_timeout_when_the_phone_stays) {
  Listener listener{path};
  auto port = SocketTransport::open_unix(path, 5s);
  ASSERT_TRUE(port);
  const UniqueFd phone = listener.accept();
  say(phone, to_bytes({1, 2, 3}));
  EXPECT_EQ((*port)->reopen(UsbIdentity::agent, 10ms).error().code, Errc::timeout);
}

TEST_F(Socket, waits_for_somebody_to_listen) {
  std::optional<Listener> listener;
  std::jthread phone{[&] { listener.emplace(path); }};
  EXPECT_TRUE(SocketTransport::open_unix(path, 1h));
}

TEST_F(Socket, nobody_listening_is_a_timeout) {
  EXPECT_EQ(SocketTransport::open_unix(path, 10ms).error().code, Errc::timeout);
}

TEST_F(Socket, a_stop_ends_the_wait_for_a_listener) {
  std::stop_source stop;
  std::jthread user{[&] { stop.request_stop(); }};
  EXPECT_EQ(SocketTransport::open_unix(path, Wait{1h, stop.get_token()}).error().code, Errc::cancelled);
}

TEST_F(Socket, an_impossible_address_is_wrong_use) {
  EXPECT_EQ(SocketTransport::open_unix(std::string(200, 'x'), 1s).error().code, Errc::usage);
  EXPECT_EQ(SocketTransport::open(TcpAddress{"not a host", 80}, 1s).error().code, Errc::usage);
}

}  // namespace mtk
