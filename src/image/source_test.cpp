// SPDX-License-Identifier: Apache-2.0
#include "image/source.h"

#include "image/oracle.h"
#include "image/sparse/sparse.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mtk {
namespace {

Bytes counting(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(i);
  return out;
}

TEST(ImageSource, a_file_is_read_by_position) {
  const auto folder = oracle::folder("source");
  oracle::write(folder / "lk.bin", counting(1000));
  const ImagePtr image = open_image(folder / "lk.bin").value();
  EXPECT_EQ(image->size(), 1000u);
  EXPECT_EQ(image->stored_size(), 1000u);
  Bytes part(3);
  ASSERT_TRUE(image->read_at(997, part));
  EXPECT_EQ(part, to_bytes({0xe5, 0xe6, 0xe7}));
  EXPECT_EQ(image->read_at(998, part).error().code, Errc::out_of_range);
  EXPECT_EQ(image->read_at(~std::uint64_t{0}, part).error().code, Errc::out_of_range);
  EXPECT_EQ(ranges_to_write(*image), (std::vector<ByteRange>{{0, 1000}}));
}

TEST(ImageSource, a_missing_file_is_an_io_error) {
  EXPECT_EQ(open_image(oracle::folder("none") / "x").error().code, Errc::not_found);
}

TEST(ImageSource, a_file_that_shrinks_while_open_is_an_io_error) {
  const auto folder = oracle::folder("shrink");
  oracle::write(folder / "a", counting(1000));
  const ImagePtr image = open_image(folder / "a").value();
  std::filesystem::resize_file(folder / "a", 10);
  Bytes part(100);
  EXPECT_EQ(image->read_at(0, part).error().code, Errc::io);
}

TEST(ImageSource, a_damaged_sparse_file_names_the_file) {
  const auto folder = oracle::folder("damaged");
  oracle::write(folder / "super.img", to_bytes({0x3a, 0xff, 0x26, 0xed, 0x01}));
  const auto image = open_image(folder / "super.img");
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, Errc::bad_image);
  EXPECT_EQ(image.error().during, std::vector<std::string>{"super.img"});
  // Taken as stored it is only bytes.
  EXPECT_EQ(open_raw_image(folder / "super.img").value()->size(), 5u);
}

TEST(ImageSource, an_empty_image_has_no_extent) {
  const ImagePtr image = memory_image({});
  EXPECT_EQ(image->extent_count(), 0u);
  EXPECT_TRUE(ranges_to_write(*image).empty());
}

TEST(ImageSource, a_slice_must_lie_inside) {
  const ImagePtr whole = memory_image(counting(100));
  EXPECT_EQ(slice_image(whole, 50, 51).error().code, Errc::out_of_range);
  EXPECT_EQ(slice_image(whole, ~std::uint64_t{0}, 1).error().code, Errc::out_of_range);
  EXPECT_EQ(slice_image(whole, 100, 0).value()->size(), 0u);
  EXPECT_EQ(read_all(*slice_image(whole, 10, 5).value(), 5).value(), to_bytes({10, 11, 12, 13, 14}));
}

TEST(ImageSource, everything_at_once_is_limited) {
  EXPECT_EQ(read_all(*memory_image(counting(100)), 99).error().code, Errc::out_of_range);
}

TEST(ImageReader, reads_forward_and_again_from_the_start) {
  ImageReader reader{memory_image(counting(100)), 10, 6};
  EXPECT_EQ(reader.size(), 6u);
  Bytes part(4);
  ASSERT_TRUE(reader.read(part));
  EXPECT_EQ(part, to_bytes({10, 11, 12, 13}));
  EXPECT_EQ(reader.read(part).error().code, Errc::out_of_range);
  ASSERT_TRUE(reader.rewind());
  ASSERT_TRUE(reader.read(part));
  EXPECT_EQ(part, to_bytes({10, 11, 12, 13}));
}

RC_GTEST_PROP(SliceProperty, a_slice_of_a_sparse_image_says_and_reads_what_the_whole_does, ()) {
  using Kind = SparseChunk::Kind;
  std::vector<SparseChunk> chunks;
  const auto count = *rc::gen::inRange(1, 8);
  for (int i = 0; i < count; ++i) {
    SparseChunk chunk{.kind = *rc::gen::element(Kind::raw, Kind::fill, Kind::dont_care)};
    chunk.blocks = *rc::gen::inRange(1U, 4U);
    chunk.value = *rc::gen::arbitrary<std::uint32_t>();
    if (chunk.kind == Kind::raw) chunk.data = counting(chunk.blocks * 16);
    chunks.push_back(std::move(chunk));
  }
  const Bytes file = build_sparse(chunks, 16).value();
  const ImagePtr whole = open_sparse(memory_image(file)).value();
  const auto offset = *rc::gen::inRange<std::uint64_t>(0, whole->size());
  const auto length = *rc::gen::inRange<std::uint64_t>(0, whole->size() - offset + 1);
  const ImagePtr slice = slice_image(whole, offset, length).value();

  const Bytes expanded = read_all(*whole, 4096).value();
  const Bytes part = read_all(*slice, 4096).value();
  RC_ASSERT(std::equal(part.begin(), part.end(), expanded.begin() + static_cast<std::ptrdiff_t>(offset)));
  // Content put together from the extents alone is the same.
  Bytes built(part.size());
  for (std::size_t i = 0; i < slice->extent_count(); ++i) {
    const Extent extent = slice->extent(i);
    RC_ASSERT(extent.length > 0);
    for (std::uint64_t at = 0; at < extent.length; ++at) {
      built.at(extent.offset + at) = extent.kind == ExtentKind::data
                                         ? file.at(extent.stored_at + at)
                                         : static_cast<std::byte>(extent.pattern >> (at % 4 * 8));
    }
  }
  RC_ASSERT(built == part);
}

}  // namespace
}  // namespace mtk
