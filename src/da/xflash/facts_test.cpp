// SPDX-License-Identifier: Apache-2.0
// What answers mean, and what the layers above make of them.
#include "da/xflash/questions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk::xflash {
namespace {

using testing::Contains;
using testing::Key;
using testing::Not;
using testing::Pair;
using Labels = std::vector<std::pair<std::string, std::string>>;

Bytes emmc_answer() {
  ByteWriter out;
  out.le(1u).le(512u);
  for (std::uint64_t i = 1; i <= 8; ++i) out.le(i << 20);
  for (unsigned i = 0; i < 16; ++i) out.u8(static_cast<std::uint8_t>(0x10 + i));
  out.fill(8, std::byte{0x07}).u8(1).u8(2).u8(3).u8(0).le(1u);
  return std::move(out).take();
}

Bytes ufs_answer() {
  ByteWriter out;
  out.le(0x30u).le(4096u);
  out.le(std::uint64_t{4} << 20).le(std::uint64_t{5} << 20).le(std::uint64_t{64} << 30);
  out.le(std::uint16_t{0x1ce}).text("KM2V8001CM-B707", 16).fill(4);
  out.text("0102", 4).fill(4).text("serial", 128).fill(4);
  out.u8(1).u8(2).u8(3).u8(0).fill(2).le(2u).fill(4);
  return std::move(out).take();
}

TEST(XflashAnswers, have_the_sizes_of_the_documented_structures) {
  EXPECT_EQ(emmc_answer().size(), 104u);
  EXPECT_EQ(ufs_answer().size(), 208u);
}

TEST(XflashAnswers, an_emmc_has_eight_areas_and_its_card_id) {
  const EmmcInfo info = read_emmc_info(emmc_answer());
  EXPECT_EQ(info.boot1, 1u << 20);
  EXPECT_EQ(info.user, 8u << 20);
  EXPECT_EQ(info.cid[0], std::byte{0x10});
  EXPECT_EQ(info.pre_eol, 1);
  EXPECT_EQ(info.life_b, 3);
  EXPECT_EQ(info.life_status, 1u);
}

TEST(XflashAnswers, what_an_older_build_leaves_out_is_zero) {
  Bytes answer = emmc_answer();
  answer.resize(96);
  const EmmcInfo info = read_emmc_info(answer);
  EXPECT_EQ(info.firmware[7], std::byte{7});
  EXPECT_EQ(info.life_status, 0u);
  EXPECT_EQ(read_emmc_info({}).type, 0u);
}

TEST(XflashAnswers, what_a_newer_build_adds_is_left_out) {
  Bytes answer = emmc_answer();
  answer.resize(200, std::byte{0xff});
  EXPECT_EQ(read_emmc_info(answer).life_status, 1u);
}

TEST(XflashAnswers, memory_comes_in_wide_and_narrow_fields) {
  ByteWriter wide;
  wide.le(2u).le(0u).le(std::uint64_t{0x200000}).le(std::uint64_t{0x80000});
  wide.le(1u).le(0u).le(std::uint64_t{0x40000000}).le(std::uint64_t{3} << 32);
  EXPECT_EQ(read_ram_info(wide.view()).dram.size, std::uint64_t{3} << 32);
  ByteWriter narrow;
  narrow.le(2u).le(0x200000u).le(0x80000u).le(1u).le(0x40000000u).le(0xc0000000u);
  const RamInfo info = read_ram_info(narrow.view());
  EXPECT_EQ(info.sram.base, 0x200000u);
  EXPECT_EQ(info.dram.size, 0xc0000000u);
}

TEST(XflashAnswers, numbers_are_as_long_as_they_are) {
  EXPECT_EQ(read_number(to_bytes({1})), 1u);
  EXPECT_EQ(read_number(to_bytes({0x64, 0, 0, 0})), 100u);
  EXPECT_EQ(read_number(Bytes(40, std::byte{1})), 0x0101010101010101u);
  EXPECT_EQ(read_number({}), 0u);
}

Answers started() {
  Answers answers;
  answers.packets = {.write = 0x200000, .read = 0x10000};
  answers.usb_speed = "high-speed";
  return answers;
}

TEST(XflashFacts, describe_an_emmc) {
  Answers answers = started();
  answers.emmc = read_emmc_info(emmc_answer());
  answers.version = "1.0";
  const AgentFacts facts = facts_of(answers);
  EXPECT_EQ(facts.family, "xflash");
  EXPECT_EQ(facts.version, "1.0");
  EXPECT_EQ(facts.storage, StorageKind::emmc);
  EXPECT_EQ(facts.sector_size, 512u);
  ASSERT_EQ(facts.areas.size(), 8u);
  EXPECT_EQ(facts.area(Area::boot2)->size, 2u << 20);
  EXPECT_EQ(facts.area(Area::rpmb)->size, 3u << 20);
  EXPECT_EQ(facts.area(Area::gp1)->size, 4u << 20);
  EXPECT_EQ(facts.area(Area::gp4)->size, 7u << 20);
  EXPECT_EQ(facts.area(Area::user)->size, 8u << 20);
  EXPECT_EQ(hex_compact(facts.storage_id), "101112131415161718191a1b1c1d1e1f");
  EXPECT_EQ(facts.packet_size, 0x200000u);
  EXPECT_TRUE(facts.preloader_by_name);
  EXPECT_TRUE(facts.usb_high_speed);
}

TEST(XflashFacts, describe_a_ufs) {
  Answers answers = started();
  answers.ufs = read_ufs_info(ufs_answer());
  const AgentFacts facts = facts_of(answers);
  EXPECT_EQ(facts.storage, StorageKind::ufs);
  EXPECT_EQ(facts.sector_size, 4096u);
  EXPECT_EQ(facts.write_unit, 4096u);
  EXPECT_EQ(facts.area(Area::lu0)->size, 4u << 20);
  EXPECT_EQ(facts.area(Area::lu1)->size, 5u << 20);
  EXPECT_EQ(facts.area(Area::lu2)->size, std::uint64_t{64} << 30);
  EXPECT_EQ(printable_text(facts.storage_id), "KM2V8001CM-B707");
  EXPECT_EQ(printable_text(ByteView{facts.storage_id}.subspan(16)), "serial");
}

TEST(XflashFacts, are_found_in_the_bytes_of_nand_and_nor) {
  ByteWriter nand;
  nand.le(0x11u).le(2048u).le(0x20000u).le(64u).le(std::uint64_t{1} << 30).le(std::uint64_t{1} << 29).u8(1);
  nand.bytes(to_bytes({0xc2, 0xdc, 0x90})).fill(9 + 3);
  const NandInfo info = read_nand_info(nand.view());
  EXPECT_EQ(info.type, 0x11u);
  EXPECT_EQ(info.page_size, 2048u);
  EXPECT_EQ(info.block_size, 0x20000u);
  EXPECT_EQ(info.spare_size, 64u);
  EXPECT_EQ(info.total, 1u << 30);
  EXPECT_EQ(info.available, 1u << 29);
  EXPECT_EQ(info.bmt_present, 1);
  EXPECT_EQ(info.id[1], std::byte{0xdc});
  ByteWriter nor;
  nor.le(0x21u).le(256u).le(std::uint64_t{1} << 24);
  EXPECT_EQ(read_nor_info(nor.view()).type, 0x21u);
  EXPECT_EQ(read_nor_info(nor.view()).page_size, 256u);
  EXPECT_EQ(read_nor_info(nor.view()).available, 1u << 24);
}

TEST(XflashFacts, describe_raw_nand_and_nor) {
  Answers nand = started();
  nand.nand = {
      .type = 0x11, .page_size = 4096, .block_size = 0x40000, .spare_size = 256, .available = 1u << 30};
  EXPECT_EQ(facts_of(nand).storage, StorageKind::nand);
  EXPECT_EQ(facts_of(nand).area(Area::nand)->size, 1u << 30);
  EXPECT_TRUE(facts_of(nand).writes_by_name);
  EXPECT_FALSE(facts_of(started()).writes_by_name);
  Answers nor = started();
  nor.nor = {.type = 0x21, .page_size = 256, .available = 1u << 24};
  EXPECT_EQ(facts_of(nor).storage, StorageKind::nor);
  EXPECT_EQ(facts_of(nor).area(Area::nor)->size, 1u << 24);
}

TEST(XflashFacts, put_every_other_answer_into_words) {
  Answers answers = started();
  answers.emmc = read_emmc_info(emmc_answer());
  answers.chip = ChipId{.hw_code = 0x766, .hw_sub_code = 0x8a00, .hw_version = 0xca00};
  answers.connection_agent = "brom";
  answers.expire_date = "2030-01-01";
  answers.random_id = Bytes(16, std::byte{0xa5});
  answers.hardware_random_id = Bytes(16, std::byte{0x5a});
  answers.partition_table_kind = 100;
  answers.dram_type = 3;
  answers.rpmb_status = 0x11;
  answers.battery_voltage = 3912;
  answers.storage_life = status::storage_worn;
  answers.ram.sram = {.type = 2, .base = 0x200000, .size = 0x80000};
  answers.ram.dram = {.type = 1, .base = 0x40000000, .size = 0xc0000000};
  const AgentFacts facts = facts_of(answers);
  EXPECT_EQ(facts.ram_size, 0xc0000000u);
  EXPECT_EQ(facts.more,
            (Labels{{"Chip id", "code 0766, sub code 8A00, hardware CA00, software 0000, evolution 0"},
                    {"Agent started by", "brom"},
                    {"Agent expires", "2030-01-01"},
                    {"Random id", "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"},
                    {"Hardware random id", "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"},
                    {"USB speed", "high-speed"},
                    {"Write packet", "2097152 bytes"},
                    {"Read packet", "65536 bytes"},
                    {"eMMC block", "512 bytes"},
                    {"eMMC firmware", "0707070707070707"},
                    {"eMMC life", "normal; pre-EOL 1, A 2, B 3"},
                    {"Storage check", "worn"},
                    {"Internal memory", "512.0 KiB at 0x200000, SRAM"},
                    {"External memory", "3.0 GiB at 0x40000000, DRAM"},
                    {"Memory kind", "LPDDR3"},
                    {"Partition table", "GPT"},
                    {"RPMB key", "not programmed"},
                    {"Battery", "3912 mV"}}));
}

TEST(XflashFacts, list_every_storage_that_the_agent_reports) {
  Answers answers = started();
  answers.ufs = read_ufs_info(ufs_answer());
  answers.emmc = read_emmc_info(emmc_answer());
  answers.emmc.type = type_sd;
  answers.nand = {.type = 0x11,
                  .page_size = 4096,
                  .block_size = 0x40000,
                  .spare_size = 256,
                  .total = 1u << 30,
                  .available = 1u << 29,
                  .bmt_present = 1,
                  .id = {std::byte{0xc2}}};
  answers.nor = {.type = 0x21, .page_size = 256, .available = 1u << 24};
  const AgentFacts facts = facts_of(answers);
  EXPECT_EQ(facts.storage, StorageKind::ufs);
  EXPECT_EQ(facts.more, (Labels{{"USB speed", "high-speed"},
                                {"Write packet", "2097152 bytes"},
                                {"Read packet", "65536 bytes"},
                                {"SD card block", "512 bytes"},
                                {"SD card firmware", "0707070707070707"},
                                {"SD card life", "normal; pre-EOL 1, A 2, B 3"},
                                {"SD card areas",
                                 "boot1 1.0 MiB, boot2 2.0 MiB, rpmb 3.0 MiB, gp1 4.0 MiB, "
                                 "gp2 5.0 MiB, gp3 6.0 MiB, gp4 7.0 MiB, user 8.0 MiB"},
                                {"SD card id", "101112131415161718191a1b1c1d1e1f"},
                                {"UFS block", "4096 bytes"},
                                {"UFS vendor", "01CE"},
                                {"UFS product", "KM2V8001CM-B707"},
                                {"UFS firmware", "0102"},
                                {"UFS life", "warning; pre-EOL 1, A 2, B 3"},
                                {"NAND type", "0x11"},
                                {"NAND page", "4096 bytes and 256 spare"},
                                {"NAND block", "262144 bytes"},
                                {"NAND size", "1.0 GiB"},
                                {"NAND bad block table", "present"},
                                {"NAND areas", "nand 512.0 MiB"},
                                {"NAND id", "c20000000000000000000000"},
                                {"NOR type", "0x21"},
                                {"NOR page", "256 bytes"},
                                {"NOR areas", "nor 16.0 MiB"}}));
}

TEST(XflashFacts, leave_to_the_storage_in_use_what_is_shown_of_it_anyway) {
  Answers answers = started();
  answers.nand = {.type = 0x11, .available = 1u << 29, .id = {std::byte{0xc2}}};
  const AgentFacts facts = facts_of(answers);
  EXPECT_EQ(hex_compact(facts.storage_id), "c20000000000000000000000");
  EXPECT_THAT(facts.more, Contains(Pair("NAND bad block table", "none")));
  EXPECT_THAT(facts.more, Not(Contains(Key("NAND id"))));
  EXPECT_THAT(facts.more, Not(Contains(Key("NAND areas"))));
}

TEST(XflashFacts, do_not_call_zeros_an_id_or_a_memory) {
  Answers answers = started();
  answers.random_id = Bytes(16);
  EXPECT_EQ(facts_of(answers).more, (Labels{{"USB speed", "high-speed"},
                                            {"Write packet", "2097152 bytes"},
                                            {"Read packet", "65536 bytes"}}));
}

TEST(XflashFacts, worn_storage_says_so_itself_or_through_the_agent) {
  Answers answers = started();
  answers.emmc = read_emmc_info(emmc_answer());
  EXPECT_FALSE(is_worn(answers));
  answers.emmc.life_status = 2;
  EXPECT_TRUE(is_worn(answers));
  answers.emmc.life_status = 1;
  answers.storage_life = status::storage_worn_out;
  EXPECT_TRUE(is_worn(answers));
}

TEST(XflashFacts, do_not_believe_a_storage_of_odd_blocks) {
  Answers answers = started();
  answers.emmc = read_emmc_info(emmc_answer());
  answers.emmc.block_size = 0;
  EXPECT_EQ(facts_of(answers).sector_size, 512u);
  answers.packets.write = 0xffffffff;
  EXPECT_EQ(facts_of(answers).packet_size, max_packet_size);
}

}  // namespace
}  // namespace mtk::xflash
