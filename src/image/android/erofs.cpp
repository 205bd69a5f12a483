// SPDX-License-Identifier: Apache-2.0
#include "image/android/erofs.h"

#include "base/checked.h"
#include "image/android/erofs_inode.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace erofs {

Result<Bytes> read_bytes(const ImageSource& image, std::uint64_t offset, std::uint64_t length) {
  if (!fits(offset, length, image.size()))
    return fail(Errc::bad_image, "the file system points outside its image");
  Bytes out(static_cast<std::size_t>(length));
  MTK_TRY(image.read_at(offset, out));
  return out;
}

namespace {

constexpr std::uint64_t superblock_offset = 1024;
constexpr std::uint32_t erofs_magic = 0xe0f5e1e2;
constexpr std::uint64_t slot_size = 32;  // inodes are numbered by 32-byte places
constexpr std::uint64_t max_folder_size = 4 << 20;
constexpr std::uint16_t mode_kind = 0xf000;
constexpr std::uint16_t mode_folder = 0x4000;
constexpr std::uint16_t mode_file = 0x8000;
constexpr std::size_t entry_size = 12;
constexpr std::uint32_t hole = 0xffffffff;

Result<Superblock> read_superblock(const ImageSource& image) {
  MTK_TRY_LET(const Bytes raw, read_bytes(image, superblock_offset, 128));
  ByteReader in{raw};
  if (in.le<std::uint32_t>() != erofs_magic) return fail(Errc::bad_image, "no EROFS file system");
  in.seek(12);
  const auto block_bits = in.u8();
  in.skip(1);
  Superblock out{.root = in.le<std::uint16_t>()};
  in.seek(40);
  const auto metadata_block = in.le<std::uint32_t>();
  in.seek(80);
  out.incompatible = in.le<std::uint32_t>();
  if (block_bits < 9 || block_bits > 16)
    return fail(Errc::bad_image, "the EROFS superblock contradicts itself");
  out.block_size = std::uint64_t{1} << block_bits;
  out.metadata_at = metadata_block * out.block_size;
  return out;
}

class Erofs {
 public:
  Erofs(const ImageSource& image, const Superblock& about) : image_(image), about_(about) {}

  Result<std::optional<Bytes>> file(std::string_view path, std::uint64_t limit) const {
    std::uint64_t number = about_.root;
    while (!path.empty()) {
      const std::size_t slash = std::min(path.find('/'), path.size());
      const std::string_view name = path.substr(0, slash);
      path.remove_prefix(std::min(slash + 1, path.size()));
      MTK_TRY_LET(const Inode folder, inode(number));
      if ((folder.mode & mode_kind) != mode_folder) return std::optional<Bytes>{};
      MTK_TRY_LET(const auto found, entry_of(folder, name));
      if (!found) return std::optional<Bytes>{};
      number = *found;
    }
    MTK_TRY_LET(const Inode wanted, inode(number));
    if ((wanted.mode & mode_kind) != mode_file) return std::optional<Bytes>{};
    MTK_TRY_LET(Bytes content, content_of(wanted, limit));
    return std::optional{std::move(content)};
  }

 private:
  Result<Inode> inode(std::uint64_t number) const {
    MTK_TRY_LET(const std::uint64_t distance, checked_multiply(number, slot_size));
    MTK_TRY_LET(const std::uint64_t at, checked_add(about_.metadata_at, distance));
    constexpr std::uint64_t compact_size = 32;
    MTK_TRY_LET(Bytes raw, read_bytes(image_, at, compact_size));
    const bool extended = (raw[0] & std::byte{1}) != std::byte{};
    const std::uint64_t size = extended ? 64 : compact_size;
    if (extended) {
      MTK_TRY_LET(raw, read_bytes(image_, at, size));
    }
    ByteReader in{raw};
    const unsigned layout = (in.le<std::uint16_t>() >> 1) & 7U;
    if (layout > static_cast<unsigned>(Layout::chunks))
      return fail(Errc::unsupported, "a newer EROFS layout");
    Inode out{.layout = static_cast<Layout>(layout)};
    const auto attributes = in.le<std::uint16_t>();
    out.mode = in.le<std::uint16_t>();
    in.seek(8);
    out.size = extended ? in.le<std::uint64_t>() : in.le<std::uint32_t>();
    in.seek(16);
    out.data = in.le<std::uint32_t>();
    out.body_at = at + size;
    // A head of 12 bytes for the first, 4 for each further one.
    if (attributes > 0) out.body_at += 12 + 4 * (attributes - std::uint64_t{1});
    return out;
  }

