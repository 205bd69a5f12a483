// SPDX-License-Identifier: Apache-2.0
#include "image/sparse/sparse.h"

#include "base/checked.h"
#include "base/hash.h"
#include "image/sparse/records.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

using namespace sparse_format;

constexpr std::uint32_t max_block_size = 64 * 1024 * 1024;

/// An extent in 24 bytes. Counts of blocks fit 32 bits by the format.
struct Piece {
  std::uint32_t first_block;
  std::uint32_t blocks;
  std::uint64_t stored_at;  ///< of raw data; the pattern of a fill
  ExtentKind kind;
};

/// Fills `into` with the little-endian word, starting at byte `phase` of it.
void repeat_word(std::uint32_t word, std::uint64_t phase, std::span<std::byte> into) {
  std::size_t done = std::min<std::size_t>(into.size(), 4);
  for (std::size_t i = 0; i < done; ++i) into[i] = static_cast<std::byte>(word >> ((phase + i) % 4 * 8));
  while (done < into.size()) {
    const std::size_t more = std::min(done, into.size() - done);
    std::ranges::copy(into.first(more), into.begin() + static_cast<std::ptrdiff_t>(done));
    done += more;
  }
}

class SparseImage final : public ImageSource {
 public:
  SparseImage(ImagePtr stored, const Header& header) : stored_(std::move(stored)), header_(header) {}

  std::uint64_t size() const override {
    return std::uint64_t{header_.total_blocks} * std::uint64_t{header_.block_size};
  }
  std::uint64_t stored_size() const override { return stored_->size(); }
  std::size_t extent_count() const override { return pieces_.size(); }
  Extent extent(std::size_t index) const override {
    const Piece& piece = pieces_.at(index);
    Extent extent{.offset = start_of(piece), .length = length_of(piece), .kind = piece.kind};
    if (piece.kind == ExtentKind::data) extent.stored_at = piece.stored_at;
    if (piece.kind == ExtentKind::fill) extent.pattern = static_cast<std::uint32_t>(piece.stored_at);
    return extent;
  }
  Result<> read_at(std::uint64_t offset, std::span<std::byte> into) const override;

  /// Walks over all chunks once. The table is reserved before, never beyond what the file can hold.
  Result<> read_chunks(SparseCrc crc);

 private:
  std::uint64_t start_of(const Piece& piece) const {
    return std::uint64_t{piece.first_block} * header_.block_size;
  }
  std::uint64_t length_of(const Piece& piece) const {
    return std::uint64_t{piece.blocks} * header_.block_size;
  }
  Result<> take_chunk(const ChunkHeader& chunk, std::uint64_t data_at, std::uint64_t data_size);
  Result<std::uint32_t> word_at(std::uint64_t offset) const;
  Result<> add_piece(const Piece& piece);
  Result<> check_crc(std::uint64_t data_at);

  ImagePtr stored_;
  Header header_;
  std::vector<Piece> pieces_;
  std::uint32_t next_block_ = 0;
  // Running checksum over the expanded content up to crc_end_.
  std::uint32_t crc_ = 0;
  std::uint64_t crc_end_ = 0;
};

Result<> SparseImage::read_at(std::uint64_t offset, std::span<std::byte> into) const {
  if (!fits(offset, into.size(), size())) {
    return fail(Errc::out_of_range, fmt::format("bytes 0x{:x}+0x{:x} lie outside the image of 0x{:x} bytes",
                                                offset, into.size(), size()));
  }
  const std::uint64_t end = offset + into.size();
  auto piece = std::ranges::upper_bound(pieces_, offset, {},
                                        [this](const Piece& p) { return start_of(p) + length_of(p); });
  std::uint64_t at = offset;
  while (at < end) {
    const std::uint64_t piece_start = piece == pieces_.end() ? end : std::min(start_of(*piece), end);
    const auto target = [&](std::uint64_t from, std::uint64_t to) {
      return into.subspan(static_cast<std::size_t>(from - offset), static_cast<std::size_t>(to - from));
    };
    if (at < piece_start) {
      std::ranges::fill(target(at, piece_start), std::byte{0});
      at = piece_start;
      continue;
    }
    const std::uint64_t stop = std::min(start_of(*piece) + length_of(*piece), end);
    const std::span<std::byte> part = target(at, stop);
    const std::uint64_t inside = at - start_of(*piece);
    if (piece->kind == ExtentKind::data) {
      MTK_TRY(stored_->read_at(piece->stored_at + inside, part));
    } else {
      repeat_word(static_cast<std::uint32_t>(piece->stored_at), inside, part);
    }
    at = stop;
    ++piece;
  }
  return {};
}

