// SPDX-License-Identifier: Apache-2.0
// First stage of the legacy agent: both profiles, configuration and its tails, memory start, judgement of
// stage 2.
#include "sim/test_bench.h"

namespace mtk::sim {
namespace {

Bytes first(const Bytes& bytes, std::size_t count) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(std::min(count, bytes.size()))};
}
Bytes last(const Bytes& bytes, std::size_t count) {
  return {bytes.end() - static_cast<std::ptrdiff_t>(std::min(count, bytes.size())), bytes.end()};
}

Model newer() {
  Model model = model_named("homtom-ht3");
  model.power.battery = Battery::in;
  return model;
}

/// A phone whose agent has just greeted, waiting for its configuration.
class Stage1 {
 public:
  Stage1(Model model, PhoneOptions options) : bench(std::move(model), std::move(options)) {
    bench.reach_commands();
    bench.upload(agent.da1);
    greeting = bench.jump();
    greeting.erase(greeting.begin(), greeting.begin() + 7);
    version = bench.say({0x5a});
  }
  StandIn agent = stand_in();
  Bench bench;
  Bytes greeting;
  Bytes version;
};

TEST(LegacyDa1, greets_as_its_profile_does) {
  Stage1 old{model_named("leagoo-z5"), Bench::keys_held()};
  EXPECT_EQ(first(old.greeting, 5), to_bytes({0xc0, 0, 0, 0x0b, 0xc0}));
  EXPECT_EQ(last(old.greeting, 16), old.bench.phone().model().storage.cid);
  EXPECT_EQ(old.version, to_bytes({4, 2, 0x94}));
  Stage1 young{newer(), Bench::keys_held()};
  EXPECT_EQ(first(young.greeting, 5), to_bytes({0xc0, 0, 0, 0x0b, 0xc4}));
}

TEST(LegacyDa1, goes_on_after_any_byte) {
  Bench bench{model_named("leagoo-z5"), Bench::keys_held()};
  bench.reach_commands();
  bench.upload(stand_in().da1);
  bench.jump();
  EXPECT_EQ(bench.say({0x33}), to_bytes({4, 2, 0x94}));
}

TEST(LegacyDa1, answers_after_the_eighteenth_byte_and_not_before) {
  Stage1 stage{model_named("leagoo-z5"), Bench::keys_held()};
  const Bytes configuration = Bench::configuration();
  for (std::size_t i = 0; i < 17; ++i)
    EXPECT_TRUE(stage.bench.say(ByteView{configuration}.subspan(i, 1)).empty());
  EXPECT_EQ(stage.bench.say(ByteView{configuration}.subspan(17)), Bytes(4));
}

TEST(LegacyDa1, a_tail_nobody_asked_for_becomes_the_header_of_stage_2_and_hangs_the_agent) {
  Stage1 stage{model_named("leagoo-z5"), Bench::keys_held()};
  Bytes both = Bench::configuration();
  const Bytes tail = Bench::tail();
  both.insert(both.end(), tail.begin(), tail.end());
  EXPECT_EQ(stage.bench.say(both), to_bytes({0, 0, 0, 0, 0x5a}));
  EXPECT_TRUE(stage.bench.say({0x5a}).empty());
  EXPECT_TRUE(stage.bench.send_stage2(stage.agent.da2).empty());
}

TEST(LegacyDa1, newer_agents_wait_for_their_tail) {
  const struct {
    std::uint32_t words;
    bool list;
    Bytes tail;
  } cases[] = {{0, true, Bench::tail()}, {1, false, Bytes(4)}, {1, true, [] {
                                                                  ByteWriter out;
                                                                  out.fill(4).bytes(Bench::tail());
                                                                  return std::move(out).take();
                                                                }()}};
  for (const auto& each : cases) {
    Model model = newer();
    model.agent.tail_words = each.words;
    model.agent.tail_list = each.list;
    Stage1 stage{std::move(model), {}};
    EXPECT_TRUE(stage.bench.say(Bench::configuration()).empty());
    EXPECT_TRUE(stage.bench.wait(std::chrono::hours{1}).empty());
    EXPECT_TRUE(stage.bench.say(ByteView{each.tail}.first(each.tail.size() - 1)).empty());
    EXPECT_EQ(stage.bench.say(last(each.tail, 1)), Bytes(4)) << "started by the preloader: memory runs";
  }
}

