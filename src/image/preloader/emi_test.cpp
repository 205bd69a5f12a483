// SPDX-License-Identifier: Apache-2.0
#include "image/preloader/emi.h"

#include "image/preloader/emi_layout.h"
#include "image/preloader/fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Bytes block_of(unsigned version, std::uint32_t count, const Bytes& body) {
  return std::move(fixture::emi_head(version, count).bytes(body)).take();
}

TEST(Emi, name_version_and_records_are_read) {
  const EmiBlock emi = read_emi(fixture::emi_block()).value();
  EXPECT_EQ(emi.version, 21u);
  EXPECT_EQ(emi.preloader_name, "preloader_k80_bsp.bin");
  EXPECT_EQ(emi.count, 2u);
  EXPECT_EQ(emi.record_size, 188u);
  EXPECT_THAT(emi.warnings, IsEmpty());
  ASSERT_EQ(emi.records.size(), 2u);
  EXPECT_EQ(describe_memory(emi.records[0]), "LPDDR3, eMMC package");
  EXPECT_EQ(describe_id(emi.records[0]), "Q823MB (15 01 00 51 38 32 33 4D 42)");
  EXPECT_EQ(emi.records[1].id, fixture::hynix_id);
}

TEST(Emi, each_agent_family_gets_its_part) {
  const Bytes block = fixture::emi_block();
  const EmiBlock emi = read_emi(block).value();
  EXPECT_EQ(emi.xflash_payload().size(), block.size());
  EXPECT_EQ(emi.legacy_payload().size(), 2u * 188);
  EXPECT_EQ(emi.legacy_payload()[4], std::byte{0x03});  // type word of the first record
  EXPECT_EQ(emi.legacy_payload(emi_records_offset_v13_alternative).size(), 2u * 188 - 10);
  EXPECT_TRUE(emi.legacy_payload(block.size() + 1).empty());
}

TEST(Emi, every_measured_version_has_its_record_size) {
  struct Row {
    unsigned version;
    std::size_t size;
  };
  for (const Row& row :
       {Row{0, 140},  Row{0, 188},  Row{8, 136},  Row{10, 184}, Row{11, 168}, Row{12, 188}, Row{13, 188},
        Row{14, 168}, Row{15, 176}, Row{16, 188}, Row{17, 176}, Row{20, 188}, Row{21, 188}, Row{22, 176},
        Row{24, 164}, Row{25, 160}, Row{25, 144}, Row{27, 188}, Row{28, 144}, Row{30, 160}, Row{31, 160},
        Row{32, 188}, Row{35, 160}, Row{36, 160}, Row{38, 160}, Row{39, 160}, Row{40, 160}, Row{45, 160},
        Row{46, 160}, Row{47, 160}, Row{49, 84},  Row{52, 84}}) {
    const EmiBlock emi = read_emi(block_of(row.version, 3, Bytes(3 * row.size))).value();
    EXPECT_EQ(emi.record_size, row.size) << row.version;
    EXPECT_EQ(emi.records.size(), 3u) << row.version;
    EXPECT_THAT(emi.warnings, IsEmpty()) << row.version;
  }
}

TEST(Emi, version_eleven_keeps_its_id_behind_the_type) {
  ByteWriter record;
  record.le(std::uint32_t{0x0202}).bytes(fixture::samsung_id).fill(7).le(std::uint32_t{9}).fill(168 - 24);
  const EmiBlock emi = read_emi(block_of(11, 1, std::move(record).take())).value();
  EXPECT_EQ(emi.records.at(0).type, 0x0202u);
  EXPECT_EQ(emi.records.at(0).id, fixture::samsung_id);
}

TEST(Emi, version_eleven_with_a_sub_version_is_read_like_its_successors) {
  const EmiBlock emi =
      read_emi(block_of(11, 1, fixture::emi_record(168, 0x0202, fixture::samsung_id))).value();
  EXPECT_EQ(emi.records.at(0).type, 0x0202u);
  EXPECT_EQ(emi.records.at(0).id, fixture::samsung_id);
}

TEST(Emi, version_eight_has_nine_bytes_of_id_behind_the_type) {
  ByteWriter record;
  record.le(std::uint32_t{0x0202}).bytes(fixture::hynix_id).fill(136 - 13);
  EXPECT_EQ(read_emi(block_of(8, 1, std::move(record).take())).value().records.at(0).id, fixture::hynix_id);
}

TEST(Emi, the_newest_versions_name_ufs_models) {
  ByteWriter record;
  record.le(std::uint32_t{0x0306}).le(std::uint32_t{15}).text("KM2V8001CM-B707", 16).fill(84 - 24);
  const EmiBlock emi = read_emi(block_of(52, 1, std::move(record).take())).value();
  EXPECT_EQ(describe_memory(emi.records.at(0)), "LPDDR4X, UFS package");
  EXPECT_EQ(record_for(emi, to_bytes("KM2V8001CM-B707")), 0u);
  EXPECT_EQ(record_for(emi, to_bytes("KM2V8001CM-B708")), std::nullopt);
}

