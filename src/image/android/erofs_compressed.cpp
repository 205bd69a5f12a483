// SPDX-License-Identifier: Apache-2.0
// Compressed files of EROFS. A file is cut into clusters of one block; the index behind the inode says where
// in its cluster each compressed piece begins and in which blocks it stands.
// Source: docs/format/android.md#erofs
#include "image/android/erofs_inode.h"
#include "image/archive/stream.h"

#include <algorithm>

namespace mtk::erofs {

namespace {

constexpr std::uint64_t largest_piece = 1 << 20;  // of the image; mkfs allows as much
constexpr std::uint64_t most_clusters = 1 << 12;

// Bits of the map header's second half.
constexpr std::uint16_t packs_of_16 = 0x01;
constexpr std::uint16_t big_pieces = 0x02 | 0x04;
constexpr std::uint16_t inline_piece = 0x08;
constexpr std::uint16_t rotated_plain = 0x10;
constexpr std::uint16_t in_fragments = 0x20;

enum class Cluster : std::uint8_t { plain = 0, head = 1, inside = 2, other_head = 3 };

struct MapHeader {
  std::uint16_t inline_size = 0;
  std::uint16_t advise = 0;
  std::uint8_t algorithm = 0;
  std::uint8_t cluster_bits = 0;

  bool says(std::uint16_t bits) const { return (advise & bits) != 0; }
};

/// Stored bytes that make up the file from `starts` to where the next piece starts.
struct Piece {
  std::uint64_t starts = 0;  ///< in the file
  std::uint64_t stored_at = 0;
  std::uint64_t stored_size = 0;
  bool plain = false;
};

struct Pieces {
  std::vector<Piece> list = {};
  std::uint64_t index_end = 0;  ///< byte offset in the image
};

class CompressedFile {
 public:
  CompressedFile(const ImageSource& image, const Superblock& about, const Inode& inode)
      : image_(image), about_(about), inode_(inode) {}

  Result<Bytes> read() {
    MTK_TRY(read_header());
    MTK_TRY_LET(Pieces pieces, read_index());
    if (pieces.list.empty() || pieces.list.front().starts != 0)
      return fail(Errc::bad_image, "a compressed file without a beginning");
    if (header_.says(inline_piece)) {
      pieces.list.back().stored_at = pieces.index_end;
      pieces.list.back().stored_size = header_.inline_size;
    }
    Bytes out;
    for (std::size_t i = 0; i < pieces.list.size(); ++i) {
      const std::uint64_t end = i + 1 < pieces.list.size() ? pieces.list[i + 1].starts : inode_.size;
      if (end <= out.size() || end > inode_.size) return fail(Errc::bad_image, "pieces of a file overlap");
      MTK_TRY_LET(const Bytes piece, unpack(pieces.list[i], end - out.size()));
      out.insert(out.end(), piece.begin(), piece.end());
    }
    return out;
  }

 private:
  Result<> read_header() {
    const std::uint64_t at = (inode_.body_at + 7) / 8 * 8;
    MTK_TRY_LET(const Bytes raw, read_bytes(image_, at, 8));
    ByteReader in{raw};
    in.skip(2);
    header_ = {.inline_size = in.le<std::uint16_t>(),
               .advise = in.le<std::uint16_t>(),
               .algorithm = in.u8(),
               .cluster_bits = in.u8()};
    index_at_ = at + raw.size();
    constexpr std::uint8_t both_lz4 = 0;
    constexpr std::uint8_t one_block = 0;
    if (header_.says(in_fragments) || (header_.cluster_bits & 0x80U) != 0)
      return fail(Errc::unsupported, "an EROFS file kept together with others");
    if (header_.algorithm != both_lz4) return fail(Errc::unsupported, "an EROFS file not packed with LZ4");
    if ((header_.cluster_bits & 7U) != one_block || about_.block_size != 4096)
      return fail(Errc::unsupported, "EROFS clusters of an unusual size");
    if (inode_.layout != Layout::compressed_compact || !about_.has(zero_padding))
      return fail(Errc::unsupported, "an EROFS file packed in the old way");
    cluster_count_ = (inode_.size + about_.block_size - 1) / about_.block_size;
    if (cluster_count_ > most_clusters) return fail(Errc::unsupported, "a large compressed file");
    return {};
  }