  Result<Bytes> content_of(const Inode& node, std::uint64_t limit) const {
    if (node.size > limit) return fail(Errc::out_of_range, fmt::format("file of {} bytes", node.size));
    switch (node.layout) {
      case Layout::plain:
        return read_bytes(image_, node.data * about_.block_size, node.size);
      case Layout::inline_tail:
        return with_inline_tail(node);
      case Layout::chunks:
        return from_chunks(node);
      case Layout::compressed_full:
      case Layout::compressed_compact:
        break;
    }
    return read_compressed(image_, about_, node);
  }

  /// The last, partial block stands behind the inode.
  Result<Bytes> with_inline_tail(const Inode& node) const {
    const std::uint64_t tail = node.size % about_.block_size;
    const std::uint64_t in_blocks =
        tail == 0 && node.size > 0 ? node.size - about_.block_size : node.size - tail;
    MTK_TRY_LET(Bytes out, read_bytes(image_, in_blocks == 0 ? 0 : node.data * about_.block_size, in_blocks));
    MTK_TRY_LET(const Bytes rest, read_bytes(image_, node.body_at, node.size - in_blocks));
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
  }

  /// Equal chunks, each wherever it is; a table behind the inode says where.
  Result<Bytes> from_chunks(const Inode& node) const {
    constexpr std::uint32_t size_bits = 0x1f;
    constexpr std::uint32_t long_entries = 0x20;
    const bool is_long = (node.data & long_entries) != 0;
    const std::uint64_t step = is_long ? 8 : 4;
    const std::uint64_t chunk = about_.block_size << (node.data & size_bits);
    const std::uint64_t count = (node.size + chunk - 1) / chunk;
    MTK_TRY_LET(const Bytes table, read_bytes(image_, (node.body_at + step - 1) / step * step, count * step));
    ByteReader in{table};
    Bytes out;
    while (out.size() < node.size) {
      const std::uint64_t length = std::min(chunk, node.size - out.size());
      if (is_long && in.le<std::uint32_t>() >> 16 != 0)
        return fail(Errc::unsupported, "a file on another device");
      const auto block = in.le<std::uint32_t>();
      if (block == hole) {
        out.resize(out.size() + static_cast<std::size_t>(length));
        continue;
      }
      MTK_TRY_LET(const Bytes part, read_bytes(image_, block * about_.block_size, length));
      out.insert(out.end(), part.begin(), part.end());
    }
    return out;
  }

  /// Each block of a folder is a list of its own: entries, then their names.
  Result<std::optional<std::uint64_t>> entry_of(const Inode& folder, std::string_view name) const {
    MTK_TRY_LET(const Bytes all, content_of(folder, max_folder_size));
    for (std::size_t at = 0; at < all.size(); at += static_cast<std::size_t>(about_.block_size)) {
      const ByteView block =
          ByteView(all).subspan(at, std::min(all.size() - at, static_cast<std::size_t>(about_.block_size)));
      MTK_TRY_LET(const auto found, entry_in(block, to_bytes(name)));
      if (found) return found;
    }
    return std::optional<std::uint64_t>{};
  }

  static Result<std::optional<std::uint64_t>> entry_in(ByteView block, const Bytes& name) {
    ByteReader in{block, Errc::bad_image};
    std::size_t entries = 1;  // where the first name begins tells how many there are
    for (std::size_t i = 0; i < entries; ++i) {
      const auto number = in.le<std::uint64_t>();
      const std::size_t name_at = in.le<std::uint16_t>();
      in.skip(2);
      if (i == 0) entries = name_at / entry_size;
      std::size_t name_end = block.size();
      if (i + 1 < entries) {
        ByteReader next{block, Errc::bad_image};
        next.seek((i + 1) * entry_size + 8);
        name_end = next.le<std::uint16_t>();
      }
      MTK_TRY(in.ok());
      if (entries == 0 || name_at > name_end || name_end > block.size())
        return fail(Errc::bad_image, "broken folder entry");
      ByteView found = block.subspan(name_at, name_end - name_at);
      found = found.first(static_cast<std::size_t>(std::ranges::find(found, std::byte{0}) - found.begin()));
      if (std::ranges::equal(found, name)) return std::optional{number};
    }
    return std::optional<std::uint64_t>{};
  }

  const ImageSource& image_;
  const Superblock& about_;
};

}  // namespace
}  // namespace erofs

Result<std::optional<Bytes>> read_erofs_file(const ImageSource& image, std::string_view path,
                                             std::uint64_t limit) {
  MTK_TRY_LET(const erofs::Superblock about, erofs::read_superblock(image));
  return erofs::Erofs{image, about}.file(path, limit);
}

}  // namespace mtk
