// SPDX-License-Identifier: Apache-2.0
// Lives of the phone, faults of the wire, and what no host may bring about.
#include "sim/phone.h"

#include "sim/test_bench.h"

#include <rapidcheck/gtest.h>

namespace mtk::sim {
namespace {

PhoneOptions with_fault(std::string_view spec) {
  PhoneOptions options;
  if (const auto added = options.faults.add(spec); !added) ADD_FAILURE() << to_string(added.error());
  return options;
}

TEST(Phone, pulling_the_cable_switches_it_off_and_plugging_in_starts_anew) {
  Bench bench{model_named("tiny-6580")};
  bench.reach_agent();
  const unsigned before = bench.phone().generation();
  bench.unplug();
  EXPECT_EQ(bench.phone().bus(), Bus::off);
  EXPECT_GT(bench.phone().generation(), before);
  EXPECT_TRUE(bench.say({0x72}).empty());
  bench.plug();
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
}

TEST(Phone, a_preloader_is_silent_until_its_port_is_opened) {
  Bench bench{model_named("tiny-6580")};
  TimePoint now{};
  bench.phone().connect(now);
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
  now += milliseconds{500};
  bench.phone().advance(now);
  EXPECT_TRUE(bench.phone().take_output(now).empty());
  bench.phone().open(now);
  now += milliseconds{21};
  bench.phone().advance(now);
  EXPECT_FALSE(bench.phone().take_output(now).empty());
}

TEST(Phone, keys_are_held_at_each_plug_in_but_not_over_a_reset) {
  Bench bench{model_named("tiny-6580"), Bench::keys_held()};
  bench.reach_agent();
  bench.say({0xdb, 0, 0, 0, 0, 0, 0});
  bench.wait(milliseconds{400});
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
  bench.unplug();
  bench.plug();
  EXPECT_EQ(bench.phone().bus(), Bus::brom);
}

TEST(Phone, a_preloader_broken_by_a_write_brings_the_boot_rom) {
  Bench bench{model_named("tiny-6580")};
  bench.reach_agent();
  ASSERT_TRUE(bench.phone().card().write(part_boot1, 0x900, to_bytes({0xff})));
  bench.say({0xdb, 0, 0, 0, 0, 0, 0});
  bench.wait(milliseconds{400});
  EXPECT_EQ(bench.phone().bus(), Bus::brom);
  EXPECT_EQ(bench.phone().boot_report().reached, BootStage::rom);
}

TEST(Phone, with_another_phones_preloader_only_the_keys_bring_a_port) {
  Bench dead{model_named("archos-40-titanium")};
  dead.plug();
  dead.wait(std::chrono::seconds{10});
  EXPECT_EQ(dead.phone().bus(), Bus::off);
  Bench keys{model_named("archos-40-titanium"), Bench::keys_held()};
  keys.reach_commands();
  EXPECT_EQ(keys.say({0xfe}), to_bytes({0xfe}));
}

TEST(Phone, a_phone_without_lk_does_not_come_back_after_its_window) {
  Bench bench{model_named("tiny-6580")};
  ASSERT_TRUE(bench.phone().card().erase(part_user, 0xe000, 512));
  bench.plug();
  bench.wait(std::chrono::seconds{10});
  EXPECT_EQ(bench.phone().bus(), Bus::off);
}

TEST(Phone, where_the_next_connection_is_the_new_device_time_waits_for_it) {
  PhoneOptions options;
  options.waits_for_open = true;
  Bench bench{model_named("tiny-6580"), std::move(options)};
  bench.reach_agent();
  bench.say({0xdb, 0, 0, 0, 0, 0, 0});
  bench.wait(std::chrono::hours{1});
  EXPECT_EQ(bench.phone().bus(), Bus::off);
  EXPECT_TRUE(bench.phone().port_comes_back());
  bench.plug();
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
  EXPECT_EQ(printable_text(bench.wait(milliseconds{1})), "READY");
  bench.wait(std::chrono::hours{1});
  EXPECT_FALSE(bench.phone().port_comes_back()) << "Android has no port of this kind";
}

TEST(Fault, the_cable_breaks_at_a_byte) {
  Bench bench{model_named("tiny-6580"), with_fault("cut=host:4")};
  bench.plug();
  bench.say({0xa0});
  EXPECT_EQ(bench.say({0xa0, 0x0a, 0x50, 0x05}).size(), 0u) << "what is not fetched is lost with the cable";
  EXPECT_EQ(bench.phone().bus(), Bus::off);
  bench.plug();
  bench.say({0xa0});
  EXPECT_EQ(bench.say({0xa0, 0x0a, 0x50, 0x05}).size(), 4u) << "it breaks once";
}

TEST(Fault, the_phones_own_bytes_can_be_counted) {
  Bench bench{model_named("tiny-6580"), with_fault("cut=phone:7")};
  bench.plug();
  EXPECT_EQ(printable_text(bench.wait(milliseconds{100})), "READYRE");
  EXPECT_EQ(bench.phone().bus(), Bus::off);
}

TEST(Fault, silence_lasts_until_the_cable_is_pulled) {
  Bench bench{model_named("tiny-6580"), with_fault("silence=host:2")};
  bench.plug();
  bench.say({0xa0});
  EXPECT_EQ(bench.say({0xa0, 0x0a}), to_bytes({}));
  EXPECT_TRUE(bench.say({0x0a}).empty());
  EXPECT_TRUE(bench.wait(milliseconds{500}).empty());
  bench.unplug();
  bench.plug();
  bench.say({0xa0});
  EXPECT_EQ(bench.say({0xa0}), to_bytes({0x5f}));
}

TEST(Fault, one_bit_flips_on_the_wire) {
  Bench bench{model_named("tiny-6580"), with_fault("flip=host:1")};
  bench.plug();
  bench.say({0xa0});
  EXPECT_EQ(bench.say({0xa0}), to_bytes({0xa2})) << "A1 came, which is no start byte";
}

TEST(Fault, a_phone_that_is_not_off_shows_another_face_and_answers_nothing) {
  Bench bench{model_named("tiny-6580"), with_fault("face=18d1:4ee0")};
  bench.plug();
  EXPECT_EQ(bench.phone().bus(), Bus::android);
  EXPECT_EQ(bench.phone().usb_id(), (UsbId{0x18d1, 0x4ee0}));
  EXPECT_TRUE(bench.say({0xa0, 0xa0}).empty());
  Bench dead{model_named("tiny-6580"), with_fault("face=dead")};
  dead.plug();
  EXPECT_EQ(dead.phone().bus(), Bus::dead);
}

TEST(Fault, what_is_no_fault_is_refused) {
  for (const auto* spec : {"", "cut", "cut=", "cut=x", "cut=1x", "flip=left:1", "nack=", "nack=1@",
                           "battery=full", "battery=out:x", "ids=1234", "slow=x", "slow=0x100000000",
                           "hostile=1", "face=", "face=18d1", "face=18d1:xyzt", "face=18d1:4ee00", "fire"}) {
    Faults faults;
    const auto added = faults.add(spec);
    ASSERT_FALSE(added) << spec;
    EXPECT_EQ(added.error().code, Errc::usage) << spec;
  }
}

/// A host that says anything at all, at any stage, meets a phone that neither grows nor falls.
void torment(Bench& bench, const std::vector<std::uint8_t>& bytes, std::size_t transfer) {
  for (std::size_t at = 0; at < bytes.size(); at += transfer) {
    ByteWriter out;
    for (std::size_t i = at; i < std::min(at + transfer, bytes.size()); ++i) out.u8(bytes[i]);
    bench.say(out.view());
  }
  bench.wait(milliseconds{50});
}

RC_GTEST_PROP(AnyHost, finds_a_phone_that_stands, ()) {
  const auto bytes = *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::weightedElement<std::uint8_t>(
      {{4, 0x00}, {2, 0x5a}, {2, 0xa5}, {1, 0xa0}, {1, 0x0a}, {1, 0x50}, {1, 0x05},
       {2, 0x62}, {2, 0xd6}, {2, 0xd4}, {1, 0xd7}, {1, 0xd5}, {1, 0xd1}, {1, 0x08},
       {1, 0x02}, {1, 0xff}, {1, 0x01}, {1, 0x60}, {1, 0x10}, {1, 0xe8}}));
  const auto transfer = *rc::gen::inRange<std::size_t>(1, 40);
  const auto stage = *rc::gen::inRange(0, 3);
  Bench bench{model_named("tiny-6580"), stage == 0 ? PhoneOptions{} : Bench::keys_held()};
  if (stage == 0) bench.plug();
  if (stage == 1) bench.reach_commands();
  if (stage == 2) bench.reach_agent();
  torment(bench, bytes, transfer);
  bench.unplug();
  bench.plug();
  RC_ASSERT(bench.phone().bus() == Bus::preloader || bench.phone().bus() == Bus::brom);
}

TEST(AnyHost, that_never_reads_does_not_fill_the_memory) {
  Bench bench{model_named("tiny-6580"), Bench::keys_held()};
  bench.reach_commands();
  ByteWriter reads;
  for (int i = 0; i < 64; ++i) reads.u8(0xd1).be<std::uint32_t>(0).be<std::uint32_t>(0x100000);
  bench.phone().host_wrote(reads.view(), bench.now());
  EXPECT_LE(bench.phone().take_output(bench.now()).size(), 0x1800000u);
  EXPECT_NE(bench.log().find("takes no answers"), std::string::npos);
}

}  // namespace
}  // namespace mtk::sim
