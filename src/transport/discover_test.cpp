// SPDX-License-Identifier: Apache-2.0
#include "transport/discover.h"

#include "transport/test_sysfs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <thread>

namespace mtk {
namespace {
using namespace std::chrono_literals;

constexpr std::array known{KnownUsb{0x0e8d, 0x0003, UsbIdentity::brom, true},
                           KnownUsb{0x0e8d, 0x2000, UsbIdentity::preloader, true},
                           KnownUsb{0x18d1, 0x4ee7, UsbIdentity::unknown, false}};

/// Keeps what it is told as `+1-2 0e8d:2000` and `-1-2 0e8d:2000`.
struct Diary final : PortWatcher {
  void appeared(const PortSeen& port) override { note('+', port); }
  void left(const PortSeen& port, Clock::TimePoint when) override {
    EXPECT_GE(when, port.since);
    note('-', port);
  }
  void trouble(const UsbTrouble& trouble) override { lines.push_back("!" + trouble.usb_path); }
  void looked(Clock::TimePoint) override { ++looks; }
  void note(char what, const PortSeen& port) {
    lines.push_back(fmt::format("{}{} {:04x}:{:04x}", what, port.usb_path, port.vid, port.pid));
  }
  std::vector<std::string> lines;
  int looks = 0;
};

struct Discover : testing::Test {
  test::FakeSystem system;
  Result<Discovery> discovery = Discovery::start(known, system.roots);
  Diary diary;
};
}  // namespace

TEST_F(Discover, a_phone_that_is_plugged_in_while_waiting_is_found) {
  std::jthread user{[&] {
    system.plug_in_with_tty("ttyACM7", "1-9", 0x1234, 0x5678);  // not a phone
    system.plug_in_with_tty("ttyACM0", "1-2.3", 0x0e8d, 0x2000);
  }};
  const auto port = discovery->wait_for_phone(1h, diary);
  ASSERT_TRUE(port);
  EXPECT_EQ(port->name, "usb:1-2.3");
  EXPECT_EQ(port->identity, UsbIdentity::preloader);
  EXPECT_EQ(std::ranges::count(diary.lines, "+1-2.3 0e8d:2000"), 1);
}

TEST_F(Discover, a_phone_that_is_there_already_is_found_at_once) {
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x0003);
  const auto port = discovery->wait_for_phone(0s, diary);
  ASSERT_TRUE(port);
  EXPECT_EQ(port->path, (system.roots.dev / "ttyACM0").string());
  EXPECT_EQ(port->identity, UsbIdentity::brom);
}

TEST_F(Discover, a_running_phone_is_reported_and_waited_past) {
  system.plug_in("1-2", 0x18d1, 0x4ee7);
  EXPECT_EQ(discovery->wait_for_phone(0s, diary).error().code, Errc::timeout);
  system.unplug("1-2");
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x0003);
  EXPECT_TRUE(discovery->wait_for_phone(0s, diary));
  EXPECT_EQ(diary.lines, (std::vector<std::string>{"+1-2 18d1:4ee7", "-1-2 18d1:4ee7", "+1-2 0e8d:0003"}));
}

TEST_F(Discover, a_phone_without_a_serial_driver_is_found_too) {
  system.plug_in("1-2", 0x0e8d, 0x2000);
  const auto port = discovery->wait_for_phone(0s, diary);
  ASSERT_TRUE(port);
  EXPECT_EQ(port->name, "usb:1-2");
  EXPECT_EQ(port->path, "");
  EXPECT_EQ(discovery->open(*port, 0s).error().code, Errc::timeout);  // and neither way in is there yet
}

TEST_F(Discover, the_same_identity_enumerated_anew_has_left_and_come) {
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x2000);
  ASSERT_TRUE(discovery->wait_for_phone(0s, diary));
  system.unplug("1-2");
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x2000);
  ASSERT_TRUE(discovery->wait_for_phone(0s, diary));
  EXPECT_EQ(diary.lines, (std::vector<std::string>{"+1-2 0e8d:2000", "-1-2 0e8d:2000", "+1-2 0e8d:2000"}));
}

TEST_F(Discover, a_stranger_is_told_once_it_says_what_it_can_do) {
  system.plug_in("1-9", 0x2717, 0xff48);
  discovery->look(diary);
  EXPECT_TRUE(diary.lines.empty());
  system.add_interface("1-9", "1-9:1.0", {0xff, 0x42, 0x01});
  discovery->look(diary);
  discovery->look(diary);
  EXPECT_EQ(diary.lines, std::vector<std::string>{"+1-9 2717:ff48"});
  EXPECT_EQ(diary.looks, 3);
}

