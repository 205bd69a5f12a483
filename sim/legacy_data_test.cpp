// SPDX-License-Identifier: Apache-2.0
// Reading, writing and erasing, with every refusal and every way to hang the genuine agent.
#include "sim/test_bench.h"

namespace mtk::sim {
namespace {

class Data : public testing::Test {
 protected:
  void SetUp() override { reach(); }
  void reach(Model model = model_named("tiny-6580"), PhoneOptions options = Bench::keys_held()) {
    bench_ = std::make_unique<Bench>(std::move(model), std::move(options));
    bench_->reach_agent();
  }
  void reach_with(std::string_view fault) {
    PhoneOptions options = Bench::keys_held();
    ASSERT_TRUE(options.faults.add(fault));
    reach(model_named("tiny-6580"), std::move(options));
  }
  Bytes say(std::initializer_list<unsigned> bytes) { return bench_->say(bytes); }
  Bytes say(ByteView bytes) { return bench_->say(bytes); }
  void expect_in_step() { EXPECT_EQ(say({0x72}), to_bytes({0x5a, 0x01})) << bench_->log(); }
  void expect_hung() { EXPECT_TRUE(say({0x72}).empty()) << bench_->log(); }

  Bytes read(std::uint64_t offset, std::uint64_t length, unsigned storage = 2) {
    ByteWriter out;
    out.u8(0xd6).u8(0x0c).u8(static_cast<std::uint8_t>(storage)).be(offset).be(length);
    return say(out.view());
  }
  Bytes packet_size(std::uint32_t size) {
    ByteWriter out;
    out.be(size);
    return say(out.view());
  }
  Bytes write(std::uint64_t offset, std::uint64_t length, std::uint32_t packet = 0x1000, unsigned part = 8) {
    ByteWriter out;
    out.u8(0x62).u8(1).u8(static_cast<std::uint8_t>(part)).be(offset).be(length).be(packet);
    return say(out.view());
  }
  Bytes packet(ByteView data, int wrong = 0) {
    EXPECT_TRUE(say({0x5a}).empty());
    EXPECT_TRUE(say(data).empty());
    ByteWriter sum;
    sum.be(static_cast<std::uint16_t>(byte_sum(data) + wrong));
    return say(sum.view());
  }
  Bytes format(std::uint64_t offset, std::uint64_t length, unsigned storage = 2) {
    ByteWriter out;
    out.u8(0xd4).u8(static_cast<std::uint8_t>(storage)).u8(0).u8(0).u8(0).be(offset).be(length);
    return say(out.view());
  }
  Bytes held(std::uint64_t offset, std::size_t size) {
    return *bench_->phone().card().read(part_user, offset, size);
  }

