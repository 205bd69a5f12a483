// SPDX-License-Identifier: Apache-2.0
// Boot ROM commands, byte by byte.
#include "sim/commands.h"

#include "sim/test_bench.h"

namespace mtk::sim {
namespace {

class Rom : public testing::Test {
 protected:
  void reach(Model model = model_named("tiny-6580")) {
    bench_ = std::make_unique<Bench>(std::move(model), Bench::keys_held());
    bench_->reach_commands();
  }
  Bytes say(std::initializer_list<unsigned> bytes) { return bench_->say(bytes); }

  std::unique_ptr<Bench> bench_;
};

TEST_F(Rom, says_nothing_on_its_own_and_answers_one_complement_per_byte) {
  Bench bench{model_named("tiny-6580"), Bench::keys_held()};
  bench.plug();
  EXPECT_TRUE(bench.wait(std::chrono::minutes{10}).empty());
  EXPECT_EQ(bench.phone().bus(), Bus::brom);
  EXPECT_EQ(bench.say({0xa0, 0x0a, 0x50, 0x05}), to_bytes({0x5f, 0xf5, 0xaf, 0xfa}));
}

TEST_F(Rom, the_start_sequence_can_begin_again_in_both_readings) {
  Model model = model_named("tiny-6580");
  {
    Bench bench{model, Bench::keys_held()};
    bench.plug();
    EXPECT_EQ(bench.say({0xa0, 0xa0, 0x0a, 0xa0, 0x0a, 0x50, 0x05}),
              to_bytes({0x5f, 0x5f, 0xf5, 0x5f, 0xf5, 0xaf, 0xfa}));
  }
  model.brom.wrong_start = WrongStart::as_preloader;
  Bench bench{model, Bench::keys_held()};
  bench.plug();
  EXPECT_EQ(bench.say({0xa0, 0xa0, 0xa0}), to_bytes({0x5f, 0xa1, 0x5f}));
}

TEST_F(Rom, resets_when_its_window_is_over_and_the_keys_are_released_then) {
  Model model = model_named("tiny-6580");
  model.brom.window_ms = 300;
  Bench bench{std::move(model), Bench::keys_held()};
  bench.plug();
  bench.wait(milliseconds{299});
  EXPECT_EQ(bench.phone().bus(), Bus::brom);
  bench.wait(milliseconds{400});
  EXPECT_EQ(bench.phone().bus(), Bus::preloader);
}

TEST_F(Rom, identity) {
  reach();
  EXPECT_EQ(say({0xfe}), to_bytes({0xfe})) << "an echo means boot ROM";
  EXPECT_EQ(say({0xff}), to_bytes({0x05})) << "the version comes without echo";
  EXPECT_EQ(say({0xfd}), to_bytes({0xfd, 0x65, 0x80, 0x00, 0x00}));
  EXPECT_EQ(say({0xfc}), to_bytes({0xfc, 0x8a, 0x00, 0xca, 0x00, 0x00, 0x00, 0x00, 0x00}));
  EXPECT_EQ(say({0xd8}), to_bytes({0xd8, 0, 0, 0, 0, 0, 0}));
  Bytes me_id = to_bytes({0xe1, 0, 0, 0, 16});
  const Bytes id = model_named("tiny-6580").chip.me_id;
  me_id.insert(me_id.end(), id.begin(), id.end());
  me_id.insert(me_id.end(), 2, std::byte{0});
  EXPECT_EQ(say({0xe1}), me_id);
  EXPECT_EQ(say({0xe1}), me_id) << "as often as asked";
}

TEST_F(Rom, what_it_does_not_know_is_echoed_and_nothing_more) {
  reach();
  for (const unsigned opcode : {0xe7U, 0xddU, 0xdfU, 0xdeU, 0xe0U, 0xfbU, 0x80U, 0x70U, 0xa0U, 0x00U})
    EXPECT_EQ(say({opcode}), to_bytes({opcode}));
}

TEST_F(Rom, newer_ones_know_soc_id_and_their_log) {
  Model model = model_named("tiny-6580");
  model.chip.soc_id = pattern(32);
  model.brom.soc_id_command = true;
  model.brom.log = "hi";
  reach(std::move(model));
  EXPECT_EQ(say({0xe7}).size(), 1u + 4 + 32 + 2);
  EXPECT_EQ(say({0xdf}), to_bytes({0xdf, 0, 0, 0, 2, 'h', 'i', 0, 0}));
  EXPECT_EQ(say({0xdd}), to_bytes({0xdd, 0, 0, 0, 2, 'h', 'i'}));
}

TEST_F(Rom, security_flags) {
  Model model = model_named("tiny-6580");
  model.security = {.sbc = true, .sla = true, .daa = true, .cert = true, .key = "k"};
  reach(model);
  EXPECT_EQ(say({0xd8}), to_bytes({0xd8, 0, 0, 0, 0x17, 0, 0}));
  Bench preloader{std::move(model)};
  preloader.reach_commands();
  EXPECT_EQ(preloader.say({0xd8}), to_bytes({0xd8, 0, 0, 0, 0x07, 0, 0}))
      << "the preloader has bits 0 to 2 only";
}

TEST_F(Rom, reads_memory_in_both_widths) {
  reach();
  EXPECT_EQ(say({0xd1, 8, 0, 0, 0, 0, 0, 0, 2}),
            to_bytes({0xd1, 8, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0x65, 0x80, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(say({0xd0, 8, 0, 0, 0, 0, 0, 0, 1}),
            to_bytes({0xd0, 8, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0x65, 0x80, 0, 0}));
  EXPECT_EQ(say({0xa2, 8, 0, 0, 0, 0, 0, 0, 1}), to_bytes({0xa2, 8, 0, 0, 0, 0, 0, 0, 1, 0x65, 0x80}))
      << "A2 has no status words";
}

TEST_F(Rom, a_field_is_echoed_only_when_it_is_complete) {
  reach();
  EXPECT_EQ(say({0xd1}), to_bytes({0xd1}));
  EXPECT_TRUE(say({8, 0, 0}).empty());
  EXPECT_EQ(say({0}), to_bytes({8, 0, 0, 0}));
}

TEST_F(Rom, memory_errors_are_one_word) {
  reach();
  EXPECT_EQ(say({0xd1, 0, 0, 0, 2, 0, 0, 0, 1}), to_bytes({0xd1, 0, 0, 0, 2, 0, 0, 0, 1, 0xff, 0xff}));
  EXPECT_EQ(say({0xd1, 0, 0, 0, 0, 0, 0, 0, 0}), to_bytes({0xd1, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe}));
  EXPECT_EQ(say({0xd4, 0, 0, 0, 0, 0x40, 0, 0, 0}), to_bytes({0xd4, 0, 0, 0, 0, 0x40, 0, 0, 0, 0xff, 0xfd}));
}

TEST_F(Rom, writes_memory_and_may_say_0001_in_either_status) {
  for (const unsigned first : {0U, 1U}) {
    Model model = model_named("tiny-6580");
    model.brom.write_status1 = static_cast<std::uint16_t>(first);
    model.brom.write_status2 = static_cast<std::uint16_t>(1 - first);
    reach(std::move(model));
    EXPECT_EQ(say({0xd4, 0x10, 0, 0x70, 0, 0, 0, 0, 1}),
              to_bytes({0xd4, 0x10, 0, 0x70, 0, 0, 0, 0, 1, 0, first}));
    EXPECT_EQ(say({0x22, 0, 0, 0x64}), to_bytes({0x22, 0, 0, 0x64, 0, 1 - first}));
    EXPECT_EQ(say({0xd1, 0x10, 0, 0x70, 0, 0, 0, 0, 1}),
              to_bytes({0xd1, 0x10, 0, 0x70, 0, 0, 0, 0, 1, 0, 0, 0x22, 0, 0, 0x64, 0, 0}));
  }
}

TEST_F(Rom, d3_writes_without_echoing_items) {
  Model model = model_named("tiny-6580");
  model.brom.write_status2 = 0;
  reach(std::move(model));
  say({0xd3, 0, 0, 0, 0x10, 0, 0, 0, 2});
  EXPECT_TRUE(say({0x12, 0x34}).empty());
  EXPECT_EQ(say({0x56, 0x78}), to_bytes({0, 0}));
  const Bytes answer = say({0xd1, 0, 0, 0, 0x10, 0, 0, 0, 1});
  EXPECT_EQ(Bytes(answer.begin() + 11, answer.begin() + 15), to_bytes({0x56, 0x78, 0x12, 0x34}));
}

TEST_F(Rom, pmic_access) {
  reach();
  EXPECT_EQ(say({0xc4, 0x80, 0, 0, 0, 0, 0, 0, 0}), to_bytes({0xc4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(say({0xc7, 0x12, 0x34, 0xab, 0xcd}), to_bytes({0xc7, 0x12, 0x34, 0xab, 0xcd, 0, 0, 0, 0}));
  EXPECT_EQ(say({0xc6, 0x12, 0x34}), to_bytes({0xc6, 0x12, 0x34, 0, 0, 0, 0, 0xab, 0xcd}));
  EXPECT_EQ(say({0xc5}), to_bytes({0xc5, 0, 0}));
}

TEST_F(Rom, uart_commands) {
  reach();
  EXPECT_EQ(say({0xdb}), to_bytes({0xdb, 0, 0}));
  EXPECT_EQ(say({0xdc, 0, 1, 0xc2, 0}), to_bytes({0xdc, 0, 1, 0xc2, 0, 0, 0}));
  EXPECT_EQ(say({0xdc, 0, 0x2d, 0xc6, 0xc0}), to_bytes({0xdc, 0, 0x2d, 0xc6, 0xc0, 0x1d, 0x1d}));
  EXPECT_EQ(say({0xd6}), to_bytes({0xd6, 0, 0, 0, 0}));
}

TEST(SendDaChecksum, is_the_xor_of_little_endian_words) {
  EXPECT_EQ(xor16(to_bytes({0x4d, 0x54, 0x4b, 0x5f, 0x44, 0x41, 0x21})), 0x4a63);
  EXPECT_EQ(xor16(to_bytes({1, 2, 3, 4, 5, 6})), 0x0007);
  EXPECT_EQ(xor16({}), 0);
}

TEST_F(Rom, takes_an_agent_in_chunks_of_any_size) {
  reach();
  EXPECT_EQ(say({0xd7, 0, 0x20, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0}),
            to_bytes({0xd7, 0, 0x20, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0}));
  EXPECT_TRUE(say({0x4d, 0x54, 0x4b}).empty());
  EXPECT_TRUE(bench_->say(ByteView{}).empty()) << "a zero-length packet";
  EXPECT_EQ(say({0x5f, 0x44, 0x41, 0x21}), to_bytes({0x4a, 0x63, 0, 0}));
}

TEST_F(Rom, refuses_impossible_uploads_before_the_data) {
  reach();
  const auto status = [&](std::initializer_list<unsigned> header) {
    const Bytes answer = say(header);
    return Bytes(answer.end() - 2, answer.end());
  };
  EXPECT_EQ(status({0xd7, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), to_bytes({0x1d, 0x13}));
  EXPECT_EQ(status({0xd7, 0, 0x20, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}), to_bytes({0x1d, 0x10}));
  EXPECT_EQ(status({0xd7, 0, 0x20, 0, 0, 0, 0, 0, 8, 0, 0, 0, 9}), to_bytes({0x1d, 0x14}));
  EXPECT_EQ(say({0xfe}), to_bytes({0xfe})) << "still in step";
}

TEST_F(Rom, jumps_only_to_the_agent_it_has) {
  reach();
  EXPECT_EQ(bench_->jump(), to_bytes({0xd5, 0, 0x20, 0, 0, 0x1d, 0x16}));
  bench_->upload(stand_in().da1);
  EXPECT_EQ(bench_->jump(0x201000), to_bytes({0xd5, 0, 0x20, 0x10, 0, 0x1d, 0x0f}));
  const Bytes answer = bench_->jump();
  EXPECT_EQ(Bytes(answer.begin(), answer.begin() + 8), to_bytes({0xd5, 0, 0x20, 0, 0, 0, 0, 0xc0}));
  EXPECT_EQ(bench_->phone().bus(), Bus::agent);
}

TEST_F(Rom, jump_da64_wants_its_second_argument) {
  Model model = model_named("tiny-6580");
  model.brom.jump_da64 = true;
  reach(std::move(model));
  bench_->upload(stand_in().da1);
  EXPECT_EQ(say({0xde, 0, 0x20, 0, 0, 1}), to_bytes({0xde, 0, 0x20, 0, 0, 1, 0, 0}));
  const Bytes answer = say({0x64});
  EXPECT_EQ(Bytes(answer.begin(), answer.begin() + 4), to_bytes({0x64, 0, 0, 0xc0}));
}

TEST_F(Rom, the_preloader_ignores_addresses_and_resets_on_a_jump_without_agent) {
  Bench bench{model_named("tiny-6580")};
  bench.reach_commands();
  bench.upload(stand_in().da1, 0x12345678);
  const Bytes answer = bench.jump(0x55555554);
  EXPECT_EQ(Bytes(answer.begin(), answer.begin() + 8), to_bytes({0xd5, 0x55, 0x55, 0x55, 0x54, 0, 0, 0xc0}));

  Bench other{model_named("tiny-6580")};
  other.reach_commands();
  EXPECT_EQ(other.jump(), to_bytes({0xd5, 0, 0x20, 0, 0, 0x20, 0x01}));
  other.wait(milliseconds{50});
  EXPECT_EQ(other.phone().bus(), Bus::off);
}

TEST_F(Rom, a_secured_phone_checks_the_agents_signature) {
  Model model = model_named("tiny-6580");
  model.security = {.sbc = true, .sla = false, .daa = true, .cert = false, .key = "maker"};
  Bytes agent = stand_in().da1;
  Hasher hasher;
  hasher.update(to_bytes("maker"));
  hasher.update(agent);
  Bytes signature = hasher.finish();
  signature.resize(0x100);
  Bytes good = agent;
  good.insert(good.end(), signature.begin(), signature.end());

  reach(model);
  const Bytes missing = say({0xd7, 0, 0x20, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0});
  EXPECT_EQ(Bytes(missing.end() - 2, missing.end()), to_bytes({0x1d, 0x15}));
  Bytes bad = good;
  bad[3] ^= std::byte{1};
  const Bytes refused = bench_->upload(bad, 0x200000, 0x100);
  EXPECT_EQ(Bytes(refused.end() - 2, refused.end()), to_bytes({0x20, 0x01}));
  const Bytes taken = bench_->upload(good, 0x200000, 0x100);
  EXPECT_EQ(Bytes(taken.end() - 2, taken.end()), to_bytes({0, 0}));

  model.preloader.generation = Generation::b;
  Bench preloader{std::move(model)};
  preloader.reach_commands();
  const Bytes asserted = preloader.upload(bad, 0x200000, 0x100);
  EXPECT_EQ(Bytes(asserted.end() - 2, asserted.end()), to_bytes({0x70, 0x24}));
  preloader.wait(milliseconds{50});
  EXPECT_EQ(preloader.phone().bus(), Bus::off) << "the preloader asserts";
}

TEST_F(Rom, login_by_challenge) {
  Model model = model_named("tiny-6580");
  model.security = {.sbc = false, .sla = true, .daa = false, .cert = false, .key = "maker"};
  model.chip.soc_id = pattern(32);
  reach(std::move(model));
  const Bytes early = say({0xd7, 0, 0x20, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0});
  EXPECT_EQ(Bytes(early.end() - 2, early.end()), to_bytes({0x1d, 0x0d}));
  EXPECT_EQ(say({0xe7}).size(), 39u) << "E7 works whenever SLA is on";

  const Bytes challenge = say({0xe3});
  ASSERT_EQ(challenge.size(), 1u + 2 + 4 + 16);
  Hasher hasher;
  hasher.update(to_bytes("maker"));
  hasher.update(ByteView{challenge}.subspan(7));
  Bytes response = hasher.finish();
  response.resize(0x100);
  EXPECT_EQ(say({0, 0, 1, 0}), to_bytes({0, 0, 1, 0, 0, 0}));
  EXPECT_EQ(bench_->say(response), to_bytes({0, 0}));
  EXPECT_EQ(say({0xe3}), to_bytes({0xe3, 0x70, 0x17})) << "already passed";
  const Bytes upload = bench_->upload(stand_in().da1);
  EXPECT_EQ(Bytes(upload.end() - 2, upload.end()), to_bytes({0, 0}));
}

TEST_F(Rom, a_wrong_response_is_refused_and_a_little_endian_length_is_understood) {
  Model model = model_named("tiny-6580");
  model.security = {.sbc = false, .sla = true, .daa = false, .cert = false, .key = "maker"};
  reach(std::move(model));
  say({0xe3});
  EXPECT_EQ(say({0, 1, 0, 0}), to_bytes({0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(bench_->say(Bytes(0x100)), to_bytes({0x1d, 0x0d}));
}

TEST_F(Rom, files_for_authentication) {
  reach();
  EXPECT_EQ(say({0xe2, 0, 0, 0x08, 0xd0}), to_bytes({0xe2, 0, 0, 0x08, 0xd0, 0x1d, 0x0c})) << "not needed";

  Model model = model_named("tiny-6580");
  model.security = {.sbc = true, .sla = false, .daa = true, .cert = true, .key = "maker"};
  reach(std::move(model));
  Hasher hasher;
  hasher.update(to_bytes("maker"));
  hasher.update(to_bytes("certificate!"));
  Bytes file = to_bytes("certificate!");
  const Bytes digest = hasher.finish();
  file.insert(file.end(), digest.begin(), digest.end());
  for (const unsigned opcode : {0xe0U, 0xe2U}) {
    EXPECT_EQ(say({opcode, 0, 0, 0, 44}), to_bytes({opcode, 0, 0, 0, 44, 0, 0}));
    const Bytes accepted = bench_->say(file);
    EXPECT_EQ(accepted.size(), 4u);
    EXPECT_EQ(Bytes(accepted.end() - 2, accepted.end()), to_bytes({0, 0}));
  }
  say({0xe2, 0, 0, 0, 44});
  file[0] ^= std::byte{1};
  const Bytes refused = bench_->say(file);
  EXPECT_EQ(Bytes(refused.end() - 2, refused.end()), to_bytes({0x20, 0x01}));
}

TEST_F(Rom, the_download_flag_brings_a_preloader_back_into_the_rom) {
  const auto word = [](Bench& bench, std::uint32_t address, std::uint32_t value) {
    ByteWriter out;
    out.u8(0xd4).be(address).be<std::uint32_t>(1).be(value);
    bench.say(out.view());
  };
  for (const bool unlocked : {true, false}) {
    Bench bench{model_named("tiny-6580")};
    bench.reach_commands();
    if (unlocked) {
      word(bench, 0x10001838, 0xad98);
      word(bench, 0x10001840, 1);
      word(bench, 0x10001838, 0);
    }
    word(bench, 0x10001818, 0x444c0000 | (5 << 2) | 1);
    word(bench, 0x10007014, 0x1209);
    bench.wait(milliseconds{310});
    EXPECT_EQ(bench.phone().bus(), unlocked ? Bus::brom : Bus::preloader);
    if (!unlocked) continue;
    bench.wait(milliseconds{5310});
    EXPECT_EQ(bench.phone().bus(), Bus::preloader) << "after the five seconds that the flag asked for";
  }
}

}  // namespace
}  // namespace mtk::sim