TEST(LegacyDa1, calibration_words_follow_the_status_where_the_agent_sends_them) {
  Model model = model_named("leagoo-z5");
  model.agent.calibration_words = 5;
  Stage1 stage{std::move(model), Bench::keys_held()};
  EXPECT_EQ(stage.bench.say(Bench::configuration()), Bytes(24));
}

TEST(LegacyDa1, stage_2_is_accepted_with_any_digest_with_or_without_the_last_slot) {
  for (const HashKind kind : {HashKind::md5, HashKind::sha1, HashKind::sha256}) {
    for (const std::size_t slot : {std::size_t{0}, std::size_t{0x100}}) {
      Bench bench{model_named("leagoo-z5"), Bench::keys_held()};
      bench.reach_commands();
      const StandIn agent = stand_in(0x1234, kind, slot);
      bench.upload(agent.da1);
      bench.jump();
      bench.say({0x5a});
      bench.say(Bench::configuration());
      EXPECT_EQ(bench.send_stage2(agent.da2), to_bytes({0x5a, 0x5a}));
      EXPECT_EQ(bench.say({0x5a}).size(), 236u);
    }
  }
}

TEST(LegacyDa1, a_foreign_stage_2_meets_silence_after_the_last_acknowledgement) {
  Stage1 stage{model_named("leagoo-z5"), Bench::keys_held()};
  stage.bench.say(Bench::configuration());
  stage.agent.da2[17] ^= std::byte{1};
  EXPECT_EQ(stage.bench.send_stage2(stage.agent.da2), to_bytes({0x5a}));
  EXPECT_TRUE(stage.bench.say({0x5a}).empty());
  EXPECT_TRUE(stage.bench.wait(std::chrono::hours{1}).empty());
}

TEST(LegacyDa1, elsewhere_than_its_address_stage_2_is_copied_and_then_silent) {
  Stage1 stage{model_named("leagoo-z5"), Bench::keys_held()};
  stage.bench.say(Bench::configuration());
  EXPECT_EQ(stage.bench.send_stage2(stage.agent.da2, 0x90000000), to_bytes({0x5a}));
}

TEST(LegacyDa1, impossible_headers_of_stage_2_are_fatal) {
  for (const auto& header : {to_bytes({0x80, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0}),               // packet 0
                             to_bytes({0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 16, 0}),  // length
                             to_bytes({0x80, 0, 0, 0, 0, 0, 4, 0, 0xff, 0xff, 0xff, 0xff})}) {
    Stage1 stage{model_named("leagoo-z5"), Bench::keys_held()};
    stage.bench.say(Bench::configuration());
    EXPECT_EQ(stage.bench.say(header), to_bytes({0x5a}));
    EXPECT_TRUE(stage.bench.say(stage.agent.da2).empty());
  }
}

TEST(LegacyDa1, a_chunk_keeps_to_itself_where_transfers_have_borders) {
  for (const bool borders : {true, false}) {
    PhoneOptions options = Bench::keys_held();
    options.transfer_borders = borders;
    Stage1 stage{model_named("leagoo-z5"), std::move(options)};
    stage.bench.say(Bench::configuration());
    stage.bench.say(to_bytes({0x80, 0, 0, 0, 0, 0, 4, 0, 0, 0, 2, 0}));
    // Both chunks in one transfer.
    EXPECT_EQ(stage.bench.say(stage.agent.da2), borders ? Bytes{} : to_bytes({0x5a, 0x5a, 0x5a}));
  }
}

// Memory settings.

Bytes record(const Bytes& id, std::uint32_t type = 0x0203) {
  ByteWriter out;
  out.le<std::uint32_t>(0).le(type).le<std::uint32_t>(9).le<std::uint32_t>(0).bytes(id);
  Bytes bytes = std::move(out).take();
  bytes.resize(188);
  return bytes;
}

Bytes word_swapped(Bytes id) {
  for (std::size_t i = 0; i < 16; i += 4) {
    std::swap(id[i], id[i + 3]);
    std::swap(id[i + 1], id[i + 2]);
  }
  return id;
}

