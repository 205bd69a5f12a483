// SPDX-License-Identifier: Apache-2.0
#include "image/sparse/split.h"

#include "image/oracle.h"
#include "image/sparse/sparse.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mtk {
namespace {

using Kind = SparseChunk::Kind;

Bytes blocks_of(unsigned value, std::size_t count = 1) {
  return Bytes(4096 * count, static_cast<std::byte>(value));
}

TEST(SplitSparse, names_are_taken_apart) {
  struct Row {
    std::string_view name;
    std::string whole;
    std::uint32_t number;
  };
  for (const Row& row :
       {Row{"super.img_sparsechunk.3", "super.img", 3}, Row{"system.img_sparsechunk12", "system.img", 12},
        Row{"system.img_0", "system.img", 0}, Row{"super.img.1", "super.img", 1},
        Row{"super_2.img", "super.img", 2}, Row{"system.0.img", "system.img", 0}}) {
    const auto found = split_name(row.name);
    ASSERT_TRUE(found) << row.name;
    EXPECT_EQ(found->whole, row.whole);
    EXPECT_EQ(found->number, row.number);
  }
  for (const std::string_view name : {"super.img", "boot", "12", "lk2.img", "_1.img", "tee2", "a.99999", ""})
    EXPECT_FALSE(split_name(name)) << name;
}

TEST(SplitSparse, parts_in_any_order_become_one_image) {
  // The first part has the whole geometry, the second ends where its content ends.
  const Bytes one =
      build_sparse({{.kind = Kind::raw, .data = blocks_of(1)}, {.kind = Kind::dont_care, .blocks = 5}})
          .value();
  const Bytes two = build_sparse({{.kind = Kind::dont_care, .blocks = 2},
                                  {.kind = Kind::fill, .blocks = 1, .value = 0x02020202},
                                  {.kind = Kind::raw, .data = blocks_of(3, 2)}})
                        .value();
  const ImagePtr image =
      join_sparse({open_sparse(memory_image(two)).value(), open_sparse(memory_image(one)).value()}).value();
  EXPECT_EQ(image->size(), 6u * 4096);
  EXPECT_EQ(image->stored_size(), one.size() + two.size());
  ByteWriter expected;
  expected.bytes(blocks_of(1))
      .bytes(blocks_of(0))
      .bytes(blocks_of(2))
      .bytes(blocks_of(3, 2))
      .bytes(blocks_of(0));
  EXPECT_EQ(read_all(*image, 1 << 20).value(), Bytes(expected.view().begin(), expected.view().end()));
  EXPECT_EQ(ranges_to_write(*image, 0), (std::vector<ByteRange>{{0, 4096}, {2 * 4096, 3 * 4096}}));
}

TEST(SplitSparse, parts_of_different_images_are_refused) {
  const Bytes one = build_sparse({{.kind = Kind::raw, .data = blocks_of(1)}}).value();
  const auto joined =
      join_sparse({open_sparse(memory_image(one)).value(), open_sparse(memory_image(one)).value()});
  ASSERT_FALSE(joined);
  EXPECT_EQ(joined.error().code, Errc::bad_image);
  EXPECT_EQ(join_sparse({}).error().code, Errc::bad_image);
}

RC_GTEST_PROP(SplitSparseProperty, any_split_of_an_image_joins_to_the_same_content, ()) {
  const auto blocks = *rc::gen::inRange(1U, 12U);
  const auto part_count = *rc::gen::inRange(1U, 4U);
  std::vector<std::vector<SparseChunk>> parts(part_count);
  ByteWriter expected;
  for (unsigned b = 0; b < blocks; ++b) {
    const auto owner = *rc::gen::inRange(0U, part_count + 1);  // the last one: nobody
    const Bytes content(16, static_cast<std::byte>(b + 1));
    for (unsigned p = 0; p < part_count; ++p)
      parts[p].push_back(p == owner ? SparseChunk{.kind = Kind::raw, .data = content}
                                    : SparseChunk{.kind = Kind::dont_care, .blocks = 1});
    expected.bytes(owner < part_count ? content : Bytes(16));
  }
  std::vector<ImagePtr> images;
  for (const auto& part : parts)
    images.push_back(open_sparse(memory_image(build_sparse(part, 16).value())).value());
  const ImagePtr joined = join_sparse(images).value();
  RC_ASSERT(read_all(*joined, 4096).value() == Bytes(expected.view().begin(), expected.view().end()));
  const auto from = *rc::gen::inRange<std::uint64_t>(0, joined->size());
  Bytes some(static_cast<std::size_t>(*rc::gen::inRange<std::uint64_t>(0, joined->size() - from + 1)));
  RC_ASSERT(static_cast<bool>(joined->read_at(from, some)));
  RC_ASSERT(
      std::equal(some.begin(), some.end(), expected.view().begin() + static_cast<std::ptrdiff_t>(from)));
}

TEST(SplitSparse, simg2img_makes_the_same_of_the_parts) {
  const auto folder = oracle::folder("split");
  const Bytes one =
      build_sparse({{.kind = Kind::raw, .data = blocks_of(1)}, {.kind = Kind::dont_care, .blocks = 3}})
          .value();
  const Bytes two = build_sparse({{.kind = Kind::dont_care, .blocks = 2},
                                  {.kind = Kind::raw, .data = blocks_of(2)},
                                  {.kind = Kind::dont_care, .blocks = 1}})
                        .value();
  oracle::write(folder / "a.0", one);
  oracle::write(folder / "a.1", two);
  ASSERT_EQ(oracle::run("cd '" + folder.string() + "' && simg2img a.0 a.1 whole"), 0);
  const ImagePtr joined =
      join_sparse({open_image(folder / "a.0").value(), open_image(folder / "a.1").value()}).value();
  EXPECT_EQ(read_all(*joined, 1 << 20).value(), read_file(folder / "whole", 1 << 20).value());
}

}  // namespace
}  // namespace mtk
