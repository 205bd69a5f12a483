// SPDX-License-Identifier: Apache-2.0
#include "transport/port_address.h"

#include "transport/test_pty.h"
#include "transport/test_socket.h"

#include <gtest/gtest.h>

#include <optional>
#include <thread>

namespace mtk {
namespace {
using namespace std::chrono_literals;

template <class Kind>
Kind parsed(std::string_view text) {
  const auto address = parse_port_address(text);
  EXPECT_TRUE(address) << text;
  if (address && std::holds_alternative<Kind>(*address)) return std::get<Kind>(*address);
  ADD_FAILURE() << text << " is of another kind";
  return {};
}
}  // namespace

TEST(PortAddress, understands_every_form) {
  EXPECT_EQ(parsed<TtyAddress>("tty:/dev/ttyACM0").path, "/dev/ttyACM0");
  EXPECT_EQ(parsed<UnixAddress>("unix:phone.sock").path, "phone.sock");
  EXPECT_EQ(parsed<UsbAddress>("usb:1-2.3").usb_path, "1-2.3");
  EXPECT_EQ(parsed<UsbAddress>("1-2").usb_path, "1-2");
  EXPECT_EQ(parsed<UsbAddress>("12-3.14.1").usb_path, "12-3.14.1");
  EXPECT_EQ(parsed<BarePath>("/dev/pts/3").path, "/dev/pts/3");
  EXPECT_EQ(parsed<BarePath>("./phone").path, "./phone");
  const auto named = parsed<TcpAddress>("tcp:bench.local:5000");
  EXPECT_EQ(named.host, "bench.local");
  EXPECT_EQ(named.port, 5000);
  const auto ipv6 = parsed<TcpAddress>("tcp:[::1]:65535");
  EXPECT_EQ(ipv6.host, "::1");
  EXPECT_EQ(ipv6.port, 65535);
}

TEST(PortAddress, a_serial_port_goes_by_its_name) {
  EXPECT_EQ(parsed<TtyAddress>("ttyACM0").path, "/dev/ttyACM0");
  EXPECT_EQ(parsed<TtyAddress>("tty:ttyUSB3").path, "/dev/ttyUSB3");
  EXPECT_EQ(parsed<TtyAddress>("tty:link").path, "link");
}

TEST(PortAddress, any_phone_may_be_meant) {
  EXPECT_EQ(parsed<AnyAddress>("usb:").way, PortWay::usb);
  EXPECT_EQ(parsed<AnyAddress>("tty:").way, PortWay::tty);
  EXPECT_FALSE(parsed<AnyAddress>("tty:").only_new);
  EXPECT_EQ(parsed<AnyAddress>("next").way, PortWay::either);
  EXPECT_TRUE(parsed<AnyAddress>("next").only_new);
  EXPECT_EQ(open_port("next", 1s).error().code, Errc::usage);
}

TEST(PortAddress, refuses_what_it_cannot_mean) {
  for (const char* text : {"",
                           "COM3",
                           "unix:",
                           "tcp:",
                           "tcp:host",
                           "tcp:host:",
                           "tcp:host:0",
                           "tcp:host:65536",
                           "tcp:host:+5",
                           "tcp::5000",
                           "tcp:[]:5000",
                           "tcp:::1:5000",
                           "tcp:host:99999999999999999999",
                           "ACM0",
                           "usb:1",
                           "usb:1-",
                           "usb:1-2.",
                           "usb:a-2",
                           "1-2.x",
                           "serial:/dev/x"}) {
    const auto address = parse_port_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().code, Errc::usage) << text;
  }
}

TEST(OpenPort, a_bare_path_is_a_terminal_or_a_socket_by_what_is_there) {
  test::TempFolder folder;
  test::PtyPhone phone{folder / "tty"};
  const auto tty = open_port(phone.path(), 1s);
  ASSERT_TRUE(tty);
  EXPECT_EQ((*tty)->name(), "tty:" + phone.path());

  const std::string path = (folder / "socket").string();
  const test::Listener listener{path};
  const auto socket = open_port(path, 1s);
  ASSERT_TRUE(socket);
  EXPECT_EQ((*socket)->name(), "unix:" + path);
}

TEST(OpenPort, waits_for_a_bare_path_to_appear) {
  test::TempFolder folder;
  std::optional<test::PtyPhone> phone;
  std::jthread plug{[&] { phone.emplace(folder / "tty"); }};
  EXPECT_TRUE(open_port((folder / "tty").string(), 1h));
  EXPECT_EQ(open_port((folder / "other").string(), 10ms).error().code, Errc::timeout);
}

TEST(OpenPort, an_empty_usb_place_is_a_timeout) {
  EXPECT_EQ(open_port("usb:250-99", 10ms).error().code, Errc::timeout);
}

TEST(OpenPort, says_what_ports_look_like) { EXPECT_EQ(open_port("COM3", 1s).error().code, Errc::usage); }

}  // namespace mtk
