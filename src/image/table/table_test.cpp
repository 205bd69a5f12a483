// SPDX-License-Identifier: Apache-2.0
#include "image/table/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace mtk {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t size = 16 << 20;

Gpt gpt() {
  Gpt table;
  table.partitions.push_back(
      {.name = "boot", .offset = 0x100000, .size = 0x200000, .type = basic_data_guid()});
  table.partitions.push_back(
      {.name = "userdata", .offset = 0x400000, .size = 0x800000, .type = basic_data_guid()});
  return table;
}

/// A storage in memory.
struct Storage {
  Bytes bytes = Bytes(size);
  Result<Bytes> list = fail(Errc::unsupported, "no list");
  bool asked_for_list = false;

  void put(std::uint64_t offset, ByteView content) {
    std::ranges::copy(content, bytes.begin() + static_cast<std::ptrdiff_t>(offset));
  }
  TableDisk disk(Area area = Area::user, std::uint32_t sector = 512) {
    return {.area = area,
            .size = size,
            .sector_size = sector,
            .block_size = 0x20000,
            .read = [this](std::uint64_t offset, std::uint64_t length) -> Result<Bytes> {
              const ByteView part =
                  ByteView(bytes).subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
              return Bytes(part.begin(), part.end());
            },
            .list =
                [this]() {
                  asked_for_list = true;
                  return list;
                }};
  }
};

std::vector<PmtEntry> old_list() {
  return {{.name = "PRELOADER", .offset = 0, .size = 0x600000},
          {.name = "MBR", .offset = 0x600000, .size = 0x80000},
          {.name = "NVRAM", .offset = 0x680000, .size = 0x500000},
          {.name = "USRDATA", .offset = 0xb80000, .size = 0}};
}
Bytes as_agent_list(const std::vector<PmtEntry>& list) {
  ByteWriter out;
  for (const PmtEntry& e : list) out.text(e.name, 64).le(e.offset).le(e.size).le(std::uint64_t{8});
  return std::move(out).take();
}

TEST(PartitionTable, a_gpt_comes_first_and_nobody_asks_for_a_list) {
  for (const std::uint32_t sector : {512U, 4096U}) {
    Storage storage;
    const EncodedGpt written = encode_gpt(gpt(), {sector, size}).value();
    storage.put(0, written.head);
    const Area area = sector == 512 ? Area::user : Area::lu2;
    const TableReading reading = read_partition_table(storage.disk(area, sector)).value();
    ASSERT_TRUE(reading.table);
    EXPECT_EQ(reading.table->form, TableForm::gpt);
    EXPECT_EQ(reading.table->find("BOOT")->region, (Region{area, 0x100000, 0x200000}));
    EXPECT_TRUE(reading.table->lists_all);
    EXPECT_FALSE(storage.asked_for_list);
  }
}

TEST(PartitionTable, a_damaged_gpt_is_read_from_its_backup) {
  Storage storage;
  const EncodedGpt written = encode_gpt(gpt(), {512, size}).value();
  storage.put(written.tail_offset, written.tail);
  const TableReading reading = read_partition_table(storage.disk()).value();
  ASSERT_TRUE(reading.table);
  EXPECT_THAT(reading.table->problems.at(0), HasSubstr("primary copy is damaged"));
}

TEST(PartitionTable, an_agents_list_that_counts_over_all_areas_is_turned_into_areas) {
  Storage storage;
  storage.list = as_agent_list(old_list());
  const TableReading reading = read_partition_table(storage.disk()).value();
  ASSERT_TRUE(reading.table) << reading.problem;
  EXPECT_EQ(reading.table->form, TableForm::pmt);
  EXPECT_EQ(reading.table->find("PRELOADER")->region, (Region{Area::boot1, 0, 0x600000}));
  EXPECT_EQ(reading.table->find("MBR")->region, (Region{Area::user, 0, 0x80000}));
  EXPECT_EQ(reading.table->find("NVRAM")->region, (Region{Area::user, 0x80000, 0x500000}));
  EXPECT_EQ(reading.table->find("USRDATA")->region, (Region{Area::user, 0x580000, size - 0x580000}));
  EXPECT_TRUE(reading.table->is_last(*reading.table->find("USRDATA")));
  EXPECT_FALSE(reading.table->is_last(*reading.table->find("NVRAM")));
  EXPECT_TRUE(reading.table->problems.empty());
}

