// SPDX-License-Identifier: Apache-2.0
#include "image/table/pmt.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace mtk {
namespace {

struct Part {
  const char* name;
  std::uint64_t offset;
  std::uint64_t size;
};
const std::vector<Part> parts{
    {"PRELOADER", 0, 0x600000}, {"MBR", 0x600000, 0x80000}, {"EBR1", 0x680000, 0x80000}};

/// Each layout as its writers arrange it.
Bytes offset_size_part() {
  ByteWriter out;
  for (const Part& p : parts) out.text(p.name, 64).le(p.offset).le(p.size).le(std::uint64_t{8});
  return std::move(out).take();
}
Bytes size_offset_flags() {
  ByteWriter out;
  for (const Part& p : parts) out.text(p.name, 64).le(p.size).le(p.offset).le(std::uint64_t{0});
  return std::move(out).take();
}
Bytes size_part_offset_flags() {
  ByteWriter out;
  for (const Part& p : parts)
    out.text(p.name, 64).le(p.size).le(std::uint64_t{0xff}).le(p.offset).le(std::uint64_t{1});
  return std::move(out).take();
}
Bytes narrow() {
  ByteWriter out;
  for (const Part& p : parts) {
    out.text(p.name, 64)
        .le(static_cast<std::uint32_t>(p.size))
        .le(static_cast<std::uint32_t>(p.offset))
        .le(0u);
  }
  return std::move(out).take();
}

TEST(Pmt, a_list_is_read_in_whichever_layout_its_entries_touch) {
  for (const Bytes& list : {offset_size_part(), size_offset_flags(), size_part_offset_flags(), narrow()}) {
    const auto entries = parse_pmt_list(list);
    ASSERT_TRUE(entries);
    ASSERT_EQ(entries->size(), parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      EXPECT_EQ((*entries)[i].name, parts[i].name);
      EXPECT_EQ((*entries)[i].offset, parts[i].offset);
      EXPECT_EQ((*entries)[i].size, parts[i].size);
    }
  }
}

TEST(Pmt, reads_the_list_an_agent_makes_of_a_gpt) {
  ByteWriter list;
  list.text("boot", 64).le(std::uint64_t{0x600000}).le(std::uint64_t{0x800000}).le(std::uint64_t{8});
  list.text("", 64).le(std::uint64_t{0}).le(std::uint64_t{0x200}).le(std::uint64_t{8});
  const auto entries = parse_pmt_list(list.view());
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ(entries->front(), (PmtEntry{.name = "boot", .offset = 0x600000, .size = 0x800000, .part = 8}));
}

TEST(Pmt, one_entry_is_read_in_the_layouts_that_only_it_fits) {
  ByteWriter wide;
  wide.text("boot", 64).le(std::uint64_t{0x800000}).le(std::uint64_t{0xff}).le(std::uint64_t{0x600000});
  wide.le(std::uint64_t{1});
  EXPECT_EQ(parse_pmt_list(wide.view()).value().at(0).offset, 0x600000u);
  EXPECT_EQ(parse_pmt_list(wide.view()).value().at(0).size, 0x800000u);
  ByteWriter small;
  small.text("boot", 64).le(0x800000u).le(0x600000u).le(0u);
  EXPECT_EQ(parse_pmt_list(small.view()).value().at(0).offset, 0x600000u);
}

TEST(Pmt, refuses_what_has_no_known_layout) {
  EXPECT_EQ(parse_pmt_list(Bytes(0x59, std::byte{1})).error().code, Errc::bad_image);
  EXPECT_EQ(parse_pmt_list(Bytes(0x58, std::byte{0xff})).error().code, Errc::bad_image);
  EXPECT_TRUE(parse_pmt_list({})->empty());
}

TEST(Pmt, a_block_opens_with_its_mirrored_word) {
  const PmtBlock block{.version = PmtVersion::v3, .mirror = false, .entries = {{.name = "lk", .size = 1}}};
  EXPECT_EQ(printable_text(ByteView(encode_pmt_block(block).value()).first(4)), "3vTP");
  const PmtBlock mirror{.version = PmtVersion::v1, .mirror = true, .entries = {{.name = "lk", .size = 1}}};
  EXPECT_EQ(printable_text(ByteView(encode_pmt_block(mirror).value()).first(4)), "1TPM");
}

TEST(Pmt, a_first_version_block_may_have_its_numbers_either_way_round) {
  for (const Bytes& list : {offset_size_part(), size_offset_flags()}) {
    ByteWriter block;
    block.bytes(to_bytes("1vTP")).le(0u).bytes(list).fill(0x58);
    const auto read = parse_pmt_block(block.view());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->entries.at(1).offset, 0x600000u);
    EXPECT_EQ(read->entries.at(1).size, 0x80000u);
  }
}

