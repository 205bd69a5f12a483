// SPDX-License-Identifier: Apache-2.0
#include "image/sparse/sparse.h"

#include "base/hash.h"
#include "image/oracle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <fstream>

namespace mtk {
namespace {

using Kind = SparseChunk::Kind;
using testing::HasSubstr;

constexpr std::uint32_t block = 4096;

Bytes bytes_of(std::size_t size, unsigned seed) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(i * 31 + seed + i / 251);
  return out;
}

Bytes sample() {
  return build_sparse({{.kind = Kind::raw, .data = bytes_of(2 * block, 1)},
                       {.kind = Kind::dont_care, .blocks = 3},
                       {.kind = Kind::fill, .blocks = 2, .value = 0x11223344},
                       {.kind = Kind::raw, .data = bytes_of(block, 7)}})
      .value();
}

/// What the sample expands to, put together by hand.
Bytes sample_expanded() {
  ByteWriter out;
  out.bytes(bytes_of(2 * block, 1)).fill(3 * block);
  for (std::size_t i = 0; i < 2 * block / 4; ++i) out.le(std::uint32_t{0x11223344});
  out.bytes(bytes_of(block, 7));
  return std::move(out).take();
}

Result<ImagePtr> open(Bytes file, SparseCrc crc = SparseCrc::ignore) {
  return open_sparse(memory_image(std::move(file)), crc);
}

/// The sample with one 32-bit field changed.
Bytes changed(std::size_t at, std::uint32_t value) {
  Bytes file = sample();
  const Bytes word = std::move(ByteWriter().le(value)).take();
  std::copy(word.begin(), word.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
  return file;
}

TEST(Sparse, expands_raw_fill_and_holes) {
  const auto image = open(sample());
  ASSERT_TRUE(image) << to_string(image.error());
  EXPECT_EQ((*image)->size(), 8u * block);
  EXPECT_EQ((*image)->stored_size(), sample().size());
  EXPECT_EQ(read_all(**image, 1 << 20).value(), sample_expanded());
}

TEST(Sparse, reads_across_every_border) {
  const ImagePtr image = open(sample()).value();
  const Bytes expected = sample_expanded();
  for (std::size_t border = block; border < expected.size(); border += block) {
    for (const std::size_t start : {border - 3, border - 1, border}) {
      Bytes part(6);
      ASSERT_TRUE(image->read_at(start, part));
      EXPECT_TRUE(std::equal(part.begin(), part.end(), expected.begin() + static_cast<std::ptrdiff_t>(start)))
          << start;
    }
  }
}

TEST(Sparse, extents_name_what_is_stored_and_leave_holes_out) {
  const ImagePtr image = open(sample()).value();
  ASSERT_EQ(image->extent_count(), 3u);
  EXPECT_EQ(image->extent(0), (Extent{0, 2 * block, ExtentKind::data, 28 + 12, 0}));
  EXPECT_EQ(image->extent(1), (Extent{5 * block, 2 * block, ExtentKind::fill, 0, 0x11223344}));
  EXPECT_EQ(image->extent(2).offset, 7u * block);
}

TEST(Sparse, holes_are_merged_up_to_the_limit) {
  const ImagePtr image = open(sample()).value();
  EXPECT_EQ(ranges_to_write(*image, 3 * block - 1),
            (std::vector<ByteRange>{{0, 2 * block}, {5 * block, 3 * block}}));
  EXPECT_EQ(ranges_to_write(*image, 3 * block), (std::vector<ByteRange>{{0, 8 * block}}));
  EXPECT_EQ(ranges_to_write(*image), (std::vector<ByteRange>{{0, 8 * block}}));
}

TEST(Sparse, adjoining_fills_of_one_pattern_are_one_extent) {
  const Bytes file = build_sparse({{.kind = Kind::fill, .blocks = 2, .value = 5},
                                   {.kind = Kind::fill, .blocks = 3, .value = 5},
                                   {.kind = Kind::fill, .blocks = 1, .value = 6}})
                         .value();
  EXPECT_EQ(open(file).value()->extent_count(), 2u);
}

TEST(Sparse, longer_headers_are_skipped) {
  Bytes file = sample();
  file[8] = std::byte{32};
  file.insert(file.begin() + 28, 4, std::byte{0xaa});
  EXPECT_EQ(read_all(*open(file).value(), 1 << 20).value(), sample_expanded());
}

TEST(Sparse, a_checksum_chunk_is_compared_only_when_asked_for) {
  const Bytes content = bytes_of(block, 3);
  const auto file = [&](std::uint32_t crc) {
    return build_sparse({{.kind = Kind::raw, .data = content},
                         {.kind = Kind::crc32, .value = crc},
                         {.kind = Kind::fill, .blocks = 1, .value = 9}})
        .value();
  };
  EXPECT_TRUE(open(file(crc32(content)), SparseCrc::verify));
  EXPECT_TRUE(open(file(1), SparseCrc::ignore));
  const auto wrong = open(file(1), SparseCrc::verify);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Errc::bad_image);
}

TEST(Sparse, totals_and_chunks_that_contradict_each_other_are_refused) {
  EXPECT_TRUE(open(sample()));
  EXPECT_THAT(open(changed(16, 9)).error().what, HasSubstr("the header says 9"));  // total blocks
  EXPECT_THAT(open(changed(16, 7)).error().what, HasSubstr("more blocks"));
  EXPECT_THAT(open(changed(16, 0xffffffff)).error().what, HasSubstr("the header says"));
  EXPECT_THAT(open(changed(20, 0xffffffff)).error().what, HasSubstr("cannot stand in a file"));  // chunks
  EXPECT_THAT(open(changed(20, 5)).error().what, HasSubstr("ends before the chunk"));
  EXPECT_FALSE(open(changed(12, 0)));  // block size
  EXPECT_FALSE(open(changed(12, 4098)));
  EXPECT_FALSE(open(changed(12, 0x80000000)));
  EXPECT_FALSE(open(changed(4, 2)));        // version 2
  EXPECT_FALSE(open(changed(28, 0xcac5)));  // chunk type
  EXPECT_FALSE(open(changed(32, 3)));       // blocks of a raw chunk
  EXPECT_FALSE(open(changed(36, 11)));      // chunk smaller than its header
  EXPECT_FALSE(open(changed(36, 0xffffffff)));
}

TEST(Sparse, a_chunk_with_more_or_less_data_than_its_type_has_is_refused) {
  // One chunk of one 16-byte block each, everything else in order.
  const auto opens = [](unsigned type, unsigned blocks, std::size_t data_size) {
    ByteWriter out;
    out.bytes(ByteView(build_sparse({}, 16).value()).first(16));
    out.le(blocks).le(std::uint32_t{1}).le(std::uint32_t{0});
    out.le(static_cast<std::uint16_t>(type)).le(std::uint16_t{0}).le(blocks);
    out.le(static_cast<std::uint32_t>(12 + data_size)).fill(data_size);
    return open(std::move(out).take()).has_value();
  };
  EXPECT_TRUE(opens(0xcac1, 1, 16));
  EXPECT_FALSE(opens(0xcac1, 1, 20));
  EXPECT_FALSE(opens(0xcac1, 1, 12));
  EXPECT_TRUE(opens(0xcac2, 1, 4));
  EXPECT_FALSE(opens(0xcac2, 1, 8));
  EXPECT_FALSE(opens(0xcac2, 1, 0));
  EXPECT_TRUE(opens(0xcac3, 1, 0));
  EXPECT_FALSE(opens(0xcac3, 1, 4));
  EXPECT_TRUE(opens(0xcac4, 0, 4));
  EXPECT_FALSE(opens(0xcac4, 1, 4));
}

TEST(Sparse, truncation_at_every_byte_is_an_error) {
  const Bytes file = build_sparse({{.kind = Kind::raw, .data = bytes_of(32, 1)},
                                   {.kind = Kind::fill, .blocks = 1, .value = 1},
                                   {.kind = Kind::dont_care, .blocks = 1}},
                                  16)
                         .value();
  ASSERT_TRUE(open(file));
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto image = open(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)));
    ASSERT_FALSE(image) << size;
    EXPECT_EQ(image.error().code, Errc::bad_image);
  }
}