  std::unique_ptr<Bench> bench_;
};

constexpr std::uint64_t place = 0x60000;

TEST_F(Data, reads_in_packets_that_each_wait_for_their_5a) {
  ASSERT_TRUE(bench_->phone().card().write(part_user, place, pattern(0x300)));
  EXPECT_EQ(read(place, 0x300), to_bytes({0x5a}));
  const Bytes first = packet_size(0x200);
  ASSERT_EQ(first.size(), 0x202u);
  EXPECT_EQ(Bytes(first.begin(), first.begin() + 0x200), pattern(0x200));
  EXPECT_EQ(say({0xa5}), first) << "A5 means send again";
  EXPECT_EQ(say({0xa5}), first);
  for (const unsigned swallowed : {0x69U, 0x96U, 0x00U, 0x72U}) EXPECT_TRUE(say({swallowed}).empty());
  const Bytes second = say({0x5a});
  EXPECT_EQ(second.size(), 0x102u) << "the last packet is short";
  EXPECT_TRUE(say({0x5a}).empty());
  expect_in_step();
}

TEST_F(Data, an_acknowledgement_and_the_next_opcode_may_share_a_transfer) {
  read(0, 0x10);
  packet_size(0x1000);
  EXPECT_EQ(say({0x5a, 0x72}), to_bytes({0x5a, 0x01}));
}

TEST_F(Data, a_pipelined_packet_size_is_taken_when_the_read_is_accepted_and_is_noise_when_not) {
  ByteWriter good;
  good.u8(0xd6).u8(0x0c).u8(2).be<std::uint64_t>(0).be<std::uint64_t>(2).be<std::uint32_t>(0x1000);
  EXPECT_EQ(say(good.view()).size(), 1u + 2 + 2);
  say({0x5a});
  ByteWriter bad;
  bad.u8(0xd6).u8(0x0c).u8(2).be<std::uint64_t>(0).be<std::uint64_t>(0).be<std::uint32_t>(0x1000);
  EXPECT_EQ(say(bad.view()), to_bytes({0xa5, 0, 0, 0x0b, 0xdc}));
  expect_in_step();
}

TEST_F(Data, refusals_of_reads_are_complete) {
  EXPECT_EQ(read(0, 0), to_bytes({0xa5, 0, 0, 0x0b, 0xdc}));
  EXPECT_EQ(read(0x100000, 1), to_bytes({0xa5, 0, 0, 0x0b, 0xdc}));
  EXPECT_EQ(read(0xffffffffffffffff, 2), to_bytes({0xa5, 0, 0, 0x0b, 0xdc}));
  EXPECT_EQ(read(0, 1, 1), to_bytes({0xa5, 0, 0, 0x03, 0xeb}));
  EXPECT_EQ(read(0, 1, 3), to_bytes({0x5a})) << "storage 3 is taken like 2";
  packet_size(1);
  say({0x5a});
  expect_in_step();
}

TEST_F(Data, error_words_follow_the_numbering) {
  Model model = model_named("tiny-6580");
  model.agent.numbering = 5;
  reach(std::move(model));
  EXPECT_EQ(read(0, 0), to_bytes({0xa5, 0, 0, 0x0b, 0xe0}));
  EXPECT_EQ(write(1, 1), to_bytes({0xa5, 0, 0, 0x0b, 0xdc}));
  write(place, 4);
  EXPECT_EQ(packet(Bytes(4), 1), to_bytes({0xa5, 0, 0, 0x0b, 0xf9}));
}

TEST_F(Data, reads_follow_the_selected_part) {
  say({0x60, 0x01});
  EXPECT_EQ(read(0, 9), to_bytes({0x5a}));
  const Bytes head = packet_size(0x1000);
  EXPECT_EQ(printable_text(ByteView{head}.first(9)), "EMMC_BOOT");
  say({0x5a});
  say({0x60, 0x05});
  EXPECT_EQ(read(0, 1), to_bytes({0xa5, 0, 0, 0x0b, 0xdc})) << "GP2 does not exist";
}

TEST_F(Data, impossible_packet_sizes_hang_a_read) {
  for (const std::uint32_t size : {0U, 0x100001U, 0xffffffffU}) {
    reach();
    read(0, 0x200);
    EXPECT_TRUE(packet_size(size).empty());
    expect_hung();
  }
}

TEST_F(Data, writes_packets_and_keeps_them_over_the_next_life) {
  const Bytes data = pattern(0x1800);
  EXPECT_EQ(write(place, data.size()), to_bytes({0x5a}));
  EXPECT_EQ(packet(ByteView{data}.first(0x1000)), to_bytes({0x69}));
  EXPECT_EQ(packet(ByteView{data}.subspan(0x1000)), to_bytes({0x69}));
  expect_in_step();
  bench_->unplug();
  EXPECT_EQ(held(place, data.size()), data);
}

TEST_F(Data, an_odd_length_leaves_the_rest_of_its_block) {
  const Bytes before = pattern(0x200, 99);
  ASSERT_TRUE(bench_->phone().card().write(part_user, place, before));
  write(place, 3);
  EXPECT_EQ(packet(to_bytes({1, 2, 3})), to_bytes({0x69}));
  EXPECT_EQ(held(place, 3), to_bytes({1, 2, 3}));
  EXPECT_EQ(held(place + 3, 0x1fd), Bytes(before.begin() + 3, before.end()));
}

TEST_F(Data, agents_that_refuse_odd_lengths_are_possible) {
  Model model = model_named("tiny-6580");
  model.agent.odd_writes = false;
  reach(std::move(model));
  EXPECT_EQ(write(place, 3), to_bytes({0xa5, 0, 0, 0x0b, 0xdc}));
  EXPECT_EQ(write(place, 0x200), to_bytes({0x5a}));
}

TEST_F(Data, refusals_of_writes_are_complete) {
  EXPECT_EQ(write(1, 0x200), to_bytes({0xa5, 0, 0, 0x0b, 0xd8}));
  EXPECT_EQ(write(place, 0x200, 0x1000, 0), to_bytes({0xa5, 0, 0, 0x0b, 0xd8}));
  EXPECT_EQ(write(place, 0), to_bytes({0xa5, 0, 0, 0x0b, 0xdc}));
  EXPECT_EQ(write(0x100000, 0x200), to_bytes({0xa5, 0, 0, 0x0b, 0xdc}));
  EXPECT_EQ(write(0xfffffffffffffe00, 0x400), to_bytes({0xa5, 0, 0, 0x0b, 0xdc}));
  expect_in_step();
}

TEST_F(Data, a_write_carries_its_own_part) {
  EXPECT_EQ(write(0, 4, 0x1000, 2), to_bytes({0x5a}));
  EXPECT_EQ(packet(to_bytes({9, 8, 7, 6})), to_bytes({0x69}));
  EXPECT_EQ(*bench_->phone().card().read(part_boot2, 0, 4), to_bytes({9, 8, 7, 6}));
}

TEST_F(Data, a_wrong_sum_owes_a_96_and_stores_nothing) {
  write(place, 0x200);
  EXPECT_EQ(packet(pattern(0x200), 1), to_bytes({0xa5, 0, 0, 0x0b, 0xf4}));
  EXPECT_TRUE(say({0x96}).empty());
  expect_in_step();
  EXPECT_EQ(held(place, 0x200), Bytes(0x200));
}

TEST_F(Data, anything_but_96_after_a_wrong_sum_hangs) {
  for (const unsigned byte : {0x5aU, 0x69U, 0xa5U, 0x72U}) {
    reach();
    write(place, 0x200);
    packet(pattern(0x200), 1);
    EXPECT_TRUE(say({byte}).empty());
    expect_hung();
  }
}

TEST_F(Data, a_write_can_be_stopped_before_a_packet_with_96_only) {
  write(place, 0x2000);
  packet(pattern(0x1000));
  EXPECT_TRUE(say({0x96}).empty());
  expect_in_step();
  for (const unsigned byte : {0xa5U, 0x69U, 0x00U}) {
    reach();
    write(place, 0x200);
    EXPECT_TRUE(say({byte}).empty());
    expect_hung();
  }
}

TEST_F(Data, impossible_packet_sizes_hang_a_write) {
  for (const std::uint32_t size : {0U, 0x100001U}) {
    reach();
    EXPECT_EQ(write(place, 0x200, size), to_bytes({0x5a}));
    expect_hung();
  }
}

TEST_F(Data, data_that_shares_a_transfer_with_its_5a_is_lost) {
  write(place, 4);
  EXPECT_TRUE(say({0x5a, 1, 2, 3, 4}).empty());
  EXPECT_TRUE(say({0x00, 0x0a}).empty()) << "taken as the first two bytes of the data";
  EXPECT_TRUE(say({5, 6}).empty());
  EXPECT_EQ(say({0x00, 0x15}), to_bytes({0x69}));
  EXPECT_EQ(held(place, 4), to_bytes({0x00, 0x0a, 5, 6}));
}

TEST_F(Data, a_sum_in_the_transfer_of_its_data_overruns_the_agent) {
  write(place, 4);
  say({0x5a});
  EXPECT_TRUE(say({1, 2, 3, 4, 0, 10}).empty());
  expect_hung();
  EXPECT_EQ(held(place, 4), Bytes(4));
}

TEST_F(Data, over_a_byte_stream_borders_are_not_judged) {
  PhoneOptions options = Bench::keys_held();
  options.transfer_borders = false;
  reach(model_named("tiny-6580"), std::move(options));
  write(place, 4);
  EXPECT_EQ(say({0x5a, 1, 2, 3, 4, 0, 10}), to_bytes({0x69}));
}

TEST_F(Data, a_packet_may_come_in_several_transfers) {
  write(place, 0x400);
  say({0x5a});
  const Bytes data = pattern(0x400);
  for (std::size_t at = 0; at < 0x400; at += 0x40) EXPECT_TRUE(say(ByteView{data}.subspan(at, 0x40)).empty());
  ByteWriter sum;
  sum.be(byte_sum(data));
  EXPECT_EQ(say(sum.view()), to_bytes({0x69}));
}

TEST_F(Data, image_write_names_its_own_packet_size_and_ends_in_a_sum_of_all) {
  ByteWriter head;
  head.u8(0x61).u8(0).u8(8).be(place).be<std::uint64_t>(0x2004).u8(8).u8(3);
  EXPECT_EQ(say(head.view()), to_bytes({0, 0, 0x20, 0, 0x5a}));
  const Bytes data = pattern(0x2004);
  EXPECT_EQ(packet(ByteView{data}.first(0x2000)), to_bytes({0x69}));
  EXPECT_EQ(packet(ByteView{data}.subspan(0x2000)), to_bytes({0x69}));
  ByteWriter sum;
  sum.be(byte_sum(data));
  EXPECT_EQ(say(sum.view()), to_bytes({0x5a}));
  expect_in_step();
  EXPECT_EQ(held(place, data.size()), data);

  ByteWriter bad;
  bad.u8(0x61).u8(0).u8(8).be<std::uint64_t>(0x100000).be<std::uint64_t>(1).u8(8).u8(3);
  EXPECT_EQ(say(bad.view()), to_bytes({0, 0, 0x20, 0, 0xa5, 0, 0, 0x0b, 0xdc}));
  expect_in_step();
}

TEST_F(Data, erasing_says_one_hundred_percent_and_two_closing_bytes) {
  ASSERT_TRUE(bench_->phone().card().write(part_user, place, pattern(0x1000)));
  EXPECT_EQ(format(place, 0x800), to_bytes({0x5a, 0x5a, 0, 0, 0, 0, 0x64}));
  EXPECT_EQ(say({0x5a}), to_bytes({0x5a, 0x5a}));
  expect_in_step();
  EXPECT_EQ(held(place, 0x800), Bytes(0x800));
  EXPECT_EQ(held(place + 0x800, 0x800), pattern(0x800, 0x800));
}

TEST_F(Data, every_refused_erase_still_ends_in_a_5a) {
  EXPECT_EQ(format(0x100, 0x200), to_bytes({0xa5, 0, 0, 0x0b, 0xd8, 0x5a}));
  EXPECT_EQ(format(0x100000, 0x200), to_bytes({0x5a, 0xa5, 0, 0, 0x0b, 0xdc, 0x5a}));
  EXPECT_EQ(format(place, 0), to_bytes({0x5a, 0xa5, 0, 0, 0x0b, 0xdc, 0x5a}));
  expect_in_step();
}

TEST_F(Data, erasing_as_nand_crashes_an_emmc_phone) {
  EXPECT_TRUE(format(place, 0x200, 1).empty());
  expect_hung();
}

TEST_F(Data, several_progress_messages_are_possible) {
  Model model = model_named("tiny-6580");
  model.agent.format_rounds = 3;
  reach(std::move(model));
  EXPECT_EQ(format(place, 0x200), to_bytes({0x5a, 0x5a, 0, 0, 0x0b, 0xcd, 33}));
  EXPECT_EQ(say({0x5a}), to_bytes({0, 0, 0x0b, 0xcd, 66}));
  EXPECT_EQ(say({0x5a}), to_bytes({0, 0, 0, 0, 100}));
  EXPECT_EQ(say({0x5a}), to_bytes({0x5a, 0x5a}));
}

TEST_F(Data, edges_outside_of_whole_erase_groups_stay) {
  Model model = model_named("tiny-6580");
  model.agent.erase_group = 0x1000;
  reach(std::move(model));
  ASSERT_TRUE(bench_->phone().card().write(part_user, place, pattern(0x3000)));
  format(place + 0x200, 0x2000);
  say({0x5a});
  EXPECT_EQ(held(place, 0x1000), pattern(0x1000));
  EXPECT_EQ(held(place + 0x1000, 0x1000), Bytes(0x1000));
  EXPECT_EQ(held(place + 0x2000, 0x1000), pattern(0x1000, 0x2000));
}

TEST_F(Data, a_packet_can_be_refused_on_demand) {
  reach_with("nack=3149@2");
  write(place, 0x2000);
  EXPECT_EQ(packet(pattern(0x1000)), to_bytes({0x69}));
  EXPECT_EQ(packet(pattern(0x1000)), to_bytes({0xa5, 0, 0, 0x0c, 0x4d}));
  expect_in_step();
  reach_with("nack=3060");
  write(place, 4);
  EXPECT_EQ(packet(Bytes(4)), to_bytes({0xa5, 0, 0, 0x0b, 0xf4}));
  say({0x96});
  expect_in_step();
}

TEST_F(Data, a_rotten_byte_is_stored_wrong_every_time) {
  reach_with("flip=card:0x60002");
  for (int i = 0; i < 2; ++i) {
    write(place, 4);
    EXPECT_EQ(packet(Bytes(4)), to_bytes({0x69}));
    EXPECT_EQ(held(place, 4), to_bytes({0, 0, 1, 0}));
  }
}

TEST_F(Data, a_low_battery_shows_and_gives_out) {
  reach_with("battery=low");
  EXPECT_EQ(say({0xd0}), to_bytes({0, 0, 0, 0x20}));
  write(place, 0x2000, 0x200);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(packet(Bytes(0x200)), to_bytes({0x69}));
  EXPECT_TRUE(packet(Bytes(0x200)).empty());
  EXPECT_EQ(bench_->phone().bus(), Bus::off);
}

TEST_F(Data, a_slow_card_answers_late) {
  reach_with("slow=1");
  write(place, 0x80000, 0x80000);
  EXPECT_TRUE(packet(Bytes(0x80000)).empty());
  EXPECT_TRUE(bench_->wait(milliseconds{499}).empty());
  EXPECT_EQ(bench_->wait(milliseconds{2}), to_bytes({0x69}));
}

}  // namespace
}  // namespace mtk::sim