TEST_F(Discover, what_is_there_may_be_ignored_until_it_comes_again) {
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x2000);
  discovery->look(diary);
  discovery->ignore_present();
  EXPECT_EQ(discovery->wait_for_phone(0s, diary).error().code, Errc::timeout);
  system.unplug("1-2");
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x2000);
  EXPECT_TRUE(discovery->wait_for_phone(0s, diary));
}

TEST_F(Discover, trouble_on_the_bus_is_told) {
  std::ofstream{system.roots.dev / "kmsg"};
  auto watching = Discovery::start(known, system.roots);
  std::ofstream{system.roots.dev / "kmsg"} << "3,1,2,-;usb 1-4: device descriptor read/64, error -71\n";
  watching->look(diary);
  EXPECT_EQ(diary.lines, std::vector<std::string>{"!1-4"});
}

TEST_F(Discover, a_way_that_is_asked_for_is_the_only_one) {
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x0003);
  std::filesystem::remove(system.roots.dev / "ttyACM0");
  test::PtyPhone phone{system.roots.dev / "ttyACM0"};
  const auto port = discovery->wait_for_phone(0s, diary);
  ASSERT_TRUE(port);
  EXPECT_EQ(discovery->open(*port, 0s, PortWay::usb).error().code, Errc::timeout);
  EXPECT_TRUE(discovery->open(*port, 5s, PortWay::tty));
}

TEST_F(Discover, waits_for_one_place_when_asked) {
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x2000);
  EXPECT_EQ(discovery->wait_for_phone(0s, diary, "1-3").error().code, Errc::timeout);
  system.plug_in_with_tty("ttyACM1", "1-3", 0x0e8d, 0x2000);
  EXPECT_EQ(discovery->wait_for_phone(0s, diary, "1-3")->path, (system.roots.dev / "ttyACM1").string());
}

TEST_F(Discover, a_phone_is_noticed_where_only_serial_ports_are_visible) {
  std::filesystem::remove_all(system.roots.dev / "bus");
  auto blind = Discovery::start(known, system.roots);
  ASSERT_TRUE(blind);
  std::jthread user{[&] { system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x2000); }};
  EXPECT_TRUE(blind->wait_for_phone(1h, diary));
}

TEST_F(Discover, a_bus_that_comes_later_is_watched_too) {
  std::filesystem::remove_all(system.roots.dev / "bus/usb/001");
  std::jthread user{[&] {
    std::filesystem::create_directories(system.roots.dev / "bus/usb/001");
    system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x2000);
  }};
  EXPECT_TRUE(discovery->wait_for_phone(1h, diary));
}

TEST_F(Discover, a_stop_ends_the_wait) {
  std::stop_source stop;
  std::jthread user{[&] { stop.request_stop(); }};
  EXPECT_EQ(discovery->wait_for_phone(Wait{Clock::Duration::max(), stop.get_token()}, diary).error().code,
            Errc::cancelled);
}

TEST_F(Discover, what_was_found_is_opened_and_found_again_under_another_number) {
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x0003);
  std::filesystem::remove(system.roots.dev / "ttyACM0");
  std::optional<test::PtyPhone> phone{system.roots.dev / "ttyACM0"};
  const auto port = discovery->wait_for_phone(0s, diary);
  ASSERT_TRUE(port);
  const auto link = discovery->open(*port, 5s);
  ASSERT_TRUE(link);
  EXPECT_EQ((*link)->identity(), UsbIdentity::brom);

  phone.reset();
  system.unplug("1-2");
  system.plug_in_with_tty("ttyACM5", "1-2", 0x0e8d, 0x2000);
  std::filesystem::remove(system.roots.dev / "ttyACM5");
  phone.emplace(system.roots.dev / "ttyACM5");
  ASSERT_TRUE((*link)->reopen(UsbIdentity::preloader, 1h));
  EXPECT_EQ((*link)->identity(), UsbIdentity::preloader);
  EXPECT_EQ((*link)->name(), "usb:1-2");
  phone->say(to_bytes({1}));
  EXPECT_EQ(*(*link)->read_bytes(1, 1h), to_bytes({1}));
}

TEST(DiscoverStart, a_folder_that_cannot_be_watched_is_an_error) {
  EXPECT_EQ(Discovery::start(known, SystemRoots{"/nonexistent", "/nonexistent", "/nonexistent"}).error().code,
            Errc::io);
}

}  // namespace mtk
