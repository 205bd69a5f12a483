// SPDX-License-Identifier: Apache-2.0
#include "session/bus_timeline.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {

using namespace std::chrono_literals;
using Kind = BusEvent::Kind;

struct Bus : testing::Test {
  FakeClock clock;
  BusTimeline timeline;

  PortSeen device(std::uint16_t vid, std::uint16_t pid, const std::string& place = "1-2",
                  std::vector<InterfaceKind> interfaces = {}) const {
    PortSeen port{
        .name = "usb:" + place, .path = "", .usb_path = place, .vid = vid, .pid = pid, .since = clock.now()};
    port.interfaces = std::move(interfaces);
    return port;
  }
};

TEST_F(Bus, names_what_comes_and_how_long_it_stayed) {
  const PortSeen port = device(0x0e8d, 0x2000);
  const auto came = timeline.appeared(port);
  ASSERT_TRUE(came);
  EXPECT_EQ(came->kind, Kind::appeared);
  EXPECT_EQ(came->face, "preloader");
  EXPECT_EQ(came->text, "MediaTek preloader on usb:1-2");
  clock.advance(1840ms);
  const auto left = timeline.left(port, clock.now());
  ASSERT_TRUE(left);
  EXPECT_EQ(left->kind, Kind::left);
  EXPECT_EQ(left->stayed, 1840ms);
  EXPECT_EQ(left->text, "MediaTek preloader on usb:1-2, left after 1.8 s");
}

TEST_F(Bus, another_face_at_the_same_place_is_the_phone_changing) {
  const PortSeen preloader = device(0x0e8d, 0x2000);
  timeline.appeared(preloader);
  timeline.left(preloader, clock.now());
  clock.advance(30s);
  const auto android = timeline.appeared(device(0x0e8d, 0x2008));
  ASSERT_TRUE(android);
  EXPECT_EQ(android->kind, Kind::changed);
  EXPECT_EQ(android->before, "MediaTek preloader");
  EXPECT_EQ(android->text, "running MediaTek phone, file transfer on usb:1-2 (before: MediaTek preloader)");
}

TEST_F(Bus, the_same_face_again_and_other_places_are_new) {
  const PortSeen preloader = device(0x0e8d, 0x2000);
  timeline.appeared(preloader);
  timeline.left(preloader, clock.now());
  EXPECT_EQ(timeline.appeared(preloader)->kind, Kind::appeared);
  EXPECT_EQ(timeline.appeared(device(0x0e8d, 0x0003, "1-3"))->kind, Kind::appeared);
  timeline.left(preloader, clock.now());
  clock.advance(10min);
  EXPECT_EQ(timeline.appeared(device(0x0e8d, 0x0003))->kind, Kind::appeared) << "long after";
}

TEST_F(Bus, android_is_known_by_what_it_can_do) {
  const auto adb = timeline.appeared(device(0x2717, 0xff48, "1-1", {{0xff, 0xff, 0}, {0xff, 0x42, 1}}));
  ASSERT_TRUE(adb);
  EXPECT_EQ(adb->face, "adb");
  EXPECT_EQ(adb->name, "running phone, adb (2717:ff48)");
  EXPECT_EQ(timeline.appeared(device(0x04e8, 0x6860, "1-4", {{6, 1, 1}}))->face, "mtp");
  EXPECT_EQ(timeline.appeared(device(0x2a45, 0x0c02, "1-5", {{0xff, 0x42, 3}}))->face, "fastboot");
}

TEST_F(Bus, strangers_matter_only_where_a_phone_was) {
  const PortSeen mouse = device(0x046d, 0xc077, "1-2", {{3, 1, 2}});
  EXPECT_FALSE(timeline.appeared(mouse));
  EXPECT_FALSE(timeline.left(mouse, clock.now()));
  const PortSeen preloader = device(0x0e8d, 0x2000);
  timeline.appeared(preloader);
  timeline.left(preloader, clock.now());
  const auto seen = timeline.appeared(mouse);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->face, "");
  EXPECT_EQ(seen->text, "another device (046d:c077) on usb:1-2 (before: MediaTek preloader)");
  EXPECT_TRUE(timeline.left(mouse, clock.now()));
}

TEST_F(Bus, a_single_error_may_be_followed_by_success) {
  const auto error = [](unsigned count) { return UsbTrouble{UsbTrouble::Kind::not_described, "1-2", count}; };
  EXPECT_FALSE(timeline.trouble(error(1)));
  const auto told = timeline.trouble(error(3));
  ASSERT_TRUE(told);
  EXPECT_EQ(told->kind, Kind::failed);
  EXPECT_EQ(told->port, "usb:1-2");
  EXPECT_EQ(told->errors, 3U);
  EXPECT_FALSE(timeline.trouble(error(5))) << "one attempt of the kernel makes many errors";
  EXPECT_TRUE(timeline.trouble(error(6)));
  EXPECT_TRUE(timeline.trouble(error(2))) << "the count began anew";
  const auto busy = timeline.trouble({UsbTrouble::Kind::bus_busy, "3", 1});
  EXPECT_EQ(busy->port, "usb:3");
  EXPECT_EQ(busy->text, "bus 3 is busy, and no device comes of it");
  EXPECT_EQ(timeline.trouble({UsbTrouble::Kind::over_current, "1-2", 1})->kind, Kind::over_current);
}

TEST(KnownIdentities, are_all_of_the_table_and_only_download_ports_are_flashable) {
  const auto known = known_identities();
  EXPECT_EQ(known.size(), usb_ids().size());
  for (const KnownUsb& one : known)
    EXPECT_EQ(one.flashable, is_download_port(find_usb_id(one.vid, one.pid)->role));
}

}  // namespace
}  // namespace mtk
