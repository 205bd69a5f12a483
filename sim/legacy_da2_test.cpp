// SPDX-License-Identifier: Apache-2.0
// Second stage of the legacy agent: report and small commands, with the oddities of the genuine one.
#include "sim/test_bench.h"

#include <set>

namespace mtk::sim {
namespace {

class Da2 : public testing::Test {
 protected:
  void reach(Model model = model_named("tiny-6580"), PhoneOptions options = Bench::keys_held()) {
    bench_ = std::make_unique<Bench>(std::move(model), std::move(options));
    bench_->reach_agent();
  }
  Bytes say(std::initializer_list<unsigned> bytes) { return bench_->say(bytes); }
  void expect_in_step() { EXPECT_EQ(say({0x72}), to_bytes({0x5a, 0x01})) << bench_->log(); }

  std::unique_ptr<Bench> bench_;
};

Bytes report_of(Model model) {
  Bench bench{std::move(model)};
  bench.reach_commands();
  const StandIn agent = stand_in();
  bench.upload(agent.da1);
  bench.jump();
  bench.say({0x5a});
  if (bench.say(Bench::configuration()).empty()) bench.say(Bench::tail());
  bench.send_stage2(agent.da2);
  return bench.say({0x5a});
}

TEST_F(Da2, report_lengths_of_all_variants) {
  Model model = model_named("leagoo-z5");
  EXPECT_EQ(report_of(model).size(), 236u);
  model.agent.nand_ids = 5;
  EXPECT_EQ(report_of(model).size(), 232u);
  model.agent.report_nand64 = false;
  EXPECT_EQ(report_of(model).size(), 228u);
  const Bytes extra = report_of(model_named("tablet-8163"));
  EXPECT_EQ(extra.size(), 240u);
  EXPECT_EQ(Bytes(extra.end() - 14, extra.end() - 9), to_bytes({0, 0, 0, 0, 0x5a}));
}

TEST_F(Da2, the_report_tells_general_purpose_areas) {
  Model model = model_named("leagoo-z5");
  model.storage.gp = {0x400000, 0, 0, 0x200000};
  const Bytes report = report_of(model);
  ByteReader in{report};
  in.seek(28 + 40 + 28);
  for (const std::uint64_t size : {0x400000U, 0U, 0U, 0x200000U}) EXPECT_EQ(in.be<std::uint64_t>(), size);
  EXPECT_EQ(in.be<std::uint64_t>(), model.storage.user);
}

TEST_F(Da2, the_cid_of_the_report_is_word_swapped_where_the_agent_does_so) {
  Model model = model_named("leagoo-z5");
  const Bytes cid = model.storage.cid;
  EXPECT_EQ(report_of(model)[28 + 40 + 68], cid[3]);
  model.agent.swap_cid = false;
  EXPECT_EQ(report_of(model)[28 + 40 + 68], cid[0]);
}

TEST_F(Da2, unknown_opcodes_have_no_answer_and_leave_it_in_step) {
  reach();
  for (unsigned opcode = 0; opcode < 0x100; ++opcode) {
    const std::set<unsigned> known = {0x52, 0x60, 0x61, 0x62, 0x63, 0x70, 0x72, 0x73, 0x7a, 0x7b,
                                      0x7c, 0x7d, 0xa1, 0xa2, 0xa3, 0xa5, 0xb4, 0xd0, 0xd2, 0xd3,
                                      0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xdb, 0xe0, 0xe8, 0xef};
    if (known.contains(opcode)) continue;
    EXPECT_TRUE(say({opcode}).empty()) << opcode;
  }
  EXPECT_TRUE(say({0x00, 0x10, 0x00, 0x00}).empty()) << "an early packet size is four unknown opcodes";
  expect_in_step();
}

TEST_F(Da2, small_commands) {
  reach();
  EXPECT_EQ(say({0x63}), to_bytes({0x5a, 0, 0, 0, 1}));
  EXPECT_EQ(say({0xd0}), to_bytes({0, 0, 0, 0xa5}));
  EXPECT_EQ(say({0xb4}), to_bytes({0, 0, 0x17, 0x99}));
  EXPECT_EQ(say({0xe0, 0, 0, 0, 0}), to_bytes({0x5a}));
  EXPECT_EQ(say({0xef}), Bytes(68));
  EXPECT_EQ(say({0xa3}), to_bytes({0x5a, 0}));
  EXPECT_TRUE(say({0x5a}).empty());
  EXPECT_EQ(say({0xd5}), to_bytes({0xa5, 0, 0, 0x0b, 0xc3}));
  EXPECT_EQ(say({0xd3}), to_bytes({0xa5}));
  EXPECT_EQ(say({0x52}), to_bytes({0xa5}));
  EXPECT_EQ(say({0xa2}), to_bytes({0xa5, 0, 0, 0x04, 0x0d}));
  expect_in_step();
}

TEST_F(Da2, registers_and_pmic) {
  reach();
  EXPECT_EQ(say({0x7b, 0x10, 0, 0x70, 0, 0x22, 0, 0, 0x64}), to_bytes({0x5a}));
  EXPECT_EQ(say({0x7a, 0x10, 0, 0x70, 0}), to_bytes({0x22, 0, 0, 0x64, 0x5a}));
  EXPECT_EQ(say({0xd7, 0, 0, 0, 4, 0xab, 0xcd}), to_bytes({0x5a}));
  EXPECT_EQ(say({0xd8, 0, 0, 0, 4}), to_bytes({0xab, 0xcd, 0x5a}));
  EXPECT_EQ(say({0x7d, 0x12, 0x34, 0x56, 0x78}), to_bytes({0x5a}));
  EXPECT_EQ(say({0x7c, 0x12, 0x34}), to_bytes({0x56, 0x78, 0x5a}));
}

TEST_F(Da2, any_part_is_acknowledged) {
  reach();
  EXPECT_EQ(say({0x60}), to_bytes({0x5a}));
  EXPECT_EQ(say({0x77}), to_bytes({0x5a}));
  EXPECT_EQ(say({0x60, 0x08}), to_bytes({0x5a, 0x5a})) << "in one write";
}

TEST_F(Da2, partition_list_and_its_cancellation) {
  reach();
  EXPECT_EQ(say({0xa5}), to_bytes({0x01, 0, 0, 0x05, 0x80}));
  EXPECT_TRUE(say({0xa5}).empty()) << "A5 cancels";
  expect_in_step();
  say({0xa5});
  const Bytes table = say({0x5a});
  ASSERT_EQ(table.size(), 16u * 0x58);
  EXPECT_EQ(printable_text(ByteView{table}.first(64)), "proinfo");
  ByteReader in{ByteView{table}.subspan(64)};
  const PartitionModel proinfo = *model_named("tiny-6580").partition("proinfo");
  EXPECT_EQ(in.le<std::uint64_t>(), proinfo.start);
  EXPECT_EQ(in.le<std::uint64_t>(), proinfo.size);
  EXPECT_EQ(in.le<std::uint64_t>(), 8u);
  EXPECT_TRUE(say({0x5a}).empty());
  expect_in_step();
}

TEST_F(Da2, partition_lists_of_other_agents) {
  for (const auto& [size, answer] : {std::pair{0x4cU, 0x5aU}, {0x60U, 0x01U}}) {
    Model model = model_named("tiny-6580");
    model.agent.pmt_entry = size;
    model.agent.pmt_answer = static_cast<std::uint8_t>(answer);
    reach(std::move(model));
    ByteWriter expected;
    expected.u8(static_cast<std::uint8_t>(answer)).be(16 * size);
    EXPECT_EQ(say({0xa5}), Bytes(expected.view().begin(), expected.view().end()));
    EXPECT_EQ(say({0x5a}).size(), std::size_t{16} * size);
  }
  Model model = model_named("tiny-6580");
  model.agent.pmt_answer = 0xa5;
  reach(std::move(model));
  EXPECT_EQ(say({0xa5}), to_bytes({0xa5, 0, 0, 0x04, 0x0d}));
}

TEST_F(Da2, without_a_table_there_is_no_list) {
  reach();
  ASSERT_TRUE(bench_->phone().card().erase(part_user, 0, 0x8000));
  ASSERT_TRUE(bench_->phone().card().erase(part_user, 0x100000 - 0x8000, 0x8000));
  EXPECT_EQ(say({0xa5}), to_bytes({0xa5, 0, 0, 0x04, 0x0d}));
  expect_in_step();
}

TEST_F(Da2, a_table_with_many_slots_may_overrun_it) {
  Model model = model_named("tiny-6580");
  model.agent.pmt_slots = 15;
  reach(std::move(model));
  EXPECT_TRUE(say({0xa5}).empty());
  EXPECT_TRUE(say({0x72}).empty());
}

TEST_F(Da2, enable_dram_of_the_2015_agent_belongs_to_stage_2) {
  reach();
  EXPECT_EQ(say({0xe8, 0xff, 0xff, 0xff, 0xff}), to_bytes({0x5a, 0, 0, 0, 0xb0}));
  say({0x5a});
  say({0, 0, 0, 4});
  EXPECT_EQ(say({1, 2, 3, 4}), to_bytes({0, 10}));
  say({0x5a});
  EXPECT_EQ(say({0x80, 0, 0, 1}), to_bytes({0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0x20, 0, 0, 0}));
  expect_in_step();
  EXPECT_EQ(say({0xe8, 0, 0, 0, 21}), to_bytes({0xa5, 0, 0, 0, 0xb0}));
  EXPECT_TRUE(say({0x72}).empty()) << "it keeps waiting inside the command";
}

TEST_F(Da2, usb_set_up_comes_back_under_another_identity_and_goes_on) {
  Model model = model_named("tiny-6580");
  model.agent.high_speed = false;
  reach(std::move(model));
  EXPECT_EQ(say({0x72}), to_bytes({0x5a, 0x00}));
  const unsigned before = bench_->phone().generation();
  EXPECT_EQ(say({0x70, 0x01}), to_bytes({0x5a}));
  bench_->wait(milliseconds{10});
  EXPECT_EQ(bench_->phone().bus(), Bus::off);
  bench_->wait(milliseconds{300});
  EXPECT_EQ(bench_->phone().bus(), Bus::agent);
  EXPECT_EQ(bench_->phone().usb_id(), (UsbId{0x0e8d, 0x2001}));
  EXPECT_GT(bench_->phone().generation(), before);
  bench_->open();
  EXPECT_EQ(say({0x72}), to_bytes({0x5a, 0x01})) << "no new handshake";
  say({0x73, 0x01, 0x12, 0x34, 0x0e, 0x8d});
  bench_->wait(milliseconds{400});
  EXPECT_EQ(bench_->phone().usb_id(), (UsbId{0x0e8d, 0x1234}));
}

TEST_F(Da2, baud_rates) {
  reach();
  EXPECT_EQ(say({0xd2, 0x0e, 0x00}), to_bytes({0xa5}));
  expect_in_step();
  EXPECT_EQ(say({0xd2, 0x01, 0x00}), to_bytes({0x5a}));
  EXPECT_EQ(say({0xc0}), to_bytes({0xc0}));
  EXPECT_EQ(say({0x5a}), to_bytes({0x5a}));
  expect_in_step();
  say({0xd2, 0x01, 0x01});
  say({0x5a});
  Bytes ramp(256);
  for (std::size_t i = 0; i < 256; ++i) ramp[i] = static_cast<std::byte>(i);
  EXPECT_EQ(bench_->say(ramp), ramp);
  expect_in_step();
}

TEST_F(Da2, finish_takes_no_more_commands) {
  for (const unsigned mode : {0U, 1U, 2U, 3U}) {
    reach();
    EXPECT_EQ(say({0xd9}), to_bytes({0x5a}));
    EXPECT_EQ(say({0, 0, 0, mode}), to_bytes({0x5a}));
    EXPECT_TRUE(say({0x72}).empty());
    bench_->wait(std::chrono::seconds{1});
    EXPECT_EQ(bench_->phone().bus(), mode <= 1 ? Bus::off : Bus::agent) << mode;
  }
}

TEST_F(Da2, the_last_acknowledgement_of_finish_may_be_lost_with_the_port) {
  Model model = model_named("tiny-6580");
  model.agent.finish_ack = FinishAck::lost;
  reach(std::move(model));
  say({0xd9});
  EXPECT_TRUE(say({0, 0, 0, 0}).empty());
  bench_->wait(milliseconds{10});
  EXPECT_EQ(bench_->phone().bus(), Bus::off);
}

TEST_F(Da2, reset_flags) {
  const struct {
    unsigned flags;
    Duration after;
    Bus then;
  } cases[] = {{0, milliseconds{400}, Bus::preloader}, {8, milliseconds{400}, Bus::preloader},
               {4, milliseconds{400}, Bus::preloader}, {1, milliseconds{400}, Bus::off},
               {2, milliseconds{9900}, Bus::agent},    {2, milliseconds{10400}, Bus::preloader}};
  for (const auto& each : cases) {
    reach();
    EXPECT_EQ(say({0xdb, 0x00, 0x40, 0, 0, 0, each.flags}), to_bytes({0x5a}));
    bench_->wait(each.after);
    EXPECT_EQ(bench_->phone().bus(), each.then) << each.flags;
  }
}

TEST_F(Da2, a_reset_with_eight_argument_bytes_is_answered_after_the_sixth) {
  reach();
  EXPECT_EQ(say({0xdb, 0, 0, 0, 0, 0, 0, 0, 1}), to_bytes({0x5a}));
  bench_->wait(milliseconds{400});
  EXPECT_EQ(bench_->phone().bus(), Bus::preloader);
}

TEST_F(Da2, hostile_counts_on_demand) {
  PhoneOptions options = Bench::keys_held();
  ASSERT_TRUE(options.faults.add("hostile"));
  reach(model_named("tiny-6580"), std::move(options));
  EXPECT_EQ(say({0xa5}), to_bytes({0x01, 0xff, 0xff, 0xff, 0xff}));
}

}  // namespace
}  // namespace mtk::sim