  /// Packs of 2 clusters in 8 bytes or 16 in 32: for each 2 bits of kind and 12 bits of position; at the end
  /// the block from which those of the pack are counted.
  Result<Pieces> read_index() const {
    constexpr std::uint64_t alignment = 32;
    const std::uint64_t to_alignment = (alignment - index_at_ % alignment) % alignment / 4;
    std::uint64_t in_large = 0;
    if (header_.says(packs_of_16) && to_alignment < cluster_count_)
      in_large = (cluster_count_ - to_alignment) / 16 * 16;
    Pieces out{.index_end = index_at_};
    std::uint64_t cluster = 0;
    while (cluster < cluster_count_) {
      const bool large = cluster >= to_alignment && cluster - to_alignment < in_large;
      const std::size_t count = large ? 16 : 2;
      MTK_TRY_LET(const Bytes pack, read_bytes(image_, out.index_end, large ? 32 : 8));
      MTK_TRY(add_pack(out, pack, count, cluster));
      cluster += count;
      out.index_end += pack.size();
    }
    return out;
  }

  Result<> add_pack(Pieces& out, ByteView pack, std::size_t count, std::uint64_t first) const {
    constexpr std::uint32_t position_bits = 0xfff;
    constexpr std::uint32_t is_block_count = 0x800;
    ByteReader tail{pack.last(4)};
    std::uint32_t block = tail.le<std::uint32_t>();
    // Without large pieces the count begins one early.
    if (!header_.says(big_pieces)) ++block;
    const std::size_t bits = (pack.size() - 4) * 8 / count;
    const auto field = [&](std::size_t i) {
      ByteReader in{pack};
      in.seek(bits * i / 8);
      return in.le<std::uint32_t>() >> (bits * i % 8) & 0x3fffU;
    };
    const auto kind = [&](std::size_t i) { return static_cast<Cluster>(field(i) >> 12); };
    for (std::size_t i = 0; i < count && first + i < cluster_count_; ++i) {
      const std::uint32_t position = field(i) & position_bits;
      if (kind(i) != Cluster::inside) {
        add(out, first + i, kind(i), position, block);
        const bool counted_next = header_.says(big_pieces) && i + 1 < count && kind(i + 1) == Cluster::inside;
        if (!counted_next) ++block;
      } else if (header_.says(big_pieces) && (position & is_block_count) != 0) {
        MTK_TRY(lengthen(out, position & ~is_block_count));
        block += position & ~is_block_count;
      }
    }
    return {};
  }

  void add(Pieces& out, std::uint64_t cluster, Cluster kind, std::uint64_t offset,
           std::uint64_t block) const {
    const std::uint64_t starts = cluster * about_.block_size + offset;
    if (starts >= inode_.size) return;  // the mark of the end
    out.list.push_back({.starts = starts,
                        .stored_at = block * about_.block_size,
                        .stored_size = about_.block_size,
                        .plain = kind == Cluster::plain});
  }

  /// The piece begun last takes that many blocks.
  Result<> lengthen(Pieces& out, std::uint64_t blocks) const {
    if (out.list.empty() || blocks == 0 || blocks > largest_piece / about_.block_size)
      return fail(Errc::bad_image, "a piece of impossible length");
    out.list.back().stored_size = blocks * about_.block_size;
    return {};
  }

  Result<Bytes> unpack(const Piece& piece, std::uint64_t size) const {
    MTK_TRY_LET(const Bytes stored, read_bytes(image_, piece.stored_at, piece.stored_size));
    if (piece.plain) {
      if (size > stored.size()) return fail(Errc::bad_image, "a plain piece larger than its block");
      Bytes out = stored;
      // Bytes then stand where they would in a block of the file.
      if (header_.says(rotated_plain))
        std::rotate(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(piece.starts % out.size()),
                    out.end());
      out.resize(static_cast<std::size_t>(size));
      return out;
    }
    const auto begin = std::ranges::find_if(stored, [](std::byte byte) { return byte != std::byte{0}; });
    MTK_TRY_LET(Bytes out,
                unpack_lz4_block(ByteView(stored).subspan(static_cast<std::size_t>(begin - stored.begin())),
                                 inode_.size));
    if (out.size() < size) return fail(Errc::bad_image, "a piece that unpacks to less than it should");
    out.resize(static_cast<std::size_t>(size));
    return out;
  }

  const ImageSource& image_;
  const Superblock& about_;
  const Inode& inode_;
  MapHeader header_;
  std::uint64_t index_at_ = 0;
  std::uint64_t cluster_count_ = 0;
};

}  // namespace

Result<Bytes> read_compressed(const ImageSource& image, const Superblock& about, const Inode& inode) {
  if (inode.size == 0) return Bytes{};
  return CompressedFile{image, about, inode}.read();
}

}  // namespace mtk::erofs