Result<std::uint32_t> SparseImage::word_at(std::uint64_t offset) const {
  std::array<std::byte, 4> word{};
  MTK_TRY(stored_->read_at(offset, word));
  return ByteReader{word}.le<std::uint32_t>();
}

Result<> SparseImage::add_piece(const Piece& piece) {
  if (piece.blocks == 0) return {};
  if (!pieces_.empty() && piece.kind == ExtentKind::fill) {
    Piece& last = pieces_.back();
    const bool adjoining = last.first_block + last.blocks == piece.first_block;
    if (adjoining && last.kind == piece.kind && last.stored_at == piece.stored_at) {
      last.blocks += piece.blocks;
      return {};
    }
  }
  if (pieces_.size() == max_sparse_extents) {
    return fail(Errc::out_of_range,
                fmt::format("sparse image has more than {} pieces of content", max_sparse_extents));
  }
  pieces_.push_back(piece);
  return {};
}

Result<> SparseImage::check_crc(std::uint64_t data_at) {
  MTK_TRY_LET(const std::uint32_t expected, word_at(data_at));
  Bytes buffer(std::size_t{256} * 1024);
  const std::uint64_t end = std::uint64_t{next_block_} * header_.block_size;
  while (crc_end_ < end) {
    const std::span<std::byte> part = std::span{buffer}.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), end - crc_end_)));
    MTK_TRY(read_at(crc_end_, part));
    crc_ = crc32(part, crc_);
    crc_end_ += part.size();
  }
  if (crc_ == expected) return {};
  return fail(Errc::bad_image, fmt::format("content up to 0x{:x} has CRC 0x{:08x}, the file says 0x{:08x}",
                                           end, crc_, expected));
}

Result<> SparseImage::take_chunk(const ChunkHeader& chunk, std::uint64_t data_at, std::uint64_t data_size) {
  std::uint64_t wanted = 0;
  if (chunk.type == raw_chunk) wanted = std::uint64_t{chunk.blocks} * header_.block_size;
  if (chunk.type == fill_chunk || chunk.type == crc_chunk) wanted = 4;
  if (data_size != wanted) {
    return fail(Errc::bad_image,
                fmt::format("chunk type 0x{:04x} with 0x{:x} bytes of data instead of 0x{:x}", chunk.type,
                            data_size, wanted));
  }
  if (chunk.blocks > header_.total_blocks - next_block_) {
    return fail(Errc::bad_image, "chunks hold more blocks than the header says");
  }
  Piece piece{
      .first_block = next_block_, .blocks = chunk.blocks, .stored_at = data_at, .kind = ExtentKind::data};
  switch (chunk.type) {
    case raw_chunk:
      MTK_TRY(add_piece(piece));
      break;
    case fill_chunk: {
      MTK_TRY_LET(piece.stored_at, word_at(data_at));
      piece.kind = ExtentKind::fill;
      MTK_TRY(add_piece(piece));
      break;
    }
    case dont_care_chunk:
      break;
    case crc_chunk:
      if (chunk.blocks != 0) return fail(Errc::bad_image, "checksum chunk that claims blocks");
      break;
    default:
      return fail(Errc::bad_image, fmt::format("unknown chunk type 0x{:04x}", chunk.type));
  }
  next_block_ += chunk.blocks;
  return {};
}