TEST(Pmt, a_block_ends_with_an_empty_name_or_erased_flash) {
  ByteWriter block;
  block.bytes(to_bytes("3vTP")).le(7u).bytes(size_part_offset_flags()).fill(0x100, std::byte{0xff});
  EXPECT_EQ(parse_pmt_block(block.view()).value().entries.size(), 3u);
  // Without an end the list may have been cut.
  const Bytes whole = std::move(block).take();
  EXPECT_FALSE(parse_pmt_block(ByteView(whole).first(8 + 3 * 0x60)));
}

TEST(Pmt, a_block_that_is_none_is_refused) {
  EXPECT_EQ(parse_pmt_block({}).error().code, Errc::bad_image);
  EXPECT_EQ(parse_pmt_block(Bytes(4096, std::byte{0xff})).error().code, Errc::bad_image);
  ByteWriter block;
  block.bytes(to_bytes("3vTP")).le(0u).fill(4096, std::byte{'a'});
  EXPECT_EQ(parse_pmt_block(block.view()).error().code, Errc::bad_image);
}

TEST(Pmt, names_that_do_not_fit_are_not_written) {
  for (const std::string& name : {std::string{}, std::string(64, 'a'), std::string("a\nb")}) {
    EXPECT_EQ(encode_pmt_block({.entries = {{.name = name, .size = 1}}}).error().code, Errc::out_of_range);
  }
  EXPECT_FALSE(encode_pmt_block({.entries = std::vector<PmtEntry>(129, PmtEntry{.name = "a", .size = 1})}));
}

RC_GTEST_PROP(PmtProperty, a_written_block_reads_as_what_was_written, ()) {
  PmtBlock block{.version = *rc::gen::element(PmtVersion::v1, PmtVersion::v3),
                 .mirror = *rc::gen::arbitrary<bool>()};
  std::uint64_t at = 0;
  const auto count = *rc::gen::inRange<std::size_t>(0, 40);
  for (std::size_t i = 0; i < count; ++i) {
    PmtEntry entry{
        .name = fmt::format("part{}", i), .offset = at, .size = *rc::gen::inRange<std::uint64_t>(1, 1 << 30)};
    entry.flags = *rc::gen::inRange<std::uint32_t>(0, 4);
    if (block.version == PmtVersion::v3) entry.part = *rc::gen::inRange<std::uint64_t>(0, 10);
    at += entry.size;
    block.entries.push_back(entry);
  }
  const auto bytes = encode_pmt_block(block);
  RC_ASSERT(bytes.has_value());
  const auto back = parse_pmt_block(*bytes);
  RC_ASSERT(back.has_value());
  RC_ASSERT(back->version == block.version);
  RC_ASSERT(back->mirror == block.mirror);
  RC_ASSERT(back->entries == block.entries);
}

RC_GTEST_PROP(PmtProperty, any_bytes_are_a_list_or_an_error, (const std::vector<std::uint8_t>& values)) {
  Bytes list;
  for (const auto value : values) list.push_back(static_cast<std::byte>(value));
  const auto entries = parse_pmt_list(list);
  RC_ASSERT(entries.has_value() || entries.error().code == Errc::bad_image);
  (void)parse_pmt_block(list);
}

}  // namespace
}  // namespace mtk
