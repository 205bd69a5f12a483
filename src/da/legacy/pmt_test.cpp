// SPDX-License-Identifier: Apache-2.0
// gtest comes before rapidcheck's glue.
#include <gtest/gtest.h>

#include "da/legacy/pmt.h"

#include <rapidcheck/gtest.h>

namespace mtk::legacy {
namespace {

TEST(Pmt, reads_offset_size_part) {
  ByteWriter list;
  list.text("boot", 64).le(std::uint64_t{0x600000}).le(std::uint64_t{0x800000}).le(std::uint64_t{8});
  list.text("", 64).le(std::uint64_t{0}).le(std::uint64_t{0x200}).le(std::uint64_t{8});
  const auto entries = parse_pmt(list.view());
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ(entries->front().name, "boot");
  EXPECT_EQ(entries->front().offset, 0x600000u);
  EXPECT_EQ(entries->front().size, 0x800000u);
  EXPECT_EQ(entries->front().part, 8u);
}

TEST(Pmt, reads_size_part_offset_flags) {
  ByteWriter list;
  list.text("boot", 64).le(std::uint64_t{0x800000}).le(std::uint64_t{0xff}).le(std::uint64_t{0x600000});
  list.le(std::uint64_t{1});
  const auto entries = parse_pmt(list.view());
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ(entries->front().offset, 0x600000u);
  EXPECT_EQ(entries->front().size, 0x800000u);
}

TEST(Pmt, reads_the_narrow_form) {
  ByteWriter list;
  list.text("boot", 64).le(0x800000u).le(0x600000u).le(0u);
  const auto entries = parse_pmt(list.view());
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ(entries->front().offset, 0x600000u);
}

TEST(Pmt, refuses_what_has_no_known_layout) {
  EXPECT_EQ(parse_pmt(Bytes(0x59, std::byte{1})).error().code, Errc::protocol);
  EXPECT_EQ(parse_pmt(Bytes(0x58, std::byte{0xff})).error().code, Errc::protocol);
  EXPECT_TRUE(parse_pmt({})->empty());
}

RC_GTEST_PROP(Pmt, any_bytes_are_a_list_or_an_error, (const std::vector<std::uint8_t>& values)) {
  Bytes list;
  for (const auto value : values) list.push_back(static_cast<std::byte>(value));
  const auto entries = parse_pmt(list);
  RC_ASSERT(entries.has_value() || entries.error().code == Errc::protocol);
}

}  // namespace
}  // namespace mtk::legacy
