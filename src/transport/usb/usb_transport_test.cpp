// SPDX-License-Identifier: Apache-2.0
#include "transport/usb/usb_transport.h"

#include "transport/usb/fake_usb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace mtk {
namespace {
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

std::optional<UsbIdentity> identify(std::uint16_t, std::uint16_t pid) {
  switch (pid) {
    case 0x0003:
      return UsbIdentity::brom;
    case 0x2000:
      return UsbIdentity::preloader;
    case 0x2001:
      return UsbIdentity::agent;
    default:
      return std::nullopt;
  }
}

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + i / 512);
  return bytes;
}

Bytes joined(const std::vector<Bytes>& transfers) {
  Bytes all;
  for (const Bytes& one : transfers) all.insert(all.end(), one.begin(), one.end());
  return all;
}

struct Usb : testing::Test {
  Usb() { phone.plug_in(0x2000); }
  Result<std::unique_ptr<UsbTransport>> open_within(Clock::Duration limit) {
    return UsbTransport::open(std::make_unique<test::FakeUsbBus>(phone),
                              {.usb_path = "1-2", .identify = identify}, Wait{limit});
  }
  UsbTransport& link() {
    if (!opened) opened = std::move(*open_within(0s));
    return *opened;
  }
  std::vector<std::size_t> sizes_heard() const {
    std::vector<std::size_t> sizes;
    for (const Bytes& transfer : phone.heard) sizes.push_back(transfer.size());
    return sizes;
  }

  test::FakeUsbPhone phone;
  std::unique_ptr<UsbTransport> opened;
};
}  // namespace

TEST_F(Usb, sets_the_line_before_anything_else_as_a_preloader_wants) {
  link();
  EXPECT_THAT(phone.log, ElementsAre("claim 0", "claim 1", "control 21 20 0 0 [00100e00000008]",
                                     "control 21 22 3 0 []"));
  EXPECT_EQ(link().identity(), UsbIdentity::preloader);
  EXPECT_EQ(link().name(), "usb:1-2");
}

TEST_F(Usb, a_boot_rom_that_refuses_line_settings_is_spoken_to_all_the_same) {
  phone.control_end = UsbEnd::stalled;
  phone.say(to_bytes({0x5f}));
  EXPECT_EQ(*link().read_bytes(1, 0s), to_bytes({0x5f}));
}

TEST_F(Usb, an_answer_may_come_in_any_pieces) {
  phone.say(to_bytes({1, 2}));
  phone.says.emplace_back();  // an empty packet
  phone.say(to_bytes({3, 4, 5}));
  EXPECT_EQ(*link().read_bytes(1, 0s), to_bytes({1}));
  EXPECT_EQ(*link().read_bytes(4, 0s), to_bytes({2, 3, 4, 5}));
}

TEST_F(Usb, an_answer_of_whole_packets_needs_no_short_one_at_its_end) {
  for (const std::size_t size : {512u, 1024u, 64u * 1024, 1024u * 1024}) {
    const Bytes answer = pattern(size);
    phone.say(answer);
    EXPECT_TRUE(link().read_bytes(size, 0s) == answer) << size;
  }
}