/// Plays E8 from the version on; the answer to dram_cfg.
Bytes start_dram(Bench& bench, std::uint32_t version, const Bytes& records) {
  ByteWriter head;
  head.u8(0xe8).be(version);
  EXPECT_EQ(bench.say(head.view()), to_bytes({0x5a, 0, 0, 0, 0xbc}));
  bench.say({0x5a});
  ByteWriter length;
  length.be(static_cast<std::uint32_t>(records.size()));
  bench.say(length.view());
  std::uint16_t sum = 0;
  for (const std::byte byte : records) sum = static_cast<std::uint16_t>(sum + static_cast<unsigned>(byte));
  ByteWriter expected;
  expected.be(sum);
  EXPECT_EQ(bench.say(records), Bytes(expected.view().begin(), expected.view().end()));
  bench.say({0x5a});
  return bench.say({0x80, 0, 0, 1});
}

class Dram : public testing::Test {
 protected:
  void reach(Model model = newer()) {
    cid_ = model.storage.cid;
    stage_ = std::make_unique<Stage1>(std::move(model), Bench::keys_held());
    stage_->bench.say(Bench::configuration());
    status_ = stage_->bench.say(Bench::tail());
  }
  Bench& bench() { return stage_->bench; }

  Bytes cid_;
  Bytes status_;
  std::unique_ptr<Stage1> stage_;
};

TEST_F(Dram, is_asked_for_from_the_boot_rom_with_the_memory_id) {
  reach();
  ByteWriter expected;
  expected.be<std::uint32_t>(3011)
      .be<std::uint32_t>(0)
      .bytes(cid_)
      .be<std::uint32_t>(0x0bc4)
      .be<std::uint16_t>(7)
      .fill(14);
  EXPECT_EQ(status_, Bytes(expected.view().begin(), expected.view().end()));
}

TEST_F(Dram, starts_with_a_matching_record_in_either_byte_order) {
  for (const bool swapped : {false, true}) {
    reach();
    Bytes other = cid_;
    other[4] ^= std::byte{1};
    Bytes records = record(other);
    const Bytes own = record(swapped ? word_swapped(cid_) : cid_);
    records.insert(records.end(), own.begin(), own.end());
    EXPECT_EQ(start_dram(bench(), 21, records), to_bytes({0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0x40, 0, 0, 0}));
    EXPECT_EQ(bench().send_stage2(stage_->agent.da2), to_bytes({0x5a, 0x5a}));
  }
}

TEST_F(Dram, records_for_discrete_memory_need_no_id) {
  reach();
  EXPECT_EQ(start_dram(bench(), 20, record(Bytes(16), 0x0003)).size(), 14u);
}

TEST_F(Dram, without_a_matching_record_it_does_not_start_and_there_is_no_second_try) {
  reach();
  Bytes other = cid_;
  other[4] ^= std::byte{1};
  EXPECT_EQ(start_dram(bench(), 21, record(other)), to_bytes({0, 0, 0x0b, 0xc4}));
  EXPECT_TRUE(bench().say({0xe8, 0, 0, 0, 21}).empty());
}

TEST_F(Dram, the_wrong_memory_on_the_board_is_a_fault_on_demand) {
  Model model = newer();
  PhoneOptions options = Bench::keys_held();
  ASSERT_TRUE(options.faults.add("ids=000102030405060708090A0B0C0D0E0F"));
  const Bytes right = model.storage.cid;
  Stage1 stage{std::move(model), std::move(options)};
  EXPECT_EQ(last(stage.greeting, 16), to_bytes({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}));
  stage.bench.say(Bench::configuration());
  stage.bench.say(Bench::tail());
  EXPECT_EQ(start_dram(stage.bench, 21, record(right)), to_bytes({0, 0, 0x0b, 0xc4}));
}

TEST_F(Dram, a_version_that_is_not_accepted_is_refused_in_both_readings) {
  reach();
  EXPECT_EQ(bench().say({0xe8, 0, 0, 0, 12}), to_bytes({0xa5}));
  EXPECT_TRUE(bench().say({0xe8, 0, 0, 0, 21}).empty());
  Model model = newer();
  model.agent.emi_refused = EmiRefused::again;
  reach(std::move(model));
  EXPECT_EQ(bench().say({0xe8, 0, 0, 0, 12}), to_bytes({0xa5}));
  EXPECT_EQ(start_dram(bench(), 21, record(cid_)).size(), 14u);
}

