// SPDX-License-Identifier: Apache-2.0
// READ_DATA, WRITE_DATA and FORMAT of the XFlash agent, with the oddities of the genuine one.
#include "sim/xflash_bench.h"

namespace mtk::sim {
namespace {

using Packets = XflashBench::Packets;

class XflashData : public testing::Test {
 protected:
  void reach(std::uint32_t checksum_level = 1, Model model = model_named("tiny-xflash"),
             PhoneOptions options = {}) {
    bench_ = std::make_unique<XflashBench>(std::move(model), std::move(options));
    bench_->reach_da2(checksum_level);
  }
  XflashBench& bench() { return *bench_; }
  Bytes stored(std::uint64_t offset, std::size_t size, std::uint8_t part = part_user) {
    return *bench().phone().card().read(part, offset, size);
  }
  Packets format(RangeParameter range) {
    Packets answer = bench().tell({word(0x010003), range.bytes()});
    if (answer.back() == "64000000") {
      const Packets rest = bench().tell(0);
      answer.insert(answer.end(), rest.begin(), rest.end());
    }
    return answer;
  }

 private:
  std::unique_ptr<XflashBench> bench_;
};

constexpr std::uint64_t place = 0x90000;

TEST_F(XflashData, a_status_stands_before_every_packet_of_a_read) {
  Model model = model_named("tiny-xflash");
  model.xflash.read_packet_linux = 0x300;
  reach(1, model);
  EXPECT_EQ(bench().read({.offset = 0x1fc, .length = 0x304}),
            (Packets{"00000000", "00000000", "00000000", hex_compact(stored(0x1fc, 0x300))}));
  EXPECT_EQ(bench().tell(0), (Packets{"00000000", hex_compact(stored(0x4fc, 4))}));
  EXPECT_EQ(bench().tell(0), Packets{"00000000"});
}

TEST_F(XflashData, reading_nothing_is_fine) {
  reach();
  EXPECT_EQ(bench().read({.length = 0}), (Packets{"00000000", "00000000", "00000000"}));
  bench().expect_in_step();
}

TEST_F(XflashData, a_read_ends_with_the_status_the_host_stops_it_with) {
  reach();
  bench().read({.length = 0x20000});
  EXPECT_EQ(bench().tell(0xc0010002), Packets{"020001c0"});
  bench().expect_in_step();
}

TEST_F(XflashData, ranges_are_judged_in_the_order_of_the_genuine_agent) {
  reach();
  const struct {
    RangeParameter range;
    std::string status;
  } cases[] = {{{.storage = 0, .length = 4}, "090004c0"},
               {{.storage = 0x20, .length = 4}, "060003c0"},
               {{.storage = 0x30, .section = 3, .length = 4}, "060003c0"},
               {{.storage = 0x77, .length = 4}, "060003c0"},
               {{.storage = 2, .length = 4}, "0b0004c0"},
               {{.storage = 0x10, .length = 4}, "0b0004c0"},
               {{.section = 3, .length = 4}, "0c0003c0"},
               {{.section = 4, .length = 4}, "0c0003c0"},
               {{.offset = 0x100001, .length = 0}, "0b0004c0"},
               {{.offset = 0xfffff, .length = 2}, "0b0004c0"},
               {{.offset = 0xfffffffffffffff0, .length = 0x20}, "0b0004c0"}};
  for (const auto& one : cases) {
    EXPECT_EQ(bench().read(one.range), (Packets{"00000000", one.status})) << one.status;
    EXPECT_EQ(bench().tell({word(0x010004), one.range.bytes()}), (Packets{"00000000", one.status}));
  }
  bench().expect_in_step();
}

TEST_F(XflashData, a_range_parameter_may_be_shorter_and_not_longer) {
  reach();
  Bytes range = RangeParameter{.length = 4}.bytes();
  range.resize(32);
  EXPECT_EQ(bench().tell({word(0x010005), range}).size(), 4u);
  bench().tell(0);
  range.resize(64);
  EXPECT_EQ(bench().tell({word(0x010005), range}), (Packets{"00000000", "0c0003c0"}));
  bench().expect_dead();
}

TEST_F(XflashData, only_the_low_byte_of_the_storage_counts) {
  reach();
  EXPECT_EQ(bench().read({.storage = 0x101, .length = 4}).size(), 4u);
}

TEST_F(XflashData, a_write_has_one_status_per_packet_and_one_at_the_end) {
  reach();
  const Bytes data = pattern(0x500);
  EXPECT_EQ(bench().write({.offset = place}, data, 0x200),
            (Packets{"00000000", "00000000", "00000000", "00000000", "00000000", "00000000"}));
  EXPECT_EQ(stored(place, 0x500), data);
  bench().expect_in_step();
}

TEST_F(XflashData, boot_areas_are_written_as_they_are) {
  reach();
  bench().write({.section = 2, .offset = 0x200}, pattern(0x200), 0x200);
  EXPECT_EQ(stored(0x200, 0x200, part_boot2), pattern(0x200));
}

TEST_F(XflashData, an_odd_packet_needs_its_odd_sum) {
  reach();
  const Bytes data = pattern(0x123);
  ByteWriter plain;
  plain.le<std::uint32_t>(byte_sum(data));
  bench().tell({word(0x010004), RangeParameter{.offset = place, .length = 0x123}.bytes()});
  EXPECT_EQ(bench().tell({word(0), std::move(plain).take(), data}), (Packets{"030004c0", "030004c0"}));
  EXPECT_EQ(bench().write({.offset = place}, data, 0x123),
            (Packets{"00000000", "00000000", "00000000", "00000000"}));
}

TEST_F(XflashData, a_sum_of_more_than_16_bits_is_refused) {
  reach();
  const Bytes data(0x200, std::byte{0xff});
  bench().tell({word(0x010004), RangeParameter{.offset = place, .length = 0x200}.bytes()});
  EXPECT_EQ(bench().tell({word(0), word(0x1fe00), data}), (Packets{"030004c0", "030004c0"}));
  EXPECT_EQ(stored(place, 4), Bytes(4));
  bench().expect_in_step();
}

TEST_F(XflashData, what_came_before_a_wrong_sum_is_stored) {
  reach();
  bench().tell({word(0x010004), RangeParameter{.offset = place, .length = 0x400}.bytes()});
  const Bytes data = pattern(0x200);
  EXPECT_EQ(bench().tell({word(0), word(agent_sum(data)), data}), Packets{"00000000"});
  EXPECT_EQ(bench().tell({word(0), word(0), data}), (Packets{"030004c0", "030004c0"}));
  EXPECT_EQ(stored(place, 0x200), data);
  EXPECT_EQ(stored(place + 0x200, 0x200), Bytes(0x200));
}

TEST_F(XflashData, sums_are_not_looked_at_unless_the_first_stage_was_told_to) {
  reach(2);
  bench().tell({word(0x010004), RangeParameter{.offset = place, .length = 4}.bytes()});
  EXPECT_EQ(bench().tell({word(0), word(0xdeadbeef), Bytes(4)}), (Packets{"00000000", "00000000"}));
}

TEST_F(XflashData, a_write_ends_with_the_status_the_host_stops_it_with) {
  reach();
  bench().tell({word(0x010004), RangeParameter{.offset = place, .length = 0x400}.bytes()});
  EXPECT_EQ(bench().tell(0xc0010002), Packets{"020001c0"});
  bench().expect_in_step();
}

TEST_F(XflashData, a_data_packet_longer_than_what_is_left_ends_the_session) {
  reach();
  bench().tell({word(0x010004), RangeParameter{.offset = place, .length = 0x10}.bytes()});
  EXPECT_EQ(bench().tell({word(0), word(0), Bytes(0x20)}), Packets{"060001c0"});
  bench().expect_dead();
}

TEST_F(XflashData, writing_nothing_is_fine) {
  reach();
  EXPECT_EQ(bench().tell({word(0x010004), RangeParameter{}.bytes()}),
            (Packets{"00000000", "00000000", "00000000"}));
}

TEST_F(XflashData, an_error_of_the_storage_comes_one_packet_late) {
  PhoneOptions options;
  options.faults.stage.nack_status = 0xc0040030;
  options.faults.stage.nack_packet = 2;
  reach(1, model_named("tiny-xflash"), std::move(options));
  EXPECT_EQ(bench().write({.offset = place}, pattern(0x600), 0x200),
            (Packets{"00000000", "00000000", "00000000", "00000000", "300004c0", "300004c0"}));
  EXPECT_EQ(stored(place, 0x200), pattern(0x200));
  EXPECT_EQ(stored(place + 0x200, 0x200), Bytes(0x200));
}

TEST_F(XflashData, an_error_of_the_last_packet_comes_with_the_final_status) {
  PhoneOptions options;
  options.faults.stage.nack_status = 0xc0040030;
  reach(1, model_named("tiny-xflash"), std::move(options));
  EXPECT_EQ(bench().write({.offset = place}, pattern(0x200), 0x200),
            (Packets{"00000000", "00000000", "00000000", "300004c0"}));
}

TEST_F(XflashData, a_rotten_cell_is_found_only_by_an_agent_that_reads_back) {
  for (const auto& [level, result] : {std::pair{1U, "00000000"}, {3U, "030004c0"}}) {
    PhoneOptions options;
    options.faults.stage.rotten_byte = place + 0x10;
    reach(level, model_named("tiny-xflash"), std::move(options));
    EXPECT_EQ(bench().write({.offset = place}, pattern(0x200), 0x200).back(), result);
  }
}

TEST_F(XflashData, a_format_reports_once_and_ends_complete) {
  reach();
  bench().write({.offset = place}, pattern(0x400), 0x400);
  EXPECT_EQ(format({.offset = place, .length = 0x200}),
            (Packets{"00000000", "00000000", "04000440", "64000000", "05000440"}));
  EXPECT_EQ(stored(place, 0x200), Bytes(0x200));
  EXPECT_EQ(stored(place + 0x200, 4), (Bytes{pattern(4, 0x200)}));
}

TEST_F(XflashData, a_format_beyond_the_card_is_complained_about_and_done) {
  reach();
  EXPECT_EQ(format({.offset = 0xff000, .length = 0x10000}),
            (Packets{"00000000", "0b0004c0", "04000440", "64000000", "05000440"}));
  EXPECT_EQ(stored(0xffe00, 0x200), Bytes(0x200)) << "the backup table is erased";
}

TEST_F(XflashData, other_failed_formats_end_as_the_genuine_agent_ends_them) {
  reach();
  const Bytes before = stored(0, 0x1000);
  EXPECT_EQ(format({.storage = 0x10, .length = 0x1000}), (Packets{"00000000", "0b0004c0", "05000440"}));
  EXPECT_EQ(format({.storage = 0x30, .length = 0x1000}), (Packets{"00000000", "060003c0", "600004c0"}));
  EXPECT_EQ(format({.storage = 0x20, .length = 0x1000}), (Packets{"00000000", "060003c0", "090004c0"}));
  EXPECT_EQ(format({.storage = 0, .length = 0x1000}), (Packets{"00000000", "090004c0", "090004c0"}));
  EXPECT_EQ(format({.section = 3, .length = 0x1000}), (Packets{"00000000", "0c0003c0", "070003c0"}));
  EXPECT_EQ(stored(0, 0x1000), before);
  bench().expect_in_step();
}

TEST_F(XflashData, a_format_cannot_be_stopped_any_more) {
  reach();
  bench().write({.offset = place}, pattern(0x200), 0x200);
  bench().tell({word(0x010003), RangeParameter{.offset = place, .length = 0x200}.bytes()});
  EXPECT_EQ(bench().tell(1), Packets{"05000440"});
  EXPECT_EQ(stored(place, 0x200), Bytes(0x200));
}

TEST_F(XflashData, sections_of_a_ufs_phone) {
  Model model = model_named("tiny-xflash");
  model.storage.kind = StorageKind::ufs;
  reach(1, model);
  EXPECT_EQ(bench().read({.storage = 0x30, .section = 3, .length = 4}).size(), 4u);
  bench().tell(0);
  EXPECT_EQ(bench().read({.storage = 0x30, .section = 1, .length = 4}).size(), 4u);
  bench().tell(0);
  EXPECT_EQ(bench().read({.storage = 0x30, .section = 8, .length = 4}), (Packets{"00000000", "0c0003c0"}));
  EXPECT_EQ(bench().read({.storage = 1, .section = 8, .length = 4}), (Packets{"00000000", "060003c0"}));
}

Model with_general_purpose_areas() {
  Model model = model_named("tiny-xflash");
  model.storage.gp = {0x8000, 0x4000, 0, 0x1000};
  return model;
}

TEST_F(XflashData, general_purpose_areas_are_told_and_closed_to_raw_access) {
  reach(1, with_general_purpose_areas());
  const Bytes info = *parse_hex(bench().control(0x040001)[0]);
  ByteReader in{info};
  in.seek(32);
  for (const std::uint64_t size : {0x8000U, 0x4000U, 0U, 0x1000U, 0x100000U})
    EXPECT_EQ(in.le<std::uint64_t>(), size);
  for (std::uint32_t section = 3; section <= 7; ++section) {
    const RangeParameter range{.section = section, .length = 4};
    EXPECT_EQ(bench().read(range), (Packets{"00000000", "0c0003c0"})) << section;
    EXPECT_EQ(bench().tell({word(0x010004), range.bytes()}), (Packets{"00000000", "0c0003c0"})) << section;
    EXPECT_EQ(format(range), (Packets{"00000000", "0c0003c0", "070003c0"})) << section;
  }
  bench().expect_in_step();
}

TEST_F(XflashData, builds_that_take_their_sections_reach_general_purpose_areas) {
  Model model = with_general_purpose_areas();
  model.xflash.gp_sections = true;
  reach(1, model);
  EXPECT_EQ(bench().write({.section = 5, .offset = 0x3e00}, pattern(0x200), 0x200).back(), "00000000");
  EXPECT_EQ(stored(0x3e00, 0x200, part_gp1 + 1), pattern(0x200));
  EXPECT_EQ(bench().read({.section = 5, .offset = 0x3e00, .length = 4}).back(), hex_compact(pattern(4)));
  bench().tell(0);
  EXPECT_EQ(format({.section = 5, .offset = 0x3e00, .length = 0x200}).back(), "05000440");
  EXPECT_EQ(stored(0x3e00, 0x200, part_gp1 + 1), Bytes(0x200));
  EXPECT_EQ(bench().read({.section = 4, .offset = 0x8000, .length = 1}), (Packets{"00000000", "0b0004c0"}));
  EXPECT_EQ(bench().read({.section = 6, .length = 1}), (Packets{"00000000", "0b0004c0"})) << "of no size";
  EXPECT_EQ(bench().read({.section = 3, .length = 1}), (Packets{"00000000", "0c0003c0"})) << "RPMB";
  bench().expect_in_step();
}

Model on_nand() {
  Model model = model_named("tiny-xflash");
  model.xflash.nand = {.type = 0x11,
                       .page = 2048,
                       .block = 0x20000,
                       .spare = 64,
                       .bmt = true,
                       .id = Bytes(12, std::byte{0xc8})};
  return model;
}

TEST_F(XflashData, a_nand_is_told_and_read_as_one) {
  reach(1, on_nand());
  EXPECT_EQ(bench().control(0x040001)[0], std::string(208, '0'));
  EXPECT_EQ(bench().control(0x040002)[0].substr(0, 48),
            "11000000"
            "00080000"
            "00000200"
            "40000000"
            "0000100000000000");
  EXPECT_EQ(bench().control(0x040002)[0].substr(64), "01c8c8c8c8c8c8c8c8c8c8c8c8000000");
  for (const std::uint32_t storage : {0x10U, 0x11U}) {
    EXPECT_EQ(bench().read({.storage = storage, .section = 8, .length = 4}).size(), 4u);
    bench().tell(0);
  }
  EXPECT_EQ(bench().read({.storage = 0x11, .section = 3, .length = 4}), (Packets{"00000000", "0c0003c0"}));
  EXPECT_EQ(bench().read({.storage = 1, .section = 8, .length = 4}), (Packets{"00000000", "060003c0"}));
  EXPECT_EQ(bench().download("para", pattern(0x300), 0x200).back(), "00000000");
  EXPECT_EQ(stored(0x20000, 0x300), pattern(0x300));
}

TEST_F(XflashData, a_nand_reports_its_erase_in_steps_and_can_be_stopped) {
  reach(1, on_nand());
  bench().write({.storage = 0x11, .section = 0, .offset = place}, pattern(0x400), 0x400);
  const RangeParameter range{.storage = 0x11, .section = 0, .offset = place, .length = 0x400};
  EXPECT_EQ(bench().tell({word(0x010003), range.bytes()}),
            (Packets{"00000000", "00000000", "04000440", "19000000"}));
  EXPECT_EQ(bench().tell(0), (Packets{"04000440", "32000000"}));
  EXPECT_EQ(bench().tell(1), Packets{"020001c0"});
  EXPECT_EQ(stored(place, 0x200), Bytes(0x200));
  EXPECT_EQ(stored(place + 0x200, 0x200), pattern(0x200, 0x200));
  bench().tell({word(0x010003), range.bytes(), word(0), word(0), word(0)});
  EXPECT_EQ(bench().tell(0), Packets{"05000440"});
  EXPECT_EQ(stored(place, 0x400), Bytes(0x400));
}

TEST_F(XflashData, an_agent_of_that_kind_wants_the_acknowledgement_in_one_transfer) {
  Model model = model_named("tiny-xflash");
  model.xflash.joined_ack = true;
  reach(1, model);
  bench().read({.length = 4});
  EXPECT_EQ(bench().tell(0), Packets{"00000000"});
  bench().read({.length = 4});
  const Bytes ack = framed(word(0));
  bench().say(ByteView{ack}.first(12));
  EXPECT_TRUE(bench().say(ByteView{ack}.subspan(12)).empty());
  bench().expect_dead();
}

TEST_F(XflashData, a_weak_battery_gives_out_while_the_card_works) {
  Model model = model_named("tiny-xflash");
  model.power.battery = Battery::low;
  reach(1, model);
  bench().write({.offset = place}, pattern(0x1000), 0x200);
  EXPECT_EQ(bench().phone().bus(), Bus::off);
}

TEST_F(XflashData, protected_partitions_take_no_raw_write_and_no_erase) {
  Model model = model_named("tiny-xflash");
  model.security.deny = {"seccfg"};
  model.security.signed_parts = {"BOOT", "preloader"};
  reach(1, model);
  for (const RangeParameter& range :
       {RangeParameter{.offset = 0xcf00, .length = 0x200}, RangeParameter{.offset = 0x17fff, .length = 1},
        RangeParameter{.section = 1, .length = 0x200}}) {
    EXPECT_EQ(bench().tell({word(0x010004), range.bytes()}), (Packets{"00000000", "0c0002c0"}));
    EXPECT_EQ(format(range), (Packets{"00000000", "00000000", "0c0002c0"}));
  }
  EXPECT_EQ(bench().write({.offset = 0x18000}, Bytes(0x200), 0x200).back(), "00000000");
}

}  // namespace
}  // namespace mtk::sim