TEST_F(Usb, a_head_that_shares_its_packet_with_data_loses_nothing) {
  const Bytes answer = pattern(12 + 300'000);
  phone.say(answer);
  EXPECT_TRUE(link().read_bytes(12, 0s) == Bytes(answer.begin(), answer.begin() + 12));
  EXPECT_TRUE(link().read_bytes(300'000, 0s) == Bytes(answer.begin() + 12, answer.end()));
}

TEST_F(Usb, several_transfers_are_under_way_in_both_directions) {
  phone.say(pattern(4 << 20));
  ASSERT_TRUE(link().read_bytes(4 << 20, 0s));
  ASSERT_TRUE(link().write(pattern(4 << 20), 0s));
  EXPECT_GE(phone.most_reads, 4u);
  EXPECT_LE(phone.most_reads, 16u);
  EXPECT_EQ(phone.most_writes, 4u);
}

TEST_F(Usb, parts_of_a_write_are_one_transfer) {
  const std::array head{std::byte{1}, std::byte{2}};
  const std::array<ByteView, 3> parts{head, ByteView{}, head};
  ASSERT_TRUE(link().write(parts, 0s, Content::open));
  EXPECT_THAT(phone.heard, ElementsAre(to_bytes({1, 2, 1, 2})));
}

TEST_F(Usb, only_the_last_packet_of_a_long_write_is_short) {
  const Bytes data = pattern(1'000'001);
  ASSERT_TRUE(link().write(data, 0s));
  EXPECT_TRUE(joined(phone.heard) == data);
  for (std::size_t i = 0; i + 1 < phone.heard.size(); ++i) EXPECT_EQ(phone.heard[i].size() % 512, 0u);
}

TEST_F(Usb, parts_of_a_long_write_leave_no_short_packet_between_them) {
  const Bytes data = pattern(700'000);
  for (const std::size_t head : {12u, 512u, 262'144u, 262'145u, 524'288u, 699'999u}) {
    phone.heard.clear();
    const std::array<ByteView, 5> parts{ByteView{}, ByteView{data}.first(head), ByteView{},
                                        ByteView{data}.subspan(head), ByteView{}};
    ASSERT_TRUE(link().write(parts, 0s, Content::open));
    EXPECT_TRUE(joined(phone.heard) == data) << head;
    for (std::size_t i = 0; i + 1 < phone.heard.size(); ++i)
      EXPECT_EQ(phone.heard[i].size() % 512, 0u) << head;
  }
}

TEST_F(Usb, rooms_of_reads_that_are_over_are_used_again) {
  for (const std::size_t size : {70'000u, 1u, 70'000u, 513u, 300'000u}) {
    const Bytes answer = pattern(size);
    phone.say(answer);
    EXPECT_TRUE(link().read_bytes(size, 0s) == answer) << size;
  }
}

TEST_F(Usb, an_empty_packet_ends_full_ones_only_where_that_is_asked_for) {
  ASSERT_TRUE(link().write(pattern(1024), 0s));
  EXPECT_THAT(sizes_heard(), ElementsAre(1024u));
  link().end_transfers_with(ZeroLengthPacket::after_full_packet);
  ASSERT_TRUE(link().write(pattern(1024), 0s));
  EXPECT_THAT(sizes_heard(), ElementsAre(1024u, 1024u, 0u));
  ASSERT_TRUE(link().write(pattern(1023), 0s));
  ASSERT_TRUE(link().write(ByteView{}, 0s));
  EXPECT_THAT(sizes_heard(), ElementsAre(1024u, 1024u, 0u, 1023u));
  link().end_transfers_with(ZeroLengthPacket::never);
  ASSERT_TRUE(link().write(pattern(512), 0s));
  EXPECT_EQ(sizes_heard().back(), 512u);
}

TEST_F(Usb, silence_ends_at_the_deadline_and_costs_no_bytes) {
  phone.at(3s, [&] { phone.say(to_bytes({7})); });
  EXPECT_EQ(link().read_bytes(1, 2s).error().code, Errc::timeout);
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 2s);
  EXPECT_EQ(*link().read_bytes(1, 2s), to_bytes({7}));
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 3s);
}

TEST_F(Usb, empty_packets_for_ever_are_silence) {
  std::function<void()> flood = [&] {
    phone.says.emplace_back();
    phone.at(1ms, flood);
  };
  flood();
  EXPECT_EQ(link().read_bytes(1, 1s).error().code, Errc::timeout);
}

TEST_F(Usb, a_phone_that_takes_nothing_ends_the_write_at_the_deadline) {
  phone.takes = 2;
  const auto written = link().write(pattern(1 << 20), 5s);
  EXPECT_EQ(written.error().code, Errc::timeout);
  EXPECT_THAT(written.error().what, HasSubstr("524288 bytes"));
  phone.takes = SIZE_MAX;
  EXPECT_TRUE(link().write(pattern(16), 5s));
}

TEST_F(Usb, a_stop_ends_either_wait_at_once_and_leaves_a_link_that_works) {
  std::stop_source stop;
  phone.at(1s, [&] { stop.request_stop(); });
  EXPECT_EQ(link().read_bytes(1, Wait{1h, stop.get_token()}).error().code, Errc::cancelled);
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 1s);

  phone.takes = 0;
  EXPECT_EQ(link().write(pattern(100), Wait{1h, stop.get_token()}).error().code, Errc::cancelled);
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 1s);

  phone.takes = SIZE_MAX;
  phone.say(to_bytes({9}));
  EXPECT_TRUE(link().write(pattern(100), 1s));
  EXPECT_EQ(*link().read_bytes(1, 1s), to_bytes({9}));
}

TEST_F(Usb, a_refused_transfer_is_an_error_and_the_endpoint_is_opened_again) {
  phone.out_ends[1] = UsbEnd::stalled;
  EXPECT_EQ(link().write(pattern(600'000), 1s).error().code, Errc::io);
  EXPECT_EQ(std::ranges::count(phone.log, "clear 01"), 1);
  EXPECT_TRUE(link().write(pattern(10), 1s));

  phone.in_ends = {UsbEnd::stalled};
  EXPECT_EQ(link().read_bytes(1, 1s).error().code, Errc::io);
  EXPECT_EQ(std::ranges::count(phone.log, "clear 81"), 1);
  phone.say(to_bytes({4}));
  EXPECT_EQ(*link().read_bytes(1, 1s), to_bytes({4}));
}

TEST_F(Usb, a_phone_that_sends_more_than_a_packet_is_an_error) {
  phone.in_ends = {UsbEnd::babbled};
  EXPECT_EQ(link().read_bytes(1, 1s).error().code, Errc::io);
  phone.say(to_bytes({4}));
  EXPECT_EQ(*link().read_bytes(1, 1s), to_bytes({4}));
}

TEST_F(Usb, what_came_before_the_cable_was_pulled_is_read_first) {
  phone.say(to_bytes({1, 2}));
  phone.at(1s, [&] { phone.unplug(); });
  EXPECT_EQ(*link().read_bytes(1, 1h), to_bytes({1}));
  EXPECT_EQ(*link().read_bytes(1, 1h), to_bytes({2}));
  EXPECT_EQ(link().read_bytes(1, 1h).error().code, Errc::disconnected);
  EXPECT_EQ(link().write(pattern(1), 1h).error().code, Errc::disconnected);
  EXPECT_EQ(phone.log.back(), "released");
}

TEST_F(Usb, a_cable_pulled_in_the_middle_of_a_write_is_a_lost_phone) {
  phone.takes = 2;
  phone.at(1s, [&] { phone.unplug(); });
  EXPECT_EQ(link().write(pattern(1 << 20), 1h).error().code, Errc::disconnected);
  EXPECT_EQ(link().read_bytes(1, 1h).error().code, Errc::disconnected);
}

TEST_F(Usb, a_broken_transfer_is_a_lost_phone_when_it_leaves_soon_after) {
  link();
  phone.out_ends[0] = UsbEnd::failed;
  phone.at(200ms, [&] { phone.unplug(); });
  EXPECT_EQ(link().write(pattern(1), 1h).error().code, Errc::disconnected);

  phone.plug_in(0x2000);
  opened = std::move(*open_within(0s));
  EXPECT_EQ(link().write(pattern(1), 1h).error().code, Errc::io);
  EXPECT_TRUE(link().write(pattern(1), 1h));
}

TEST_F(Usb, is_found_again_at_its_place_under_another_identity) {
  link();
  phone.say(to_bytes({1, 2, 3}));
  ASSERT_TRUE(link().read_bytes(1, 0s));
  phone.at(1s, [&] { phone.unplug(); });
  phone.at(2s, [&] { phone.plug_in(0x2001); });
  phone.at(3s, [&] { phone.say(to_bytes({0x5a})); });
  ASSERT_TRUE(link().reopen(UsbIdentity::agent, 10s));
  EXPECT_EQ(link().identity(), UsbIdentity::agent);
  EXPECT_LT(phone.clock.now().time_since_epoch(), 2010ms);
  EXPECT_EQ(*link().read_bytes(1, 10s), to_bytes({0x5a}));
  EXPECT_THAT(phone.log, ElementsAre("claim 0", "claim 1", HasSubstr("21 20"), HasSubstr("21 22"), "released",
                                     "claim 0", "claim 1", HasSubstr("21 20"), HasSubstr("21 22")));
}

TEST_F(Usb, a_phone_that_does_not_leave_is_not_reopened) {
  const auto reopened = link().reopen(UsbIdentity::agent, 3s);
  EXPECT_EQ(reopened.error().code, Errc::timeout);
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 3s);
}

TEST_F(Usb, a_phone_that_does_not_come_back_is_waited_for_until_the_deadline) {
  link();
  phone.unplug();
  EXPECT_EQ(link().reopen(UsbIdentity::agent, 3s).error().code, Errc::timeout);
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 3s);
  phone.plug_in(0x0003);
  EXPECT_TRUE(link().reopen(UsbIdentity::unknown, 3s));
}

TEST_F(Usb, a_fresh_port_may_be_refused_for_two_seconds) {
  phone.refuses_open = Error{.code = Errc::busy, .what = "no permission"};
  phone.at(1900ms, [&] { phone.refuses_open.reset(); });
  EXPECT_TRUE(open_within(1h));

  phone.refuses_open = Error{.code = Errc::busy, .what = "no permission"};
  const auto before = phone.clock.now();
  EXPECT_EQ(open_within(1h).error().code, Errc::busy);
  EXPECT_GE(phone.clock.now() - before, 2s);
}

TEST_F(Usb, a_phone_that_is_there_and_cannot_be_used_is_not_waited_for) {
  const auto before = phone.clock.now();
  const auto opened_after = [&] {
    const auto tried = open_within(1h);
    EXPECT_FALSE(tried);
    EXPECT_GE(phone.clock.now() - before, 2s);
    return tried ? Error{} : tried.error();
  };
  phone.refuses_open = Error{.code = Errc::disconnected, .what = "no such device node"};
  EXPECT_EQ(opened_after().code, Errc::io);
  EXPECT_THAT(opened_after().what, HasSubstr("no such device node"));
  EXPECT_LT(phone.clock.now() - before, 5s);

  phone.refuses_open.reset();
  phone.control_end = UsbEnd::gone;
  EXPECT_EQ(opened_after().code, Errc::io);
  phone.control_end = UsbEnd::done;
  phone.interfaces.clear();
  EXPECT_THAT(opened_after().what, HasSubstr("no data port"));
}

TEST_F(Usb, a_phone_that_leaves_while_it_is_opened_is_waited_for) {
  phone.refuses_open = Error{.code = Errc::disconnected, .what = "no such device"};
  phone.at(100ms, [&] { phone.unplug(); });
  phone.at(5s, [&] {
    phone.refuses_open.reset();
    phone.plug_in(0x2000);
  });
  EXPECT_TRUE(open_within(1h));
}

TEST_F(Usb, line_settings_have_their_time_and_no_more) {
  link();
  EXPECT_EQ(phone.longest_control, 1s);
}

TEST_F(Usb, cancelled_writes_that_do_not_end_are_given_up_with_the_phone) {
  phone.takes = 0;
  phone.keeps_cancelled = true;
  EXPECT_EQ(link().write(pattern(100), 5s).error().code, Errc::timeout);
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 6s);
  EXPECT_EQ(link().write(pattern(100), 5s).error().code, Errc::disconnected);
  EXPECT_EQ(phone.log.back(), "released");
}

TEST_F(Usb, a_phone_that_refuses_every_read_does_not_leave_for_ever) {
  link();
  phone.in_ends.assign(100'000, UsbEnd::stalled);
  EXPECT_EQ(link().reopen(UsbIdentity::agent, 3s).error().code, Errc::timeout);
  EXPECT_LT(phone.clock.now().time_since_epoch(), 4s);
}

TEST_F(Usb, a_phone_that_talks_without_end_does_not_keep_reopen) {
  std::function<void()> flood = [&] {
    phone.say(pattern(512));
    phone.at(1ms, flood);
  };
  link();
  flood();
  EXPECT_EQ(link().reopen(UsbIdentity::agent, 3s).error().code, Errc::timeout);
  EXPECT_LT(phone.clock.now().time_since_epoch(), 4s);
}

TEST_F(Usb, every_read_is_of_whole_packets) {
  for (const std::size_t size : {1u, 511u, 513u, 70'000u, 1'000'001u}) {
    phone.say(pattern(size));
    ASSERT_TRUE(link().read_bytes(size, 0s)) << size;
  }
  EXPECT_EQ(phone.odd_reads, 0u) << "a phone that fills its packet would babble";
}

TEST_F(Usb, bytes_before_a_refused_transfer_are_told_first) {
  phone.say(to_bytes({1, 2}));
  ASSERT_TRUE(link().read_bytes(1, 1s));
  phone.in_ends = {UsbEnd::babbled};
  EXPECT_EQ(*link().read_bytes(1, 1s), to_bytes({2}));
  EXPECT_EQ(link().read_bytes(1, 1s).error().code, Errc::io);
}

/// What is wanted at once here goes straight into the reader's memory.
struct MuchAtOnce : Usb {
  Bytes room = Bytes(1'000'001);
  Result<std::size_t> read(const Wait& wait) { return link().read_some(room, wait, Content::open); }
  ByteView first(std::size_t size) const { return ByteView{room}.first(size); }
};

TEST_F(MuchAtOnce, what_is_there_is_taken_when_less_came) {
  phone.say(pattern(1000));
  ASSERT_EQ(*read(1h), 1000u);
  EXPECT_TRUE(std::ranges::equal(first(1000), pattern(1000)));
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 100ms);
}

TEST_F(MuchAtOnce, full_packets_without_an_end_are_taken_at_the_deadline) {
  phone.say(pattern(1024));
  ASSERT_EQ(*read(2s), 1024u);
  EXPECT_TRUE(std::ranges::equal(first(1024), pattern(1024)));
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 2s);
  EXPECT_EQ(read(1s).error().code, Errc::timeout);
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 3s);
}

