// SPDX-License-Identifier: Apache-2.0
#include "image/gpt/gpt.h"

#include "base/hash.h"
#include "image/oracle.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mtk {
namespace {

using testing::HasSubstr;

Guid guid(unsigned n) { return parse_guid(fmt::format("F57AD330-39C2-4488-9BB0-{:012X}", n)).value(); }

Gpt phone_table() {
  Gpt table{.disk = guid(1)};
  table.partitions.push_back(
      {.name = "proinfo", .offset = 0x80000, .size = 0x300000, .type = basic_data_guid(), .unique = guid(2)});
  table.partitions.push_back(
      {.name = "nvram", .offset = 0x380000, .size = 0x500000, .type = basic_data_guid(), .unique = guid(3)});
  table.partitions.push_back({.name = "userdata",
                              .offset = 0x1000000,
                              .size = 0x2000000,
                              .type = basic_data_guid(),
                              .unique = guid(4),
                              .attributes = 1ULL << 60});
  return table;
}

constexpr DiskGeometry emmc{.sector_size = 512, .disk_size = 64 << 20};
constexpr DiskGeometry ufs{.sector_size = 4096, .disk_size = 64 << 20};

/// Recomputes both checksums of a changed copy, as a hostile maker of tables would.
void sign(Bytes& bytes, std::size_t header, std::size_t entries, std::size_t table_size) {
  const auto put = [&](std::size_t at, std::uint32_t value) {
    const Bytes word = std::move(ByteWriter().le(value)).take();
    std::copy(word.begin(), word.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  };
  put(header + 88, crc32(ByteView(bytes).subspan(entries, table_size)));
  put(header + 16, 0);
  put(header + 16, crc32(ByteView(bytes).subspan(header, 92)));
}

void put_u64(Bytes& bytes, std::size_t at, std::uint64_t value) {
  const Bytes word = std::move(ByteWriter().le(value)).take();
  std::copy(word.begin(), word.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

TEST(Guid, text_has_its_first_three_groups_turned) {
  const Guid value = basic_data_guid();
  EXPECT_EQ(to_string(value), "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7");
  EXPECT_EQ(hex_compact(value.bytes), "a2a0d0ebe5b9334487c068b6b72699c7");
  for (const char* bad : {"", "EBD0A0A2B9E5443387C068B6B72699C7", "EBD0A0A2-B9E5-4433-87C0-68B6B72699CX",
                          "EBD0A0A2-B9E5-4433-87C068-B6B72699C7"}) {
    EXPECT_FALSE(parse_guid(bad)) << bad;
  }
}

TEST(Gpt, a_written_table_reads_back_on_emmc_and_ufs) {
  for (const DiskGeometry& disk : {emmc, ufs}) {
    const EncodedGpt written = encode_gpt(phone_table(), disk).value();
    EXPECT_EQ(written.tail_offset + written.tail.size(), disk.disk_size);
    const auto table = read_gpt(written.head, written.tail, disk);
    ASSERT_TRUE(table) << to_string(table.error());
    EXPECT_EQ(table->partitions, phone_table().partitions);
    EXPECT_EQ(table->disk, guid(1));
    EXPECT_EQ(table->entry_count, 128u);
    EXPECT_TRUE(table->problems.empty());
  }
}

TEST(Gpt, the_header_stands_in_the_second_sector) {
  const EncodedGpt written = encode_gpt(phone_table(), ufs).value();
  EXPECT_EQ(printable_text(ByteView(written.head).subspan(4096, 8)), "EFI PART");
  EXPECT_EQ(written.head[510], std::byte{0x55});
  EXPECT_EQ(written.head[446 + 4], std::byte{0xee});
}

TEST(Gpt, a_damaged_primary_is_read_from_the_backup_and_told) {
  EncodedGpt written = encode_gpt(phone_table(), emmc).value();
  written.head[512 + 40] ^= std::byte{1};
  const auto table = read_gpt(written.head, written.tail, emmc);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->read_from, GptCopy::backup);
  EXPECT_EQ(table->partitions, phone_table().partitions);
  ASSERT_EQ(table->problems.size(), 1u);
  EXPECT_THAT(table->problems[0], HasSubstr("primary copy is damaged: header checksum"));
}

TEST(Gpt, damaged_entries_are_as_bad_as_a_damaged_header) {
  EncodedGpt written = encode_gpt(phone_table(), emmc).value();
  written.head[1024 + 56] ^= std::byte{1};  // a letter of the first name
  EXPECT_EQ(read_gpt(written.head, written.tail, emmc).value().read_from, GptCopy::backup);
  EXPECT_EQ(read_gpt(written.head, {}, emmc).error().code, Errc::bad_image);
}

TEST(Gpt, a_damaged_or_different_backup_is_told) {
  EncodedGpt written = encode_gpt(phone_table(), emmc).value();
  Gpt other = phone_table();
  other.partitions.pop_back();
  const Bytes other_tail = encode_gpt(other, emmc).value().tail;
  EXPECT_THAT(read_gpt(written.head, other_tail, emmc).value().problems.at(0), HasSubstr("another table"));
  written.tail[0] ^= std::byte{1};
  EXPECT_THAT(read_gpt(written.head, written.tail, emmc).value().problems.at(0),
              HasSubstr("backup copy is damaged"));
}

TEST(Gpt, a_backup_before_the_last_sector_is_found) {
  const EncodedGpt written = encode_gpt(phone_table(), emmc).value();
  // The phone reports a disk one mebibyte larger than the table was made for.
  Bytes tail = written.tail;
  tail.resize(tail.size() + (1 << 20));
  const DiskGeometry larger{.sector_size = 512, .disk_size = emmc.disk_size + (1 << 20)};
  EXPECT_EQ(read_gpt_copy(tail, GptCopy::backup, larger).value().partitions, phone_table().partitions);
}

TEST(Gpt, two_damaged_copies_are_an_error_naming_both) {
  const Bytes nothing(gpt_head_size(512));
  const auto table = read_gpt(nothing, nothing, emmc);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, Errc::bad_image);
  EXPECT_THAT(table.error().what, HasSubstr("primary: no table header; backup: no table header"));
}

TEST(Gpt, hostile_counts_and_sizes_are_refused_whatever_their_checksum) {
  struct Change {
    std::size_t at;
    std::uint32_t value;
  };
  for (const Change& change : {Change{80, 0xffffffff}, Change{80, 1025}, Change{84, 0xffffffff},
                               Change{84, 64}, Change{12, 0xffffffff}, Change{12, 8}}) {
    Bytes head = encode_gpt(phone_table(), emmc).value().head;
    const Bytes word = std::move(ByteWriter().le(change.value)).take();
    std::copy(word.begin(), word.end(), head.begin() + static_cast<std::ptrdiff_t>(512 + change.at));
    sign(head, 512, 1024, 128 * 128);
    EXPECT_FALSE(read_gpt(head, {}, emmc)) << change.at;
  }
}

TEST(Gpt, a_header_that_belongs_elsewhere_is_refused) {
  Bytes head = encode_gpt(phone_table(), emmc).value().head;
  put_u64(head, 512 + 24, 2);
  sign(head, 512, 1024, 128 * 128);
  EXPECT_THAT(read_gpt(head, {}, emmc).error().what, HasSubstr("says it stands in sector 2, not 1"));
}

TEST(Gpt, entries_outside_the_disk_are_left_out_and_told) {
  Bytes head = encode_gpt(phone_table(), emmc).value().head;
  put_u64(head, 1024 + 40, ~std::uint64_t{0});  // last sector of the first entry
  sign(head, 512, 1024, 128 * 128);
  const auto table = read_gpt(head, {}, emmc);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->partitions.size(), 2u);
  EXPECT_THAT(table->problems.at(0), HasSubstr("'proinfo'"));
}

TEST(Gpt, overlapping_entries_are_told) {
  Bytes head = encode_gpt(phone_table(), emmc).value().head;
  put_u64(head, 1024 + 128 + 32, 0x80000 / 512);  // nvram starts where proinfo does
  sign(head, 512, 1024, 128 * 128);
  EXPECT_THAT(read_gpt(head, {}, emmc).value().problems.at(0), HasSubstr("overlap"));
}

TEST(Gpt, truncation_at_every_byte_is_an_error_or_the_same_table) {
  const EncodedGpt written = encode_gpt(phone_table(), emmc).value();
  for (std::size_t size = 0; size < written.head.size(); ++size) {
    const auto table = read_gpt(ByteView(written.head).first(size), {}, emmc);
    EXPECT_FALSE(table) << size;
  }
  for (std::size_t size = 1; size < written.tail.size(); size += 7) {
    const auto table = read_gpt_copy(ByteView(written.tail).last(size), GptCopy::backup, emmc);
    EXPECT_FALSE(table) << size;
  }
}

TEST(Gpt, a_table_that_cannot_be_written_is_refused) {
  const auto refused = [](auto change) {
    Gpt table = phone_table();
    change(table);
    const auto written = encode_gpt(table, emmc);
    return !written && written.error().code == Errc::out_of_range;
  };
  EXPECT_TRUE(refused([](Gpt& t) { t.partitions[0].offset += 1; }));
  EXPECT_TRUE(refused([](Gpt& t) { t.partitions[0].offset = 0; }));
  EXPECT_TRUE(refused([](Gpt& t) { t.partitions[0].size = 0; }));
  EXPECT_TRUE(refused([](Gpt& t) { t.partitions[0].size += 512; }));
  EXPECT_TRUE(refused([](Gpt& t) { t.partitions[2].size = emmc.disk_size; }));
  EXPECT_TRUE(refused([](Gpt& t) { t.partitions[0].type = {}; }));
  EXPECT_TRUE(refused([](Gpt& t) { t.partitions[0].name = std::string(37, 'a'); }));
  EXPECT_TRUE(refused([](Gpt& t) { t.entry_count = 2; }));
  EXPECT_FALSE(encode_gpt(phone_table(), {.sector_size = 512, .disk_size = 34 * 512}));
  EXPECT_FALSE(encode_gpt(phone_table(), {.sector_size = 520, .disk_size = 64 << 20}));
}

TEST(Gpt, each_copy_is_rebuilt_from_the_other_byte_for_byte) {
  for (const DiskGeometry& disk : {emmc, ufs}) {
    const EncodedGpt written = encode_gpt(phone_table(), disk).value();
    const GptPiece head = rebuild_gpt_copy(written.tail, GptCopy::backup, disk).value();
    EXPECT_EQ(head.offset, 0u);
    EXPECT_EQ(head.bytes, written.head);
    const GptPiece tail = rebuild_gpt_copy(written.head, GptCopy::primary, disk).value();
    EXPECT_EQ(tail.offset, written.tail_offset);
    EXPECT_EQ(tail.bytes, written.tail);
  }
}

TEST(Gpt, a_rebuilt_copy_keeps_the_slots) {
  // sgdisk leaves slot 1 empty; a new table would move partition 3 into slot 1.
  const auto path = oracle::folder("gpt_rebuild") / "disk.img";
  {
    File disk = File::create(path).value();
    ASSERT_TRUE(disk.resize(emmc.disk_size));
  }
  ASSERT_EQ(oracle::run("sgdisk -n 3:2048:4095 -c 3:boot " + path.string() + " > /dev/null"), 0);
  File disk = File::open_or_create(path).value();
  Bytes tail(gpt_tail_size(512));
  ASSERT_TRUE(disk.read_at(emmc.disk_size - tail.size(), tail));
  ASSERT_TRUE(disk.write_at(0, Bytes(gpt_head_size(512))));
  const GptPiece head = rebuild_gpt_copy(tail, GptCopy::backup, emmc).value();
  ASSERT_TRUE(disk.write_at(head.offset, head.bytes));
  const std::string out = (path.parent_path() / "out").string();
  ASSERT_EQ(oracle::run("sgdisk -v -i 3 " + path.string() + " > " + out), 0);
  EXPECT_EQ(oracle::run("grep -q 'No problems found' " + out), 0);
  EXPECT_EQ(oracle::run("grep -q \"Partition name: 'boot'\" " + out), 0);
}

TEST(Gpt, a_damaged_copy_rebuilds_nothing) {
  EncodedGpt written = encode_gpt(phone_table(), emmc).value();
  written.head[1024] ^= std::byte{1};
  EXPECT_EQ(rebuild_gpt_copy(written.head, GptCopy::primary, emmc).error().code, Errc::bad_image);
  Bytes tail = encode_gpt(phone_table(), emmc).value().tail;
  put_u64(tail, tail.size() - 512 + 40, 3);  // first usable sector inside the primary copy's entries
  sign(tail, tail.size() - 512, 0, 128 * 128);
  EXPECT_EQ(rebuild_gpt_copy(tail, GptCopy::backup, emmc).error().code, Errc::out_of_range);
}

TEST(Gpt, sgdisk_finds_no_fault_with_what_we_write) {
  const auto folder = oracle::folder("gpt");
  const EncodedGpt written = encode_gpt(phone_table(), emmc).value();
  const auto path = folder / "disk.img";
  File disk = File::create(path).value();
  ASSERT_TRUE(disk.resize(emmc.disk_size));
  ASSERT_TRUE(disk.write_at(0, written.head));
  ASSERT_TRUE(disk.write_at(written.tail_offset, written.tail));
  const std::string sgdisk = "sgdisk -v -p -i 2 " + path.string() + " > " + (folder / "out").string();
  ASSERT_EQ(oracle::run(sgdisk), 0);
  const std::string found = "grep -q '" + std::string("No problems found") + "' " + (folder / "out").string();
  EXPECT_EQ(oracle::run(found), 0);
  EXPECT_EQ(oracle::run("grep -q \"Partition name: 'nvram'\" " + (folder / "out").string()), 0);
  EXPECT_EQ(oracle::run("grep -q 'First sector: 7168 ' " + (folder / "out").string()), 0);
}

TEST(Gpt, a_table_written_by_sgdisk_is_read) {
  const auto folder = oracle::folder("gpt_read");
  const auto path = folder / "disk.img";
  {
    File disk = File::create(path).value();
    ASSERT_TRUE(disk.resize(emmc.disk_size));
  }
  ASSERT_EQ(oracle::run("sgdisk -n 1:2048:4095 -c 1:boot -t 1:0700 -n 2:8192:16383 -c 2:système " +
                        path.string() + " > /dev/null"),
            0);
  const File disk = File::open(path).value();
  Bytes head(gpt_head_size(512));
  Bytes tail(gpt_tail_size(512));
  ASSERT_TRUE(disk.read_at(0, head));
  ASSERT_TRUE(disk.read_at(emmc.disk_size - tail.size(), tail));
  const auto table = read_gpt(head, tail, emmc);
  ASSERT_TRUE(table) << to_string(table.error());
  ASSERT_EQ(table->partitions.size(), 2u);
  EXPECT_EQ(table->partitions[0].name, "boot");
  EXPECT_EQ(table->partitions[0].offset, 2048u * 512);
  EXPECT_EQ(table->partitions[0].size, 2048u * 512);
  EXPECT_EQ(table->partitions[0].type, basic_data_guid());
  EXPECT_EQ(table->partitions[1].name, "système");
  EXPECT_TRUE(table->problems.empty());
}

RC_GTEST_PROP(GptProperty, any_table_survives_writing_and_reading, ()) {
  const auto sector = *rc::gen::element(512U, 4096U);
  const DiskGeometry disk{.sector_size = sector, .disk_size = std::uint64_t{sector} * 100000};
  Gpt table{.disk = guid(*rc::gen::arbitrary<std::uint16_t>())};
  std::uint64_t at = 64;
  const auto count = *rc::gen::inRange<std::size_t>(0, 20);
  for (std::size_t i = 0; i < count; ++i) {
    at += *rc::gen::inRange<std::uint64_t>(0, 100);
    const auto size = *rc::gen::inRange<std::uint64_t>(1, 4000);
    table.partitions.push_back(
        {.name = *rc::gen::element<std::string>("boot", "", "système", "b\xf0\x9f\x93\xb1", "_b-2"),
         .offset = at * sector,
         .size = size * sector,
         .type = basic_data_guid(),
         .unique = guid(*rc::gen::arbitrary<std::uint16_t>()),
         .attributes = *rc::gen::arbitrary<std::uint64_t>()});
    at += size;
  }
  const auto written = encode_gpt(table, disk);
  RC_ASSERT(written.has_value());
  const auto primary = read_gpt_copy(written->head, GptCopy::primary, disk);
  const auto backup = read_gpt_copy(written->tail, GptCopy::backup, disk);
  RC_ASSERT(primary.has_value() && backup.has_value());
  RC_ASSERT(primary->partitions == table.partitions);
  RC_ASSERT(backup->partitions == table.partitions);
}

}  // namespace
}  // namespace mtk
