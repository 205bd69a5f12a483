// SPDX-License-Identifier: Apache-2.0
// The preloader's window, beacon, handshake traps and boot-mode tokens, in virtual time.
#include "sim/test_bench.h"

namespace mtk::sim {
namespace {

Model generation(Generation which) {
  Model model = model_named("tiny-6580");
  model.preloader.generation = which;
  model.preloader.bl_version = static_cast<std::uint8_t>(1 + static_cast<int>(which));
  return model;
}

std::size_t count_ready(const Bytes& bytes) {
  EXPECT_EQ(bytes.size() % 5, 0u);
  for (std::size_t i = 0; i + 5 <= bytes.size(); i += 5)
    EXPECT_EQ(printable_text(ByteView{bytes}.subspan(i, 5)), "READY");
  return bytes.size() / 5;
}

TEST(Preloader, says_ready_every_20_ms_for_two_and_a_half_seconds_and_then_boots) {
  Bench bench{model_named("tiny-6580")};
  bench.plug();
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
  EXPECT_EQ(bench.phone().usb_id(), (UsbId{0x0e8d, 0x2000}));
  EXPECT_EQ(count_ready(bench.wait(milliseconds{0})), 1u);
  EXPECT_EQ(count_ready(bench.wait(milliseconds{100})), 5u);
  EXPECT_EQ(count_ready(bench.wait(milliseconds{2399})), 119u);
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
  bench.wait(milliseconds{2});
  EXPECT_EQ(bench.phone().bus(), Bus::off);
  bench.wait(milliseconds{400});
  EXPECT_EQ(bench.phone().bus(), Bus::android);
}

TEST(Preloader, a_window_of_zero_lasts_for_ever) {
  Model model = model_named("tiny-6580");
  model.preloader.window_ms = 0;
  Bench bench{std::move(model)};
  bench.plug();
  bench.wait(std::chrono::minutes{1});
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
  bench.say("MET");
  EXPECT_FALSE(bench.phone().next_event()) << "a token that never ends is waited for";
}

TEST(Preloader, after_a_reset_it_is_silent_until_the_port_is_opened) {
  Bench bench{model_named("tiny-6580"), Bench::keys_held()};
  bench.reach_agent();
  bench.say({0xdb, 0x00, 0x40, 0, 0, 0, 8});
  EXPECT_TRUE(bench.wait(milliseconds{400}).empty());
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
  EXPECT_TRUE(bench.wait(milliseconds{100}).empty());
  bench.open();
  EXPECT_EQ(count_ready(bench.wait(milliseconds{50})), 3u);
}

TEST(Preloader, swallows_the_first_chunk_that_begins_with_a0) {
  Bench bench{model_named("tiny-6580")};
  bench.plug();
  EXPECT_TRUE(bench.say({0xa0, 0x0a, 0x50, 0x05}).empty());
  EXPECT_EQ(bench.say({0xa0}), to_bytes({0x5f}));
  EXPECT_EQ(bench.say({0x0a, 0x50}), to_bytes({0xf5, 0xaf}));
  EXPECT_EQ(bench.say({0x05}), to_bytes({0xfa}));
  EXPECT_EQ(bench.say({0xa0}), to_bytes({0xa0})) << "in command mode A0 is an unknown opcode";
  EXPECT_TRUE(bench.wait(std::chrono::hours{1}).empty()) << "after the handshake there is no window";
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
}

TEST(Preloader, only_eight_bytes_are_swallowed_at_once) {
  Bench bench{model_named("tiny-6580")};
  bench.plug();
  EXPECT_EQ(bench.say({0xa0, 0xa0, 0xa0, 0xa0, 0xa0, 0xa0, 0xa0, 0xa0, 0xa0, 0x0a}), to_bytes({0x5f, 0xf5}));
}

TEST(Preloader, goes_back_to_ready_when_the_start_window_is_over) {
  Bench bench{model_named("tiny-6580")};
  bench.plug();
  bench.wait(milliseconds{1});
  bench.say({0xa0});
  EXPECT_TRUE(bench.wait(milliseconds{299}).empty());
  EXPECT_EQ(count_ready(bench.wait(milliseconds{30})), 2u);
  EXPECT_TRUE(bench.say({0xa0}).empty()) << "a new sequence loses its first byte again";
  EXPECT_EQ(bench.say({0xa0, 0x0a, 0x50, 0x05}), to_bytes({0x5f, 0xf5, 0xaf, 0xfa}));
}

TEST(Preloader, a_wrong_byte_is_answered_plus_one_and_starts_over) {
  Bench bench{generation(Generation::a)};
  bench.plug();
  bench.say({0xa0});
  EXPECT_EQ(bench.say({0xa0, 0x0a, 0xff, 0xa0}), to_bytes({0x5f, 0xf5, 0x00, 0x5f}));
  EXPECT_EQ(bench.say({0xa0}), to_bytes({0xa1})) << "a second A0 is a wrong byte before generation C";
}

TEST(Preloader, generation_c_swallows_an_a0_within_the_sequence) {
  Bench bench{generation(Generation::c)};
  bench.plug();
  bench.say({0xa0});
  EXPECT_EQ(bench.say({0xa0}), to_bytes({0x5f}));
  EXPECT_TRUE(bench.say({0xa0}).empty());
  EXPECT_EQ(bench.say({0x0a, 0x50, 0x05}), to_bytes({0xf5, 0xaf, 0xfa}));
}

TEST(Preloader, a_stray_fe_before_the_handshake_never_gets_a_version) {
  Bench bench{model_named("tiny-6580")};
  bench.plug();
  bench.wait(milliseconds{1});
  EXPECT_TRUE(bench.say({0xfe}).empty());
  EXPECT_TRUE(bench.wait(milliseconds{2000}).empty());
  bench.wait(milliseconds{1000});
  EXPECT_NE(bench.phone().bus(), Bus::preloader);
}

TEST(Preloader, tokens_are_answered_reversed_and_lead_where_they_say) {
  const struct {
    const char* token;
    const char* answer;
    const char* mode;
  } cases[] = {{"FASTBOOT", "TOOBTSAF", "fastboot"}, {"FACTFACT", "TCAFTCAF", "factory menu"},
               {"FACTORYM", "MYROTCAF", "ate"},      {"ADVEMETA", "ATEMEVDX", "meta"},
               {"METAMETA", "ATEMATEM", "meta"},     {"AT+NBOOT", "AT+OK", "normal"},
               {"AT+WHAT?", "AT+UNKONWN", "normal"}, {"HELLO!!!", "", "normal"}};
  for (const auto& each : cases) {
    Bench bench{model_named("tiny-6580")};
    bench.plug();
    bench.wait(milliseconds{1});
    Bytes answer = bench.say(each.token);
    const Bytes later = bench.wait(milliseconds{2400});
    answer.insert(answer.end(), later.begin(), later.end());
    EXPECT_EQ(printable_text(answer), each.answer);
    bench.wait(milliseconds{1500});
    EXPECT_EQ(bench.phone().boot_mode(), each.mode) << each.token;
    EXPECT_EQ(bench.phone().bus(), Bus::android) << each.token;
  }
}

TEST(Preloader, a_token_may_come_in_pieces) {
  Bench bench{model_named("tiny-6580")};
  bench.plug();
  bench.wait(milliseconds{1});
  EXPECT_TRUE(bench.say("FAST").empty());
  EXPECT_EQ(printable_text(bench.say("BOOT")), "TOOBTSAF");
}

TEST(Preloader, meta_parameters_are_asked_for_as_the_build_does) {
  for (const auto& [style, question, block, answer] :
       {std::tuple{MetaStyle::v1, "ATEM0001", 12, "ATEMATEX"}, {MetaStyle::v2, "ATEM0002", 16, "ATEMATEM"}}) {
    Model model = model_named("tiny-6580");
    model.preloader.meta = style;
    Bench bench{std::move(model)};
    bench.plug();
    bench.wait(milliseconds{1});
    EXPECT_TRUE(bench.say("METAMETA").empty()) << "the old parameter block is waited for first";
    EXPECT_EQ(printable_text(bench.wait(milliseconds{2001})), question);
    EXPECT_EQ(printable_text(bench.say(Bytes(static_cast<std::size_t>(block)))), answer);
    bench.say("DISCONNECT");
    bench.wait(milliseconds{2000});
    EXPECT_EQ(bench.phone().bus(), Bus::android);
    EXPECT_EQ(bench.phone().boot_mode(), "meta");
  }
}

TEST(Preloader, with_sla_every_token_but_at_and_fastboot_is_forbidden) {
  Model model = model_named("tiny-6580");
  model.security.sla = true;
  for (const auto& [token, answer] : {std::pair{"METAMETA", "METAFORB"},
                                      {"FACTORYM", "METAFORB"},
                                      {"FASTBOOT", "TOOBTSAF"},
                                      {"AT+NBOOT", "AT+OK"}}) {
    Bench bench{model};
    bench.plug();
    bench.wait(milliseconds{1});
    EXPECT_EQ(printable_text(bench.say(token)), answer);
  }
}

TEST(Preloader, a_factory_lock_offers_no_tool_connection) {
  Model model = model_named("tiny-6580");
  model.preloader.factory_lock = true;
  Bench bench{std::move(model)};
  bench.plug();
  EXPECT_TRUE(bench.wait(milliseconds{400}).empty());
  EXPECT_EQ(bench.phone().bus(), Bus::android);
}

TEST(Preloader, one_that_is_broken_or_missing_leaves_the_boot_rom) {
  for (const auto flash : {PreloaderFlash::broken, PreloaderFlash::bare, PreloaderFlash::missing}) {
    Model model = model_named("tiny-6580");
    model.preloader.flash = flash;
    Bench bench{std::move(model)};
    bench.plug();
    EXPECT_EQ(bench.phone().bus(), Bus::brom);
    EXPECT_EQ(bench.phone().usb_id(), (UsbId{0x0e8d, 0x0003}));
  }
}

TEST(Preloader, identity_commands_by_generation) {
  {
    Bench bench{generation(Generation::a)};
    bench.reach_commands();
    EXPECT_EQ(bench.say({0xfe}), to_bytes({0x01})) << "no echo";
    EXPECT_EQ(bench.say({0xff}), to_bytes({0xff})) << "unknown opcode, echoed";
    EXPECT_EQ(bench.say({0xfd}), to_bytes({0xfd, 0x65, 0x80, 0, 0}));
    EXPECT_EQ(bench.say({0xe1}), to_bytes({0xe1})) << "ME_ID comes with generation C";
    EXPECT_EQ(bench.say({0xfb}), to_bytes({0xfb}));
    EXPECT_EQ(bench.say({0xd6}), to_bytes({0xd6}));
  }
  Model model = generation(Generation::c);
  model.chip.soc_id = pattern(32);
  Bench bench{std::move(model)};
  bench.reach_commands();
  EXPECT_EQ(bench.say({0xfe}), to_bytes({0x03}));
  EXPECT_EQ(bench.say({0xfb}), to_bytes({0xfb, 0, 0, 0, 6, 0, 0, 0, 0})) << "no status";
  EXPECT_EQ(bench.say({0xe1}).size(), 1u + 4 + 16 + 2);
  EXPECT_EQ(bench.say({0xe7}).size(), 1u + 4 + 32 + 2);
}

TEST(Preloader, a_whitelist_limits_memory_access) {
  Model model = generation(Generation::c);
  model.preloader.whitelist = true;
  model.preloader.device_info = 0x10206000;
  Bench bench{std::move(model)};
  bench.reach_commands();
  EXPECT_EQ(bench.say({0xd1, 0x10, 0x00, 0x90, 0x40, 0, 0, 0, 1}),
            to_bytes({0xd1, 0x10, 0x00, 0x90, 0x40, 0, 0, 0, 1, 0x10, 0x00}));
  EXPECT_EQ(bench.say({0xd4, 0x10, 0x20, 0x60, 0x00, 0, 0, 0, 1}),
            to_bytes({0xd4, 0x10, 0x20, 0x60, 0x00, 0, 0, 0, 1, 0x10, 0x01}));
  EXPECT_EQ(bench.say({0xd1, 0x10, 0x20, 0x60, 0x00, 0, 0, 0, 1}).size(), 9u + 2 + 4 + 2);
  EXPECT_EQ(bench.say({0xd1, 0x10, 0x00, 0x70, 0x00, 0, 0, 0, 1}).size(), 9u + 2 + 4 + 2);
}

}  // namespace
}  // namespace mtk::sim
