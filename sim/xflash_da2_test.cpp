// SPDX-License-Identifier: Apache-2.0
// Second stage of the XFlash agent: settings, facts, login, registers and the ways to end.
#include "sim/xflash_bench.h"

namespace mtk::sim {
namespace {

using Packets = XflashBench::Packets;

class XflashDa2Test : public testing::Test {
 protected:
  void reach(Model model = model_named("tiny-xflash"), std::uint32_t log_channel = 1,
             std::uint32_t host_os = 1) {
    bench_ = std::make_unique<XflashBench>(std::move(model));
    bench_->reach_da2(1, log_channel, host_os);
  }
  XflashBench& bench() { return *bench_; }

 private:
  std::unique_ptr<XflashBench> bench_;
};

Model newer() {
  Model model = model_named("tiny-xflash");
  model.xflash.shutdown_buffer = 32;
  model.xflash.login_codes = true;
  model.xflash.newer_controls = true;
  return model;
}

Model with_login() {
  Model model = newer();
  model.security.da_sla = true;
  model.security.key = "login key";
  return model;
}

Bytes login_answer(std::string_view key, ByteView challenge) {
  Bytes keyed = to_bytes(key);
  keyed.insert(keyed.end(), challenge.begin(), challenge.end());
  Bytes answer = sha256(keyed);
  answer.resize(0x100);
  return answer;
}

TEST_F(XflashDa2Test, codes_of_the_first_stage_are_unknown_here) {
  reach();
  for (const std::uint32_t code : {0x020003U, 0x020004U, 0x04000aU, 0x0e0002U})
    EXPECT_EQ(bench().control(code), Packets{"040001c0"}) << code;
  for (const std::uint32_t command : {0x01000aU, 0x010011U, 0x010010U, 0x010100U, 0x010000U})
    EXPECT_EQ(bench().tell(command), Packets{"030001c0"}) << command;
  bench().expect_in_step();
}

TEST_F(XflashDa2Test, codes_of_newer_builds_are_unknown_to_the_agent_of_2019) {
  reach();
  for (const std::uint32_t code :
       {0x020001U, 0x020005U, 0x020007U, 0x020008U, 0x02000fU, 0x020010U, 0x020011U, 0x040006U, 0x040011U,
        0x040015U, 0x040016U, 0x0e0001U, 0x0f0000U, 0x800005U})
    EXPECT_EQ(bench().control(code), Packets{"040001c0"}) << code;
  bench().expect_in_step();
}

TEST_F(XflashDa2Test, a_newer_agent_knows_more) {
  reach(newer());
  EXPECT_EQ(bench().control(0x040016), (Packets{"00000000", "00000000"}));
  EXPECT_EQ(bench().control(0x020005, {to_bytes("20261121")}), Packets{"00000000"});
  EXPECT_EQ(bench().control(0x020011, {Bytes(16)}), Packets{"00000000"});
  EXPECT_EQ(bench().control(0x040015)[0].size(), 256u);
  EXPECT_EQ(bench().control(0x02000b, {Bytes(256)}), Packets{"490002c0"});
}

TEST_F(XflashDa2Test, a_newer_agent_may_tell_when_it_expires) {
  Model model = newer();
  model.xflash.expire_date = "2027-01-31";
  XflashBench bench{model};
  bench.reach_da1();
  EXPECT_EQ(bench.control(0x040011), (Packets{hex_compact(to_bytes("2027-01-31")), "00000000"}));
  EXPECT_EQ(bench.boot_to(bench.agent().da2).back(), "53594e43");
  EXPECT_EQ(bench.control(0x040011), (Packets{hex_compact(to_bytes("2027-01-31")), "00000000"}));
  reach(newer());
  EXPECT_EQ(this->bench().control(0x040011), Packets{"040001c0"}) << "unless it is told to";
}

TEST_F(XflashDa2Test, actions_that_cannot_be_undone_have_three_statuses_and_no_data) {
  reach();
  EXPECT_EQ(bench().tell({word(0x010009), word(0x080003)}), (Packets{"00000000", "00000000", "000104c0"}))
      << "there is no OTP zone";
  EXPECT_EQ(bench().tell({word(0x010009), word(0x080004)}), (Packets{"00000000", "00000000", "00000000"}));
  EXPECT_NE(bench().log().find("reset pin of the eMMC is disabled"), std::string::npos) << bench().log();
  bench().expect_in_step();
}

TEST_F(XflashDa2Test, only_some_builds_take_a_reboot_mode) {
  reach();
  EXPECT_EQ(bench().tell({word(0x010009), word(0x02000e), word(1)}),
            (Packets{"00000000", "00000000", "00000000"}));
  bench().expect_in_step();
  Model model = model_named("tiny-xflash");
  model.xflash.set_reboot_mode = false;
  model.xflash.set_cert_file = true;
  reach(model);
  EXPECT_EQ(bench().control(0x02000e), Packets{"040001c0"});
  EXPECT_EQ(bench().control(0x02000f, {Bytes(0x100)}), Packets{"00000000"});
  bench().expect_in_step();
}

TEST_F(XflashDa2Test, an_agent_without_login_takes_any_answer) {
  reach();
  EXPECT_EQ(bench().control(0x040013), (Packets{"12345678", "00000000"}));
  EXPECT_EQ(bench().control(0x02000b, {Bytes(256)}), Packets{"00000000"});
}

TEST_F(XflashDa2Test, nothing_but_questions_until_somebody_has_logged_in) {
  reach(with_login());
  EXPECT_EQ(bench().control(0x040016), (Packets{"01000000", "00000000"}));
  EXPECT_EQ(bench().control(0x02000b, {Bytes(256)}), Packets{"4a0002c0"});
  for (std::uint32_t command = 0x010001; command <= 0x010006; ++command)
    EXPECT_EQ(bench().tell(command), Packets{"030001c0"});
  const Bytes info = *parse_hex(bench().control(0x040013)[0]);
  ASSERT_EQ(info.size(), 68u);
  const Bytes challenge{info.begin() + 4, info.begin() + 20};
  EXPECT_EQ(bench().control(0x02000b, {login_answer("another key", challenge)}), Packets{"4a0002c0"});
  EXPECT_EQ(bench().control(0x02000b, {login_answer("login key", challenge)}), Packets{"00000000"});
  EXPECT_EQ(bench().read({.length = 4}).size(), 4u);
}

TEST_F(XflashDa2Test, the_read_length_follows_the_host_os) {
  reach(model_named("tiny-xflash"), 1, 0);
  EXPECT_EQ(bench().control(0x040007)[0], "0000200000002000");
  reach(model_named("tiny-xflash"), 1, 1);
  EXPECT_EQ(bench().control(0x040007)[0], "0000200000000100");
}

TEST_F(XflashDa2Test, the_battery_is_told_or_missed) {
  reach();
  EXPECT_EQ(bench().control(0x04000f), (Packets{"00000000", "010004c0"}));
  Model model = model_named("tiny-xflash");
  model.xflash.battery_mv = 3800;
  reach(model);
  EXPECT_EQ(bench().control(0x04000f), (Packets{"d80e0000", "00000000"}));
}

TEST_F(XflashDa2Test, the_state_of_the_otp_zone_is_the_result_itself) {
  reach();
  EXPECT_EQ(bench().control(0x04000e), Packets{"060004c0"});
  Model model = model_named("tiny-xflash");
  model.xflash.otp = OtpZone::locked;
  reach(model);
  EXPECT_EQ(bench().control(0x04000e), Packets{"02000440"});
}

TEST_F(XflashDa2Test, otp_and_efuse_are_refused_and_leave_it_in_step) {
  reach();
  for (const std::uint32_t command : {0x01000cU, 0x01000dU})
    EXPECT_EQ(bench().tell({word(command), Bytes(8)}), (Packets{"00000000", "000104c0"}));
  for (const std::uint32_t command : {0x01000eU, 0x01000fU})
    EXPECT_EQ(bench().tell({word(command), Bytes(0x3fe0)}), (Packets{"00000000", "010004c0"}));
  bench().expect_in_step();
}

TEST_F(XflashDa2Test, a_worn_card_is_told_by_the_life_cycle_check) {
  Model model = model_named("tiny-xflash");
  model.xflash.life_status = 3;
  reach(model);
  EXPECT_EQ(bench().control(0x080007), Packets{"1d0003c0"});
}

TEST_F(XflashDa2Test, registers_are_read_by_the_white_list) {
  Model model = model_named("tiny-xflash");
  model.chip.registers = {{0x08000000, 0x0766}};
  model.xflash.readable_registers = {0x08000000};
  model.xflash.writable_registers = {0x08000000};
  reach(model);
  EXPECT_EQ(bench().control(0x0e0003, {*parse_hex("0000000811111111")}),
            (Packets{"0000000866070000", "00000000"}));
  EXPECT_EQ(bench().control(0x0e0003, {*parse_hex("0400000811111111")}),
            (Packets{"0400000811111111", "0d0004c0"}));
  EXPECT_EQ(bench().control(0x0e0003, {*parse_hex("00000008")})[0], "0000000866070000");
  EXPECT_EQ(bench().control(0x020009, {*parse_hex("0000000844332211")}), Packets{"00000000"});
  EXPECT_EQ(bench().control(0x0e0003, {*parse_hex("0000000800000000")})[0], "0000000844332211");
  EXPECT_EQ(bench().control(0x020009, {*parse_hex("0400000844332211")}), Packets{"0d0004c0"});
}

TEST_F(XflashDa2Test, the_all_in_one_signature_is_taken_once) {
  reach();
  EXPECT_EQ(bench().control(0x02000c, {Bytes(100)}), Packets{"00000000"});
  EXPECT_EQ(bench().control(0x02000c), Packets{"420002c0"});
  bench().expect_in_step();
}

TEST_F(XflashDa2Test, an_rsc_record_goes_into_its_partition) {
  reach();
  ByteWriter info;
  info.le<std::uint64_t>(0x10).text("PARA", 64).fill(256, std::byte{0x5a});
  EXPECT_EQ(bench().control(0x02000d, {Bytes{info.view().begin(), info.view().end()}}), Packets{"00000000"});
  EXPECT_EQ(*bench().phone().card().read(part_user, 0x20010, 256), Bytes(256, std::byte{0x5a}));
  ByteWriter nowhere;
  nowhere.le<std::uint64_t>(0).text("nowhere", 64).fill(256);
  EXPECT_EQ(bench().control(0x02000d, {Bytes{nowhere.view().begin(), nowhere.view().end()}}),
            Packets{"060004c0"});
}

TEST_F(XflashDa2Test, facts_of_a_ufs_phone) {
  Model model = model_named("tiny-xflash");
  model.storage.kind = StorageKind::ufs;
  model.storage.sector = 4096;
  model.storage.ufs_vendor = 0x01ce;
  reach(model);
  EXPECT_EQ(bench().control(0x040001)[0], std::string(208, '0'));
  const Bytes info = *parse_hex(bench().control(0x040004)[0]);
  ASSERT_EQ(info.size(), 208u);
  ByteReader in{info};
  EXPECT_EQ(in.le<std::uint32_t>(), 0x30u);
  EXPECT_EQ(in.le<std::uint32_t>(), 0x1000u);
  EXPECT_EQ(in.le<std::uint64_t>(), 0x10000u);
  EXPECT_EQ(in.le<std::uint64_t>(), 0x10000u);
  EXPECT_EQ(in.le<std::uint64_t>(), 0x100000u);
  EXPECT_EQ(in.le<std::uint16_t>(), 0x01ceu);
  in.skip(20 + 8);
  EXPECT_EQ(in.text(132), hex_compact(model.chip.me_id)) << "the serial number";
}

TEST_F(XflashDa2Test, an_older_build_tells_less_of_card_and_memory) {
  Model model = model_named("tiny-xflash");
  model.xflash.emmc_info_size = 96;
  model.xflash.ram_info_short = true;
  reach(model);
  EXPECT_EQ(bench().control(0x040001)[0].size(), 2u * 96);
  EXPECT_EQ(bench().control(0x04000c)[0].size(), 2u * 24);
}

TEST_F(XflashDa2Test, no_further_stage_is_started) {
  reach();
  EXPECT_EQ(bench().boot_to(Bytes(0x20), 0x4fff0000), (Packets{"00000000", "040007c0"}));
  bench().expect_in_step();
}

TEST_F(XflashDa2Test, messages_stand_between_its_packets_too) {
  reach(model_named("tiny-xflash"), 2);
  const Packets answer = bench().read({.length = 4});
  EXPECT_EQ(answer, (Packets{"00000000", "00000000", "log", "00000000", "log", "00000000"}));
  EXPECT_EQ(bench().tell(0), (Packets{"log", "00000000"}));
}

Bytes shutdown(bool reboot, std::size_t size, std::uint32_t bootup = 0, std::uint32_t dlbit = 0) {
  ByteWriter out;
  out.le<std::uint32_t>(reboot ? 1 : 0).le<std::uint32_t>(3000).le<std::uint32_t>(0).le(bootup).le(dlbit);
  Bytes bytes = std::move(out).take();
  bytes.resize(size);
  return bytes;
}

TEST_F(XflashDa2Test, a_shutdown_with_24_bytes_resets_the_phone) {
  reach();
  EXPECT_EQ(bench().tell({word(0x010007), shutdown(true, 24)}), (Packets{"00000000", "00000000"}));
  bench().wait(milliseconds{199});
  EXPECT_EQ(bench().phone().bus(), Bus::agent);
  bench().wait(milliseconds{1});
  EXPECT_EQ(bench().phone().bus(), Bus::off);
  bench().wait(milliseconds{300});
  EXPECT_EQ(bench().phone().bus(), Bus::preloader);
}

TEST_F(XflashDa2Test, a_shutdown_with_32_bytes_is_answered_and_not_obeyed_by_the_agent_of_2019) {
  reach();
  EXPECT_EQ(bench().tell({word(0x010007), shutdown(true, 32)}), (Packets{"00000000", "00000000"}));
  bench().wait(milliseconds{20000});
  EXPECT_EQ(bench().phone().bus(), Bus::agent);
  bench().expect_dead();
}

TEST_F(XflashDa2Test, a_shutdown_with_32_bytes_is_obeyed_by_a_newer_agent) {
  reach(newer());
  bench().tell({word(0x010007), shutdown(true, 32)});
  bench().wait(milliseconds{500});
  EXPECT_EQ(bench().phone().bus(), Bus::preloader);
}

TEST_F(XflashDa2Test, a_shutdown_without_reboot_leaves_the_bus_for_good) {
  reach();
  bench().tell({word(0x010007), shutdown(false, 24)});
  bench().wait(milliseconds{60000});
  EXPECT_EQ(bench().phone().bus(), Bus::off);
}

TEST_F(XflashDa2Test, the_download_bit_keeps_the_next_preloader_waiting) {
  reach();
  bench().tell({word(0x010007), shutdown(true, 24, 0, 1)});
  bench().wait(milliseconds{60000});
  EXPECT_EQ(bench().phone().bus(), Bus::preloader);
}

TEST_F(XflashDa2Test, the_boot_mode_of_a_shutdown_is_where_the_phone_goes) {
  reach();
  bench().tell({word(0x010007), shutdown(true, 24, 2)});
  bench().wait(milliseconds{10000});
  EXPECT_EQ(bench().phone().boot_mode(), "fastboot");
  reach();
  bench().control(0x020006, {to_bytes({1, 2, 1})});
  bench().tell({word(0x010007), shutdown(true, 24)});
  bench().wait(milliseconds{10000});
  EXPECT_EQ(bench().phone().boot_mode(), "meta");
}

TEST_F(XflashDa2Test, hostile_counts_are_told_on_demand) {
  PhoneOptions options;
  options.faults.stage.hostile_counts = true;
  XflashBench hostile{model_named("tiny-xflash"), std::move(options)};
  hostile.reach_da2();
  EXPECT_EQ(hostile.control(0x040007)[0], "ffffffffffffffff");
  EXPECT_EQ(hostile.tell({word(0x010002), to_bytes("para")})[2], "ffffffffffffffff");
}

}  // namespace
}  // namespace mtk::sim
