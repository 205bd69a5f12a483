// SPDX-License-Identifier: Apache-2.0
#include "session/find_port.h"

#include "transport/test_socket.h"
#include "transport/test_sysfs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace mtk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// A computer with a phone on a serial port, and what the user is told: events as `+preloader`, advice by id.
struct FindPort : testing::Test, SessionObserver {
  test::FakeSystem system;
  std::vector<std::string> told;
  std::optional<test::PtyPhone> pty;
  std::function<void(const std::string&)> when_told = [](const std::string&) {};

  void finding(const Notice& notice) override { note(notice.id); }
  void bus(const BusEvent& event) override {
    note((event.kind == BusEvent::Kind::left      ? "-"
          : event.kind == BusEvent::Kind::changed ? "~"
                                                  : "+") +
         event.face);
  }
  void note(const std::string& what) {
    told.push_back(what);
    when_told(what);
  }

  /// A download port that can be opened.
  void plug_in(const std::string& place, std::uint16_t pid) {
    system.plug_in_with_tty("ttyACM0", place, 0x0e8d, pid);
    std::filesystem::remove(system.roots.dev / "ttyACM0");
    pty.emplace(system.roots.dev / "ttyACM0");
  }
  void unplug(const std::string& place) {
    pty.reset();
    system.unplug(place);
  }
  Result<std::unique_ptr<Transport>> find(const std::string& port, const Wait& wait) {
    return find_port(port, wait, *this, system.roots);
  }
};

TEST_F(FindPort, a_phone_that_is_there_is_opened_without_a_word_about_the_cable) {
  plug_in("1-2", 0x2000);
  const auto link = find("", 5s);
  ASSERT_TRUE(link) << to_string(link.error());
  EXPECT_EQ((*link)->name(), "usb:1-2");
  EXPECT_EQ((*link)->identity(), UsbIdentity::preloader);
  EXPECT_THAT(told, ElementsAre("+preloader"));
}

TEST_F(FindPort, the_watch_begins_before_the_user_is_told_to_plug_in) {
  when_told = [&](const std::string& what) {
    if (what == "plug_in") plug_in("1-2", 0x2000);
  };
  EXPECT_TRUE(find("", 5s));
  EXPECT_THAT(told, ElementsAre("plug_in", "+preloader"));
}

TEST_F(FindPort, a_running_phone_is_spoken_of_and_waited_past) {
  system.plug_in("1-2", 0x18d1, 0x4ee7);
  when_told = [&](const std::string& what) {
    if (what != "adb_seen") return;
    system.unplug("1-2");
    plug_in("1-2", 0x2000);
  };
  EXPECT_TRUE(find("", 5s));
  EXPECT_THAT(told, ElementsAre("+adb", "adb_seen", "-adb", "~preloader"));
}

TEST_F(FindPort, nothing_is_a_timeout) {
  EXPECT_EQ(find("", 0s).error().code, Errc::timeout);
  EXPECT_EQ(find("usb:1-2", 0s).error().code, Errc::timeout);
  EXPECT_THAT(told, ElementsAre("plug_in", "plug_in"));
}

TEST_F(FindPort, a_named_place_is_watched_too_and_no_other_phone_is_taken) {
  plug_in("1-2", 0x2000);
  EXPECT_EQ(find("usb:1-3", 0s).error().code, Errc::timeout);
  EXPECT_THAT(told, ElementsAre("+preloader"));
  EXPECT_TRUE(find("1-2", 5s));
}

TEST_F(FindPort, a_running_phone_at_the_named_place_is_not_opened) {
  system.plug_in_with_tty("ttyACM0", "1-2", 0x0e8d, 0x2007);
  EXPECT_EQ(find("usb:1-2", 0s).error().code, Errc::timeout);
  EXPECT_THAT(told, ElementsAre("+meta", "meta_seen"));
}

TEST_F(FindPort, next_is_none_of_those_that_are_there) {
  plug_in("1-2", 0x2000);
  EXPECT_EQ(find("next", 0s).error().code, Errc::timeout);
}

TEST_F(FindPort, a_way_can_be_asked_for) {
  plug_in("1-2", 0x2000);
  EXPECT_TRUE(find("tty:", 5s));
  EXPECT_EQ(find("usb:", 0s).error().code, Errc::timeout) << "there is no device behind the fake node";
}

TEST_F(FindPort, what_is_no_port_is_said_at_once) {
  EXPECT_EQ(find("COM3", 1h).error().code, Errc::usage);
  EXPECT_TRUE(told.empty());
}

TEST_F(FindPort, sockets_are_opened_without_a_look_at_the_bus) {
  const std::string path = (system.folder / "socket").string();
  const test::Listener listener{path};
  plug_in("1-2", 0x2000);
  EXPECT_TRUE(find("unix:" + path, 5s));
  EXPECT_THAT(told, ElementsAre("plug_in"));
}

TEST_F(FindPort, a_port_that_stays_refused_is_told_and_then_believed) {
  plug_in("1-2", 0x2000);
  std::filesystem::permissions(system.roots.dev / "bus/usb/001/001", std::filesystem::perms::none);
  const auto first = find("", 5s);
  ASSERT_TRUE(first);
  const auto second = find("", 10s);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::busy);
  EXPECT_THAT(told, ElementsAre("+preloader", "+preloader", "port_refused"));
}

TEST_F(FindPort, a_phone_that_left_unanswered_is_found_again_with_advice) {
  plug_in("1-2", 0x2000);
  auto link = find("", 5s);
  ASSERT_TRUE(link);
  unplug("1-2");
  when_told = [&](const std::string& what) {
    if (what == "left_again") plug_in("1-2", 0x0003);
  };
  ASSERT_TRUE((*link)->reopen(UsbIdentity::unknown, 5s));
  EXPECT_THAT(told, ElementsAre("+preloader", "-preloader", "left_again", "~brom"));
}

TEST_F(FindPort, it_may_come_back_at_another_place_unless_one_was_named) {
  for (const std::string port : {"", "usb:1-2"}) {
    plug_in("1-2", 0x2000);
    auto link = find(port, 5s);
    ASSERT_TRUE(link);
    unplug("1-2");
    plug_in("1-3", 0x2000);
    const auto back = (*link)->reopen(UsbIdentity::unknown, port.empty() ? 5s : 0s);
    EXPECT_EQ(back.has_value(), port.empty());
    EXPECT_EQ((*link)->name(), port.empty() ? "usb:1-3" : "usb:1-2");
    link->reset();
    unplug("1-3");
  }
}

TEST_F(FindPort, an_agent_that_changes_its_face_is_told_without_advice) {
  plug_in("1-2", 0x2000);
  auto link = find("", 5s);
  ASSERT_TRUE(link);
  unplug("1-2");
  plug_in("1-2", 0x2001);
  ASSERT_TRUE((*link)->reopen(UsbIdentity::agent, 5s));
  EXPECT_EQ((*link)->identity(), UsbIdentity::agent);
  EXPECT_THAT(told, ElementsAre("+preloader", "-preloader", "~agent"));
}

}  // namespace
}  // namespace mtk