TEST(PartitionTable, a_list_without_mbr_counts_from_the_user_area) {
  const PartitionTable table =
      table_of(std::vector<PmtEntry>{{.name = "lk", .offset = 0x100000, .size = 0x1000},
                                     {.name = "preloader", .offset = 0, .size = 0x40000, .part = 1}},
               Area::user, size);
  EXPECT_EQ(table.find("lk")->region, (Region{Area::user, 0x100000, 0x1000}));
  EXPECT_EQ(table.find("preloader")->region, (Region{Area::boot1, 0, 0x40000}));
}

TEST(PartitionTable, list_entries_outside_their_area_are_left_out_and_told) {
  const PartitionTable table =
      table_of(std::vector<PmtEntry>{{.name = "big", .offset = 0x1000, .size = size},
                                     {.name = "BMTPOOL", .offset = 0xffff00a8, .size = 1}},
               Area::user, size);
  EXPECT_TRUE(table.partitions.empty());
  EXPECT_EQ(table.problems.size(), 2u);
}

TEST(PartitionTable, the_blocks_of_a_nand_are_read_from_either_copy) {
  std::vector<PmtEntry> entries{{.name = "PRELOADER", .offset = 0, .size = 0x40000, .part = 0},
                                {.name = "ANDROID", .offset = 0x40000, .size = 0x100000, .part = 0}};
  Storage first;
  first.put(size - 2 * 0x20000, encode_pmt_block({.entries = entries}).value());
  const TableReading reading = read_partition_table(first.disk(Area::nand, 2048)).value();
  ASSERT_TRUE(reading.table) << reading.problem;
  EXPECT_EQ(reading.table->find("ANDROID")->region, (Region{Area::nand, 0x40000, 0x100000}));
  EXPECT_TRUE(reading.table->problems.empty());
  Storage second;
  second.put(size - 0x20000, encode_pmt_block({.mirror = true, .entries = entries}).value());
  EXPECT_THAT(read_partition_table(second.disk(Area::nand, 2048)).value().table->problems.at(0),
              HasSubstr("first copy"));
  Storage none;
  EXPECT_THAT(read_partition_table(none.disk(Area::nand, 2048)).value().problem,
              HasSubstr("no partition list"));
}

TEST(PartitionTable, an_mbr_is_the_last_resort_and_lists_file_systems_only) {
  Storage storage;
  ByteWriter mbr;
  mbr.fill(446).fill(4).u8(0x83).fill(3).le(0x1000u).le(0x2000u).fill(48).bytes(to_bytes({0x55, 0xaa}));
  storage.put(0, mbr.view());
  const TableReading reading = read_partition_table(storage.disk()).value();
  ASSERT_TRUE(reading.table) << reading.problem;
  EXPECT_EQ(reading.table->form, TableForm::mbr);
  EXPECT_FALSE(reading.table->lists_all);
  EXPECT_EQ(reading.table->at({Area::user, 0x1000 * 512, 0})->name, "p1");
  EXPECT_EQ(reading.table->at({Area::user, 0x1001 * 512, 0}), nullptr);
}

TEST(PartitionTable, without_any_table_the_reason_of_the_newest_kind_is_told) {
  Storage storage;
  const TableReading reading = read_partition_table(storage.disk()).value();
  EXPECT_FALSE(reading.table);
  EXPECT_THAT(reading.problem, HasSubstr("no partition table: primary: no table header"));
  TableDisk tiny = storage.disk();
  tiny.size = 512;
  EXPECT_EQ(read_partition_table(tiny).value().problem, "no user area");
}

TEST(PartitionTable, an_agent_that_leaves_is_an_error_and_a_refusal_is_not) {
  Storage storage;
  storage.list = fail(Errc::disconnected, "gone");
  EXPECT_EQ(read_partition_table(storage.disk()).error().code, Errc::disconnected);
  storage.list = fail(Errc::device_status, "no");
  EXPECT_TRUE(read_partition_table(storage.disk()));
}

}  // namespace
}  // namespace mtk