TEST(Sparse, an_image_of_holes_has_nothing_to_write) {
  const ImagePtr image = open(build_sparse({{.kind = Kind::dont_care, .blocks = 100}}).value()).value();
  EXPECT_EQ(image->size(), 100u * block);
  EXPECT_EQ(image->extent_count(), 0u);
  EXPECT_TRUE(ranges_to_write(*image).empty());
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * 4096;
}

TEST(Sparse, streaming_four_gibibytes_takes_little_memory) {
  const auto folder = oracle::folder("sparse_large");
  {
    // 4 GiB: 32768 times a block of data, 15 blocks of hole, 16 blocks of fill.
    std::vector<SparseChunk> chunks;
    for (std::uint32_t i = 0; i < 32768; ++i) {
      chunks.push_back({.kind = Kind::raw, .data = bytes_of(512, i)});
      chunks.push_back({.kind = Kind::dont_care, .blocks = 127});
      chunks.push_back({.kind = Kind::fill, .blocks = 128, .value = i});
    }
    oracle::write(folder / "super.img", build_sparse(chunks, 512).value());
  }
  const std::size_t before = resident_bytes();
  const ImagePtr image = open_image(folder / "super.img").value();
  ASSERT_EQ(image->size(), std::uint64_t{32768} * 256 * 512);
  ImageReader reader{image};
  Bytes buffer(1 << 20);
  for (std::uint64_t done = 0; done < image->size(); done += buffer.size()) ASSERT_TRUE(reader.read(buffer));
  EXPECT_LT(resident_bytes(), before + (std::size_t{64} << 20));
  // The last fill, to know that the end was read.
  EXPECT_EQ(ByteReader{ByteView(buffer).last(4)}.le<std::uint32_t>(), 32767u);
  std::filesystem::remove_all(folder);
}