TEST(Emi, a_phone_id_is_matched_as_sent_and_with_words_reversed) {
  const EmiBlock emi = read_emi(fixture::emi_block()).value();
  const Bytes cid = to_bytes({0x90, 0x01, 0x4a, 0x48, 0x42, 0x47, 0x34, 0x61, 0x32, 0x05, 1, 2, 3, 4, 5, 6});
  const Bytes turned =
      to_bytes({0x48, 0x4a, 0x01, 0x90, 0x61, 0x34, 0x47, 0x42, 2, 1, 0x05, 0x32, 6, 5, 4, 3});
  EXPECT_EQ(record_for(emi, cid), 1u);
  EXPECT_EQ(record_for(emi, turned), 1u);
  EXPECT_EQ(record_for(emi, Bytes(16)), std::nullopt);
  EXPECT_EQ(record_for(emi, ByteView(cid).first(8)), std::nullopt);
  EXPECT_EQ(describes_memory(emi, cid), MemoryMatch::listed);
  EXPECT_EQ(describes_memory(emi, Bytes(16)), MemoryMatch::not_listed);
}

TEST(Emi, settings_for_discrete_memory_say_nothing_about_the_storage) {
  const EmiBlock emi = read_emi(block_of(12, 1, fixture::emi_record(188, 0x0002, {}))).value();
  EXPECT_EQ(describe_memory(emi.records.at(0)), "LPDDR2");
  EXPECT_EQ(describe_id(emi.records.at(0)), "any");
  EXPECT_EQ(describes_memory(emi, Bytes(16)), MemoryMatch::unknown);
}

TEST(Emi, a_cut_block_keeps_its_whole_records_and_says_so) {
  Bytes block = fixture::emi_block();
  block.resize(block.size() - 1);
  const EmiBlock emi = read_emi(block).value();
  EXPECT_EQ(emi.records.size(), 1u);
  EXPECT_THAT(emi.warnings, ElementsAre("cut short: 1 of 2 records are complete"));
}

TEST(Emi, a_length_word_and_signature_behind_the_records_are_cut_off) {
  Bytes block = fixture::emi_block();
  const std::size_t length = block.size();
  const Bytes word =
      std::move(ByteWriter().le(static_cast<std::uint32_t>(length)).fill(32, std::byte{7})).take();
  block.insert(block.end(), word.begin(), word.end());
  const EmiBlock emi = read_emi(block).value();
  EXPECT_EQ(emi.bytes.size(), length);
  EXPECT_THAT(emi.warnings, IsEmpty());
}

TEST(Emi, other_bytes_behind_the_records_stay_and_are_told) {
  Bytes block = fixture::emi_block();
  block.resize(block.size() + 5);
  const EmiBlock emi = read_emi(block).value();
  EXPECT_EQ(emi.bytes.size(), block.size());
  EXPECT_THAT(emi.warnings, ElementsAre("5 bytes after the last record"));
}

TEST(Emi, an_unknown_version_is_divided_by_its_count) {
  const EmiBlock emi = read_emi(block_of(77, 4, Bytes(4 * 100))).value();
  EXPECT_EQ(emi.record_size, 100u);
  EXPECT_THAT(emi.warnings, ElementsAre("version 77 is not known; 100 bytes per record fit"));
  EXPECT_EQ(read_emi(block_of(77, 3, Bytes(100))).value().records.size(), 0u);
}

TEST(Emi, a_block_mangled_by_a_text_tool_gives_no_records) {
  Bytes block = fixture::emi_block();
  for (std::byte& byte : block) {
    if (byte == std::byte{0}) byte = std::byte{' '};
  }
  const EmiBlock emi = read_emi(block).value();
  EXPECT_THAT(emi.records, IsEmpty());
  EXPECT_THAT(emi.warnings, ElementsAre(HasSubstr("MTK_BIN mark"), HasSubstr("is not believable")));
  EXPECT_EQ(emi.preloader_name, "preloader_k80_bsp.bin");
}

TEST(Emi, the_block_is_found_by_the_length_before_the_signature) {
  // A decoy text earlier in the code must not win.
  ByteWriter code;
  code.text("MTK_BLOADER_INFO_v99", 0x100).bytes(fixture::code_with(fixture::emi_block()));
  const EmiBlock emi = read_emi(fixture::gfh_image({.code = std::move(code).take()})).value();
  EXPECT_EQ(emi.version, 21u);
  EXPECT_EQ(emi.offset, 0x44u + 0x100 + 0x100);
  EXPECT_EQ(emi.bytes, fixture::emi_block());
}

TEST(Emi, padding_between_block_and_signature_is_stepped_over) {
  ByteWriter code;
  code.text("MTK_BLOADER_INFO_v99", 0x100).bytes(fixture::code_with(fixture::emi_block(), 0x800));
  const EmiBlock emi = read_emi(fixture::gfh_image({.code = std::move(code).take()})).value();
  EXPECT_EQ(emi.bytes, fixture::emi_block());
}

TEST(Emi, files_without_settings_or_with_a_cut_head_are_refused) {
  EXPECT_EQ(read_emi(Bytes(100)).error().code, Errc::bad_image);
  EXPECT_EQ(read_emi({}).error().code, Errc::bad_image);
  EXPECT_EQ(read_emi(fixture::gfh_image()).error().code, Errc::bad_image);
  const Bytes block = fixture::emi_block();
  for (std::size_t size = 0; size < emi_records_offset; ++size)
    EXPECT_FALSE(read_emi(ByteView(block).first(size)));
  Bytes no_version = block;
  no_version[0x12] = std::byte{'x'};
  EXPECT_FALSE(read_emi(no_version));
}

}  // namespace
}  // namespace mtk
