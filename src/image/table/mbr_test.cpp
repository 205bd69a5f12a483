// SPDX-License-Identifier: Apache-2.0
#include "image/table/mbr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace mtk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t disk_size = 0x40000000;

struct Row {
  unsigned type;
  std::uint32_t start;
  std::uint32_t length;
};
Bytes record(const std::vector<Row>& rows) {
  ByteWriter out;
  out.fill(446);
  for (const Row& row : rows) {
    out.fill(4).u8(static_cast<std::uint8_t>(row.type)).fill(3).le(row.start).le(row.length);
  }
  out.fill(510 - out.size()).bytes(to_bytes({0x55, 0xaa}));
  return std::move(out).take();
}

using Disk = std::map<std::uint64_t, Bytes>;
Result<Mbr> read(const Disk& disk) {
  return read_mbr(
      [&](std::uint64_t offset) -> Result<Bytes> {
        const auto found = disk.find(offset);
        return found == disk.end() ? Bytes(512) : found->second;
      },
      disk_size);
}

/// As packages of MT6589 have it: EBR1 at sector 0x400 with three file systems, EBR2 behind a link with one.
Disk phone() {
  return {{0, record({{0x05, 0x400, 0xffffffff}})},
          {0x400 * 512, record({{0x83, 0x1000, 0x2000}, {0x83, 0x3000, 0x4000}, {0x05, 0x8000, 0xffffffff}})},
          {0x8400 * 512, record({{0x83, 0x100, 0xffffffff - 0x100}})}};
}

TEST(Mbr, follows_the_chain_of_a_phone) {
  const auto mbr = read(phone());
  ASSERT_TRUE(mbr) << to_string(mbr.error());
  EXPECT_THAT(mbr->boot_records, ElementsAre(0, 0x400 * 512, 0x8400 * 512));
  EXPECT_THAT(mbr->partitions, ElementsAre(MbrPartition{5, 0x83, 0x1400 * 512, 0x2000 * 512},
                                           MbrPartition{6, 0x83, 0x3400 * 512, 0x4000 * 512},
                                           // The last one ends with the disk.
                                           MbrPartition{7, 0x83, 0x8500 * 512, disk_size - 0x8500 * 512}));
  EXPECT_TRUE(mbr->problems.empty());
}

TEST(Mbr, primary_partitions_keep_their_numbers) {
  Disk disk = phone();
  disk[0] = record({{0x05, 0x400, 0xffffffff}, {0x83, 0x10, 0x20}, {0, 0, 0}, {0x83, 0x40, 0x20}});
  const Mbr mbr = read(disk).value();
  EXPECT_EQ(mbr.partitions.at(0).number, 2u);
  EXPECT_EQ(mbr.partitions.at(1).number, 4u);
  EXPECT_EQ(mbr.partitions.at(1).offset, 0x40u * 512);
}

TEST(Mbr, a_chain_that_loops_or_leaves_the_disk_ends_there_and_is_told) {
  Disk loop = phone();
  loop[0x8400 * 512] = record({{0x83, 0x100, 0x10}, {0x05, 0, 0x10}});
  EXPECT_THAT(read(loop).value().problems.at(0), HasSubstr("leads astray at byte 0x80000"));
  Disk away = phone();
  away[0x400 * 512] = record({{0x83, 0x1000, 0x2000}, {0x05, 0xf0000000, 0x10}});
  EXPECT_THAT(read(away).value().problems.at(0), HasSubstr("leads astray"));
  Disk broken = phone();
  broken.erase(0x8400 * 512);
  const Mbr mbr = read(broken).value();
  EXPECT_EQ(mbr.partitions.size(), 2u);
  EXPECT_THAT(mbr.problems.at(0), HasSubstr("no EBR at byte 0x1080000"));
}

TEST(Mbr, partitions_outside_the_disk_are_left_out_and_overlaps_told) {
  const Mbr outside = read({{0, record({{0x83, 0x10, 0x20}, {0x83, 0xf0000000, 0x10}})}}).value();
  EXPECT_EQ(outside.partitions.size(), 1u);
  EXPECT_THAT(outside.problems.at(0), HasSubstr("partition 2"));
  const Mbr overlap = read({{0, record({{0x83, 0x10, 0x20}, {0x83, 0x20, 0x20}})}}).value();
  EXPECT_THAT(overlap.problems.at(0), HasSubstr("partitions 1 and 2 overlap"));
}

TEST(Mbr, what_is_no_mbr_is_an_error) {
  EXPECT_EQ(read({}).error().code, Errc::bad_image);
  EXPECT_THAT(read({{0, record({{0xee, 1, 0xffffffff}})}}).error().what, HasSubstr("GPT"));
  EXPECT_EQ(read({{0, record({})}}).error().code, Errc::bad_image);
  EXPECT_EQ(read({{0, Bytes(100)}}).error().code, Errc::bad_image);
}

TEST(Mbr, a_read_that_fails_is_no_missing_table) {
  const auto mbr = read_mbr(
      [&](std::uint64_t offset) -> Result<Bytes> {
        if (offset == 0) return phone().at(0);
        return fail(Errc::timeout, "silent");
      },
      disk_size);
  EXPECT_EQ(mbr.error().code, Errc::timeout);
}

}  // namespace
}  // namespace mtk
