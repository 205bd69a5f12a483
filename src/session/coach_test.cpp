// SPDX-License-Identifier: Apache-2.0
#include "session/coach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;
using Kind = BusEvent::Kind;

/// A person in front of a computer; `ids` is all advice given so far.
struct Waiting : testing::Test {
  FakeClock clock;
  Coach coach;
  std::vector<std::string> ids;
  std::string last;

  void take(const Coach::Advice& advice) {
    for (const Notice& notice : advice) {
      ids.push_back(notice.id);
      last = notice.text;
    }
  }
  void begin() { take(coach.begin(clock.now())); }
  void wait(Clock::Duration time) {
    for (const auto end = clock.now() + time; clock.now() < end;) {
      clock.advance(std::min<Clock::Duration>(250ms, end - clock.now()));
      take(coach.at(clock.now()));
    }
  }
  void see(Kind kind, const std::string& face, const std::string& port = "usb:1-2") {
    take(coach.on({.kind = kind, .port = port, .face = face}, clock.now()));
  }
};

TEST_F(Waiting, begins_with_the_cable_and_goes_on_while_nothing_comes) {
  begin();
  EXPECT_THAT(ids, ElementsAre("plug_in"));
  wait(19s);
  EXPECT_THAT(ids, ElementsAre("plug_in"));
  wait(1s);
  EXPECT_THAT(ids, ElementsAre("plug_in", "try_keys"));
  wait(40s);
  EXPECT_THAT(ids, ElementsAre("plug_in", "try_keys", "charge_only_cable"));
  wait(1h);
  EXPECT_EQ(ids.size(), 3U);
}

TEST_F(Waiting, nobody_who_has_not_begun_is_spoken_to) {
  wait(1h);
  EXPECT_THAT(ids, IsEmpty());
}

TEST_F(Waiting, a_phone_that_is_there_already_needs_no_cable) {
  see(Kind::appeared, "preloader");
  begin();
  wait(1h);
  EXPECT_THAT(ids, IsEmpty());
}

TEST_F(Waiting, keys_are_for_a_phone_that_is_off_and_silent) {
  begin();
  see(Kind::appeared, "adb");
  wait(1h);
  EXPECT_THAT(ids, ElementsAre("plug_in", "adb_seen"));
  see(Kind::left, "adb");
  wait(19s);
  EXPECT_THAT(ids, ElementsAre("plug_in", "adb_seen"));
  wait(1s);
  EXPECT_THAT(ids, ElementsAre("plug_in", "adb_seen", "try_keys"));
}

TEST_F(Waiting, a_cable_that_has_carried_data_is_not_blamed) {
  begin();
  see(Kind::appeared, "mtp");
  see(Kind::left, "mtp");
  wait(1h);
  EXPECT_THAT(ids, ElementsAre("plug_in", "not_download_mode", "try_keys"));
}

TEST_F(Waiting, the_way_from_every_other_mode_is_told_once) {
  begin();
  for (int i = 0; i < 2; ++i)
    for (const char* face : {"fastboot", "recovery", "meta", "adb", "mtp"}) {
      see(Kind::changed, face);
      see(Kind::left, face);
    }
  EXPECT_THAT(ids, ElementsAre("plug_in", "fastboot_seen", "recovery_seen", "meta_seen", "adb_seen",
                               "not_download_mode"));
}

TEST_F(Waiting, a_port_that_leaves_unanswered_is_followed_by_keys) {
  begin();
  see(Kind::appeared, "preloader");
  EXPECT_THAT(ids, ElementsAre("plug_in"));
  see(Kind::left, "preloader");
  EXPECT_THAT(ids, ElementsAre("plug_in", "left_again"));
  see(Kind::changed, "mtp");
  EXPECT_THAT(ids, ElementsAre("plug_in", "left_again", "booted_instead"));
  see(Kind::left, "mtp");
  see(Kind::appeared, "preloader");
  see(Kind::left, "preloader");
  EXPECT_THAT(ids, ElementsAre("plug_in", "left_again", "booted_instead", "keys_after_leaving"));
}

TEST_F(Waiting, a_link_without_a_bus_is_lost_just_so) {
  take(coach.lost_before_answer());
  take(coach.lost_before_answer());
  take(coach.lost_before_answer());
  EXPECT_THAT(ids, ElementsAre("left_again", "keys_after_leaving"));
}

TEST_F(Waiting, two_phones_are_two) {
  begin();
  see(Kind::appeared, "adb", "usb:1-1");
  see(Kind::appeared, "fastboot", "usb:1-2");
  see(Kind::left, "fastboot", "usb:1-2");
  wait(1h);
  EXPECT_THAT(ids, ElementsAre("plug_in", "adb_seen", "fastboot_seen")) << "one is still there";
}

TEST_F(Waiting, strangers_are_no_phones) {
  begin();
  see(Kind::changed, "");
  wait(20s);
  EXPECT_THAT(ids, ElementsAre("plug_in", "try_keys"));
}

TEST_F(Waiting, electrical_trouble_names_the_port_and_no_driver) {
  begin();
  see(Kind::failed, "", "usb:3-1.4");
  EXPECT_THAT(ids, ElementsAre("plug_in", "usb_descriptor_failed"));
  EXPECT_THAT(last, HasSubstr("usb:3-1.4"));
  see(Kind::failed, "", "usb:3-1.4");
  see(Kind::over_current, "", "usb:3-1.4");
  wait(1h);
  EXPECT_THAT(ids, ElementsAre("plug_in", "usb_descriptor_failed", "over_current"))
      << "there is a port, only no answer; keys are told with the cable";
}

TEST_F(Waiting, a_bus_that_is_busy_for_nothing_may_be_the_phone) {
  begin();
  see(Kind::failed, "", "usb:3");
  EXPECT_THAT(ids, ElementsAre("plug_in", "bus_busy"));
  EXPECT_THAT(last, HasSubstr("bus 3"));
}

TEST_F(Waiting, a_refused_port_is_told_with_its_reason) {
  take(coach.refused("usb:1-2", "ModemManager (process 812) holds /dev/ttyACM0"));
  take(coach.refused("usb:1-2", "another"));
  EXPECT_THAT(ids, ElementsAre("port_refused"));
  EXPECT_THAT(last, HasSubstr("ModemManager (process 812)"));
}

TEST_F(Waiting, an_agent_without_a_battery_is_asked_for_it) {
  take(coach.speaks());
  EXPECT_THAT(ids, IsEmpty()) << "an agent that answers at once is no news";
  take(coach.silent(5s));
  EXPECT_THAT(last, HasSubstr("for 5 s"));
  take(coach.silent(10s));
  take(coach.speaks());
  take(coach.speaks());
  EXPECT_THAT(ids, ElementsAre("agent_silent", "agent_answers"));
}

TEST_F(Waiting, memory_that_does_not_start_is_told_the_way_without_keys) {
  take(coach.memory_failed());
  EXPECT_THAT(last, HasSubstr("without holding a key"));
  EXPECT_THAT(last, HasSubstr("--preloader"));
  take(coach.memory_failed());
  EXPECT_THAT(ids, ElementsAre("memory_failed"));
}

}  // namespace
}  // namespace mtk