TEST(Sparse, simg2img_expands_to_the_same_bytes) {
  const auto folder = oracle::folder("sparse");
  oracle::write(folder / "in.img", sample());
  ASSERT_EQ(oracle::run("simg2img " + (folder / "in.img").string() + " " + (folder / "out.img").string()), 0);
  EXPECT_EQ(read_file(folder / "out.img", 1 << 20).value(), sample_expanded());
}

TEST(Sparse, a_file_made_by_img2simg_expands_to_its_original) {
  const auto folder = oracle::folder("sparse_made");
  Bytes original = bytes_of(64 * block, 1);
  std::fill_n(original.begin() + 5 * block, 20 * block, std::byte{0});
  std::fill_n(original.begin() + 30 * block, 9 * block, std::byte{0x5a});
  oracle::write(folder / "raw.img", original);
  ASSERT_EQ(oracle::run("img2simg " + (folder / "raw.img").string() + " " + (folder / "sparse.img").string()),
            0);
  const auto image = open_image(folder / "sparse.img");
  ASSERT_TRUE(image) << to_string(image.error());
  EXPECT_LT((*image)->stored_size(), original.size());
  EXPECT_EQ(read_all(**image, 1 << 20).value(), original);
}

RC_GTEST_PROP(SparseProperty, any_chunks_expand_as_a_plain_reference_does, ()) {
  const std::uint32_t size = *rc::gen::element(4U, 16U, 512U);
  std::vector<SparseChunk> chunks;
  ByteWriter expected;
  std::vector<bool> stored;  // per byte of the expanded image
  const auto count = *rc::gen::inRange(0, 12);
  for (int i = 0; i < count; ++i) {
    SparseChunk chunk{.kind = *rc::gen::element(Kind::raw, Kind::fill, Kind::dont_care, Kind::crc32)};
    chunk.blocks = *rc::gen::inRange(0U, 5U);
    chunk.value = *rc::gen::arbitrary<std::uint32_t>();
    const std::size_t length = std::size_t{chunk.blocks} * size;
    switch (chunk.kind) {
      case Kind::raw:
        chunk.data = bytes_of(length, chunk.value);
        expected.bytes(chunk.data);
        break;
      case Kind::fill:
        for (std::size_t at = 0; at < length; at += 4) expected.le(chunk.value);
        break;
      case Kind::dont_care:
        expected.fill(length);
        break;
      case Kind::crc32:
        chunk.value = crc32(expected.view());
        break;
    }
    stored.resize(expected.size(), chunk.kind != Kind::dont_care);
    chunks.push_back(std::move(chunk));
  }
  const auto image = open(build_sparse(chunks, size).value(), SparseCrc::verify);
  RC_ASSERT(image.has_value());
  RC_ASSERT(read_all(**image, 1 << 20).value() == Bytes(expected.view().begin(), expected.view().end()));
  // Ranges without merging cover exactly what is stored.
  std::vector<bool> covered(expected.size(), false);
  for (const ByteRange& range : ranges_to_write(**image, 0)) {
    for (std::uint64_t at = range.offset; at < range.offset + range.length; ++at) covered[at] = true;
  }
  RC_ASSERT(covered == stored);
}

}  // namespace
}  // namespace mtk
