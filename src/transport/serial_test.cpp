// SPDX-License-Identifier: Apache-2.0
#include "transport/serial.h"

#include "transport/test_pty.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <thread>

#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

namespace mtk {
namespace {
using namespace std::chrono_literals;

struct Serial : testing::Test {
  test::TempFolder folder;
  test::PtyPhone phone{folder / "phone"};
};

/// Every byte value, so that a terminal that interprets any of them is noticed.
Bytes every_byte() {
  ByteWriter out;
  for (unsigned value = 0; value < 256; ++value) out.u8(static_cast<std::uint8_t>(value));
  return std::move(out).take();
}
}  // namespace

TEST_F(Serial, passes_every_byte_unchanged_in_both_directions) {
  auto port = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(port);
  ASSERT_TRUE((*port)->write(every_byte(), 5s));
  EXPECT_EQ(phone.hear(256), every_byte());
  phone.say(every_byte());
  EXPECT_EQ(*(*port)->read_bytes(256, 5s), every_byte());
}

TEST_F(Serial, is_asked_for_less_than_its_driver_holds) {
  constexpr std::size_t held_by_linux = 640 * 1024;
  auto port = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(port);
  EXPECT_LT((*port)->answer_limit(), held_by_linux / 2);
}

TEST_F(Serial, sends_all_parts_in_order) {
  auto port = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(port);
  const Bytes a = to_bytes({1}), none, b = to_bytes({2, 3});
  const std::vector<ByteView> parts{none, a, none, b, none};
  ASSERT_TRUE((*port)->write(parts, 1s, Content::open));
  EXPECT_EQ(phone.hear(3), to_bytes({1, 2, 3}));
}

TEST_F(Serial, moves_more_than_the_terminal_holds) {
  auto port = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(port);
  const Bytes sent(300'000, std::byte{0x5a});
  Bytes heard;
  std::jthread listener{[&] { heard = phone.hear(sent.size()); }};
  ASSERT_TRUE((*port)->write(sent, 30s));
  listener.join();
  EXPECT_EQ(heard, sent);

  std::jthread speaker{[&] { phone.say(sent); }};
  EXPECT_EQ(*(*port)->read_bytes(sent.size(), 30s), sent);
}

TEST_F(Serial, a_silent_phone_is_a_timeout) {
  auto port = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(port);
  EXPECT_EQ((*port)->read_bytes(2, 10ms).error().code, Errc::timeout);
  EXPECT_EQ((*port)->read_bytes(2, 0ms).error().code, Errc::timeout);
}

TEST_F(Serial, a_phone_that_takes_nothing_is_a_timeout) {
  auto port = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(port);
  EXPECT_EQ((*port)->write(Bytes(10'000'000), 10ms).error().code, Errc::timeout);
}

TEST_F(Serial, a_stop_from_another_thread_ends_the_wait) {
  auto port = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(port);
  std::stop_source stop;
  std::jthread user{[&] { stop.request_stop(); }};
  EXPECT_EQ((*port)->read_bytes(1, Wait{Clock::Duration::max(), stop.get_token()}).error().code,
            Errc::cancelled);
  EXPECT_EQ((*port)->write(Bytes(10'000'000), Wait{1h, stop.get_token()}).error().code, Errc::cancelled);
}

TEST_F(Serial, a_pulled_cable_is_a_lost_link_for_every_later_call) {
  auto port = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(port);
  phone.unplug();
  EXPECT_EQ((*port)->read_bytes(1, 1h).error().code, Errc::disconnected);
  EXPECT_EQ((*port)->write(to_bytes({1}), 1h).error().code, Errc::disconnected);
}

TEST_F(Serial, a_write_notices_the_pulled_cable_too) {
  auto port = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(port);
  phone.unplug();
  EXPECT_EQ((*port)->write(to_bytes({1}), 1h).error().code, Errc::disconnected);
}

TEST_F(Serial, reopen_finds_the_phone_behind_the_new_link) {
  auto port = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(port);
  std::jthread life{[&] {
    phone.say(to_bytes({0xee}));  // unread when it leaves
    phone.unplug();
    phone.plug_in();
  }};
  ASSERT_TRUE((*port)->reopen(UsbIdentity::agent, 1h));
  life.join();
  phone.say(to_bytes({7, 8}));
  EXPECT_EQ(*(*port)->read_bytes(2, 5s), to_bytes({7, 8}));
}

TEST_F(Serial, reopen_gives_up_when_the_phone_stays_or_stays_away) {
  auto port = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(port);
  EXPECT_EQ((*port)->reopen(UsbIdentity::agent, 10ms).error().code, Errc::timeout);
  phone.unplug();
  EXPECT_EQ((*port)->reopen(UsbIdentity::agent, 10ms).error().code, Errc::timeout);
}

TEST_F(Serial, a_port_held_by_another_program_is_busy) {
  const auto first = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(first);
  const auto second = SerialTransport::open(phone.path(), 0s);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::busy);
}

TEST_F(Serial, a_port_that_another_program_has_claimed_is_busy_for_root_too) {
  const UniqueFd other{::open(phone.path().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
  ASSERT_EQ(ioctl(other.get(), TIOCEXCL), 0);
  EXPECT_EQ(SerialTransport::open(phone.path(), 0s).error().code, Errc::busy);
}

TEST_F(Serial, who_holds_a_busy_port_is_named) {
  std::array<int, 2> ready{};
  ASSERT_EQ(pipe(ready.data()), 0);
  const pid_t other = fork();
  if (other == 0) {
    const int port = ::open(phone.path().c_str(), O_RDWR | O_NOCTTY);
    flock(port, LOCK_EX);
    static_cast<void>(::write(ready[1], "x", 1));
    pause();
    _exit(0);
  }
  char is_ready = 0;
  ASSERT_EQ(::read(ready[0], &is_ready, 1), 1);
  const auto opened = SerialTransport::open(phone.path(), 0s);
  kill(other, SIGKILL);
  waitpid(other, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  EXPECT_EQ(opened.error().code, Errc::busy);
  EXPECT_NE(opened.error().what.find(fmt::format("(process {}) holds", other)), std::string::npos)
      << opened.error().what;
}

TEST_F(Serial, waits_for_a_port_that_another_program_lets_go) {
  auto first = SerialTransport::open(phone.path(), 1s);
  ASSERT_TRUE(first);
  std::jthread other{[&] { first->reset(); }};
  EXPECT_TRUE(SerialTransport::open(phone.path(), 1h));
}

TEST_F(Serial, a_port_that_is_not_there_in_time_is_a_timeout) {
  phone.unplug();
  EXPECT_EQ(SerialTransport::open(phone.path(), 10ms).error().code, Errc::timeout);
}

TEST_F(Serial, a_file_or_folder_is_not_a_serial_port) {
  std::ofstream{folder / "file"} << "x";
  EXPECT_EQ(SerialTransport::open((folder / "file").string(), 1s).error().code, Errc::usage);
  EXPECT_EQ(SerialTransport::open(folder.path().string(), 1s).error().code, Errc::usage);
}

}  // namespace mtk