TEST_F(Dram, records_without_announced_length_end_with_silence) {
  Model model = newer();
  model.agent.emi_total_length = false;
  reach(std::move(model));
  bench().say({0xe8, 0, 0, 0, 21});
  bench().say({0x5a});
  Bytes other = cid_;
  other[4] ^= std::byte{1};
  EXPECT_TRUE(bench().say(record(other)).empty());
  EXPECT_TRUE(bench().wait(milliseconds{10}).empty());
  EXPECT_TRUE(bench().say(record(cid_)).empty());
  EXPECT_EQ(bench().wait(milliseconds{60}).size(), 2u);
  bench().say({0x5a});
  EXPECT_EQ(bench().say({0x80, 0, 0, 1}).size(), 14u);
}

TEST_F(Dram, version_11_shows_the_memory_id_first_and_has_its_own_record_layout) {
  Model model = newer();
  model.agent.emi_versions = {11};
  reach(std::move(model));
  Bytes expected = to_bytes({0x5a});
  expected.insert(expected.end(), cid_.begin(), cid_.end());
  const Bytes size = to_bytes({0, 0, 0, 168});
  expected.insert(expected.end(), size.begin(), size.end());
  EXPECT_EQ(bench().say({0xe8, 0, 0, 0, 11}), expected);
  bench().say({0x5a});
  ByteWriter old_layout;
  old_layout.le<std::uint32_t>(0x0202).bytes(cid_).fill(148);
  bench().say(old_layout.view());
  EXPECT_EQ(bench().wait(milliseconds{60}).size(), 2u);
  bench().say({0x5a});
  EXPECT_EQ(bench().say({0x80, 0, 0, 1}).size(), 14u);
}

TEST_F(Dram, version_13_has_one_record_and_a_calibration_dump) {
  Model model = newer();
  model.agent.emi_versions = {13};
  reach(std::move(model));
  EXPECT_EQ(bench().say({0xe8, 0, 0, 0, 13}), to_bytes({0x5a, 0, 0, 0, 0xbc}));
  bench().say({0x5a});
  EXPECT_EQ(bench().say(record(cid_)).size(), 2u);
  bench().say({0x5a});
  EXPECT_EQ(bench().say({0x80, 0, 0, 1}).size(), 14u + 20);
}

TEST_F(Dram, a_sum_the_host_does_not_accept_ends_it) {
  reach();
  bench().say({0xe8, 0, 0, 0, 21});
  bench().say({0x5a});
  bench().say({0, 0, 0, 188});
  bench().say(record(cid_));
  EXPECT_TRUE(bench().say({0xa5}).empty());
  EXPECT_TRUE(bench().say({0x80, 0, 0, 1}).empty());
}

TEST_F(Dram, absurd_lengths_are_not_waited_for) {
  reach();
  bench().say({0xe8, 0, 0, 0, 21});
  bench().say({0x5a});
  EXPECT_TRUE(bench().say({0xff, 0xff, 0xff, 0xff}).empty());
  EXPECT_NE(bench().log().find("hangs"), std::string::npos);
}

TEST_F(Dram, other_bytes_while_settings_are_wanted_are_ignored) {
  reach();
  EXPECT_TRUE(bench().say({0x72, 0x5a, 0x00}).empty());
  EXPECT_EQ(start_dram(bench(), 21, record(cid_)).size(), 14u);
}

TEST(LegacyDa1, without_a_battery_it_is_silent_until_one_is_put_in) {
  Bench bench{model_named("homtom-ht3")};
  bench.reach_commands();
  bench.upload(stand_in().da1);
  EXPECT_EQ(bench.jump().size(), 7u);
  EXPECT_TRUE(bench.wait(std::chrono::minutes{1}).empty());
  bench.phone().insert_battery(bench.now());
  EXPECT_EQ(first(bench.wait(milliseconds{1}), 1), to_bytes({0xc0}));

  PhoneOptions options;
  ASSERT_TRUE(options.faults.add("battery=out:5000"));
  Bench timed{model_named("leagoo-z5"), std::move(options)};
  timed.reach_commands();
  timed.upload(stand_in().da1);
  timed.jump();
  EXPECT_TRUE(timed.wait(milliseconds{4999}).empty());
  EXPECT_EQ(first(timed.wait(milliseconds{2}), 1), to_bytes({0xc0}));
}

}  // namespace
}  // namespace mtk::sim