Result<> SparseImage::read_chunks(SparseCrc crc) {
  const std::uint64_t stored = stored_->size();
  const std::uint64_t room = (stored - header_.header_size) / header_.chunk_header_size;
  if (header_.total_chunks > room) {
    return fail(Errc::bad_image,
                fmt::format("{} chunks cannot stand in a file of {} bytes", header_.total_chunks, stored));
  }
  if (header_.total_chunks > 2 * max_sparse_extents) {
    return fail(Errc::out_of_range,
                fmt::format("{} chunks are more than any image has", header_.total_chunks));
  }
  pieces_.reserve(std::min<std::size_t>(header_.total_chunks, max_sparse_extents));
  std::uint64_t at = header_.header_size;
  Bytes raw(wire_size<ChunkHeader>());
  for (std::uint32_t i = 0; i < header_.total_chunks; ++i) {
    const std::string where = fmt::format("chunk {} at 0x{:x}", i, at);
    if (!fits(at, header_.chunk_header_size, stored)) {
      return in(Result<>{fail(Errc::bad_image, "file ends before the chunk")}, where);
    }
    MTK_TRY(in(stored_->read_at(at, raw), where));
    MTK_TRY_LET(const auto chunk, decode<ChunkHeader>(raw));
    if (chunk.total_size < header_.chunk_header_size || !fits(at, chunk.total_size, stored)) {
      return in(Result<>{fail(Errc::bad_image,
                              fmt::format("chunk of 0x{:x} bytes does not fit the file", chunk.total_size))},
                where);
    }
    const std::uint64_t data_at = at + header_.chunk_header_size;
    MTK_TRY(in(take_chunk(chunk, data_at, chunk.total_size - header_.chunk_header_size), where));
    if (crc == SparseCrc::verify && chunk.type == crc_chunk) MTK_TRY(in(check_crc(data_at), where));
    at += chunk.total_size;
  }
  if (next_block_ != header_.total_blocks) {
    return fail(Errc::bad_image,
                fmt::format("chunks hold {} blocks, the header says {}", next_block_, header_.total_blocks));
  }
  return {};
}

Result<> check_header(const Header& header, std::uint64_t stored) {
  if (header.magic != sparse_magic) return fail(Errc::bad_image, "no sparse image");
  if (header.major != 1) {
    return fail(Errc::bad_image,
                fmt::format("sparse version {}.{} is not known", header.major, header.minor));
  }
  if (header.header_size < wire_size<Header>() || header.header_size > stored) {
    return fail(Errc::bad_image, fmt::format("sparse header size {}", header.header_size));
  }
  if (header.chunk_header_size < wire_size<ChunkHeader>()) {
    return fail(Errc::bad_image, fmt::format("sparse chunk header size {}", header.chunk_header_size));
  }
  if (header.block_size == 0 || header.block_size % 4 != 0 || header.block_size > max_block_size) {
    return fail(Errc::bad_image, fmt::format("sparse block size {}", header.block_size));
  }
  return {};
}

}  // namespace

bool is_sparse(ByteView head) {
  return head.size() >= 4 && ByteReader{head}.le<std::uint32_t>() == sparse_magic;
}

Result<ImagePtr> open_sparse(ImagePtr stored, SparseCrc crc) {
  if (stored->size() < wire_size<Header>()) {
    return fail(Errc::bad_image, "file ends inside the sparse header");
  }
  Bytes raw(wire_size<Header>());
  MTK_TRY(stored->read_at(0, raw));
  MTK_TRY_LET(const auto header, decode<Header>(raw));
  MTK_TRY(check_header(header, stored->size()));
  auto image = std::make_shared<SparseImage>(std::move(stored), header);
  MTK_TRY(image->read_chunks(crc));
  return image;
}

}  // namespace mtk