TEST_F(MuchAtOnce, short_packets_in_between_leave_no_gap) {
  const Bytes answer = pattern(900'000);
  for (const std::size_t cut : {100u, 262'144u, 300'001u, 899'999u}) {
    phone.say(ByteView{answer}.first(cut));
    phone.says.emplace_back();
    phone.say(ByteView{answer}.subspan(cut));
    EXPECT_TRUE(link().read_bytes(answer.size(), 1s) == answer) << cut;
  }
  EXPECT_EQ(phone.odd_reads, 0u);
}

TEST_F(MuchAtOnce, nothing_that_comes_soon_is_cancelled) {
  const Bytes answer = pattern(900'000);
  phone.say(ByteView{answer}.first(100));
  phone.at(90ms, [&] { phone.say(ByteView{answer}.subspan(100, 300)); });
  phone.at(180ms, [&] { phone.say(ByteView{answer}.subspan(400, 262'144)); });
  phone.at(250ms, [&] { phone.say(ByteView{answer}.subspan(262'544, 3)); });
  ASSERT_EQ(*read(1h), 262'547u);
  EXPECT_TRUE(std::ranges::equal(first(262'547), ByteView{answer}.first(262'547)));
  EXPECT_EQ(std::ranges::count(phone.log, "cancel"), 0);
}

TEST_F(MuchAtOnce, an_empty_packet_is_not_the_end) {
  phone.says.emplace_back();
  phone.at(1s, [&] { phone.say(to_bytes({7})); });
  EXPECT_EQ(*read(1h), 1u);
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 1100ms);
}

TEST_F(MuchAtOnce, a_stop_leaves_nothing_under_way_in_the_readers_memory) {
  std::stop_source stop;
  phone.at(1s, [&] { stop.request_stop(); });
  EXPECT_EQ(read(Wait{1h, stop.get_token()}).error().code, Errc::cancelled);
  EXPECT_EQ(std::ranges::count(phone.log, "cancel"), 4);
  const Bytes before = room;
  phone.say(pattern(3));
  EXPECT_EQ(*link().read_bytes(3, 1s), pattern(3));
  EXPECT_TRUE(room == before);
}

TEST_F(MuchAtOnce, a_refused_transfer_is_told_after_what_came_before) {
  link();
  phone.in_ends = {UsbEnd::stalled};
  EXPECT_EQ(read(1s).error().code, Errc::io);
  EXPECT_EQ(std::ranges::count(phone.log, "clear 81"), 1);
  phone.say(pattern(262'144));
  phone.at(1s, [&] { phone.in_ends = {UsbEnd::babbled}; });
  EXPECT_EQ(*read(1h), 262'144u);
  EXPECT_EQ(read(1h).error().code, Errc::io);
  phone.say(pattern(20));
  EXPECT_EQ(*read(1h), 20u);
}

TEST_F(MuchAtOnce, a_pulled_cable_is_a_lost_phone) {
  phone.say(pattern(512));
  phone.at(1s, [&] { phone.unplug(); });
  EXPECT_EQ(*read(1h), 512u);
  EXPECT_EQ(read(1h).error().code, Errc::disconnected);
  EXPECT_EQ(phone.log.back(), "released");
}

TEST_F(MuchAtOnce, reads_that_do_not_end_are_given_up_with_the_phone) {
  phone.keeps_cancelled = true;
  EXPECT_EQ(read(5s).error().code, Errc::disconnected);
  EXPECT_EQ(phone.clock.now().time_since_epoch(), 6s);
  EXPECT_EQ(phone.log.back(), "released");
}

TEST_F(Usb, a_phone_that_runs_is_not_touched) {
  phone.plug_in(0x2008);
  phone.at(1s, [&] { phone.plug_in(0x2000); });
  EXPECT_EQ(open_within(500ms).error().code, Errc::timeout);
  EXPECT_TRUE(phone.log.empty());
  EXPECT_TRUE(open_within(1s));
}

TEST(UsbDataPort, is_found_by_its_class_wherever_it_stands) {
  const UsbEndpoint in{0x82, true, 64};
  const UsbEndpoint out{0x02, true, 64};
  const UsbEndpoint alarm{0x83, false, 8};
  const auto composite = find_data_port({{.number = 0, .class_code = 0xff, .endpoints = {in, out}},
                                         {.number = 1, .class_code = 0x02, .endpoints = {alarm}},
                                         {.number = 2, .class_code = 0x0a, .endpoints = {alarm, in, out}}});
  ASSERT_TRUE(composite);
  EXPECT_EQ(composite->control_interface, 1);
  EXPECT_EQ(composite->data_interface, 2);
  EXPECT_EQ(composite->in.address, 0x82);
  EXPECT_EQ(composite->out.address, 0x02);

  EXPECT_FALSE(find_data_port({{.number = 0, .class_code = 0x0a, .endpoints = {in, alarm}}}));
  EXPECT_FALSE(
      find_data_port({{.number = 0, .class_code = 0x0a, .endpoints = {{0x81, true, 0}, {0x01, true, 0}}}}));
  EXPECT_EQ(find_data_port({{.number = 4, .class_code = 0x0a, .endpoints = {in, out}}})->control_interface,
            4);
}

}  // namespace mtk
