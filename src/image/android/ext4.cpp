// SPDX-License-Identifier: Apache-2.0
#include "image/android/ext4.h"

#include "base/checked.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

constexpr std::uint64_t superblock_offset = 1024;
constexpr std::uint16_t ext4_magic = 0xef53;
constexpr std::uint32_t incompat_64bit = 0x80;
constexpr std::uint32_t root_inode = 2;
constexpr std::uint16_t extent_magic = 0xf30a;
constexpr std::uint32_t uses_extents = 0x80000;
constexpr std::uint32_t inline_data = 0x10000000;
constexpr unsigned max_extent_depth = 5;
constexpr std::size_t max_extents = 4096;  // a build.prop or a folder has a handful
constexpr std::uint64_t max_folder_size = 4 << 20;
constexpr std::uint16_t mode_kind = 0xf000;
constexpr std::uint16_t mode_folder = 0x4000;
constexpr std::uint16_t mode_file = 0x8000;

struct Inode {
  std::uint16_t mode = 0;
  std::uint64_t size = 0;
  std::uint32_t flags = 0;
  Bytes block = {};  ///< the 60 bytes of the block map

  bool is(std::uint16_t kind) const { return (mode & mode_kind) == kind; }
};

struct Run {
  std::uint64_t first_block = 0;  ///< in the file
  std::uint64_t blocks = 0;
  std::uint64_t stored_at = 0;  ///< block of the image
};

/// The runs of one file, and how many nodes of its tree were looked at: nodes may point at each other.
struct ExtentWalk {
  std::vector<Run> runs = {};
  std::size_t nodes = 0;
};

class Ext4 {
 public:
  static Result<Ext4> open(const ImageSource& image) {
    Ext4 fs{image};
    Bytes raw(0x100);
    MTK_TRY(fs.read(superblock_offset, raw));
    ByteReader in{raw};
    in.seek(0x14);
    fs.first_data_block_ = in.le<std::uint32_t>();
    const auto log_block_size = in.le<std::uint32_t>();
    in.seek(0x28);
    fs.inodes_per_group_ = in.le<std::uint32_t>();
    in.seek(0x38);
    if (in.le<std::uint16_t>() != ext4_magic) return fail(Errc::bad_image, "no ext4 file system");
    in.seek(0x4c);
    const auto revision = in.le<std::uint32_t>();
    in.seek(0x58);
    fs.inode_size_ = revision == 0 ? std::uint16_t{128} : in.le<std::uint16_t>();
    in.seek(0x60);
    const auto incompat = in.le<std::uint32_t>();
    in.seek(0xfe);
    const auto descriptor_size = in.le<std::uint16_t>();
    if (log_block_size > 6 || fs.inodes_per_group_ == 0 || fs.inode_size_ < 128)
      return fail(Errc::bad_image, "the ext4 superblock contradicts itself");
    fs.block_size_ = std::uint64_t{1024} << log_block_size;
    if ((incompat & incompat_64bit) != 0) fs.descriptor_size_ = std::max<std::uint16_t>(descriptor_size, 64);
    return fs;
  }

  Result<std::optional<Bytes>> file(std::string_view path, std::uint64_t limit) const {
    std::uint32_t number = root_inode;
    while (!path.empty()) {
      const std::size_t slash = std::min(path.find('/'), path.size());
      const std::string_view name = path.substr(0, slash);
      path.remove_prefix(std::min(slash + 1, path.size()));
      MTK_TRY_LET(const Inode folder, inode(number));
      if (!folder.is(mode_folder)) return std::optional<Bytes>{};
      MTK_TRY_LET(const auto found, entry_of(folder, name));
      if (!found) return std::optional<Bytes>{};
      number = *found;
    }
    MTK_TRY_LET(const Inode wanted, inode(number));
    if (!wanted.is(mode_file)) return std::optional<Bytes>{};
    MTK_TRY_LET(Bytes content, content_of(wanted, limit));
    return std::optional{std::move(content)};
  }

 private:
  explicit Ext4(const ImageSource& image) : image_(image) {}

  Result<> read(std::uint64_t offset, std::span<std::byte> into) const {
    if (!fits(offset, into.size(), image_.size()))
      return fail(Errc::bad_image, "the file system points outside its image");
    return image_.read_at(offset, into);
  }
  Result<Bytes> block(std::uint64_t number) const {
    Bytes out(static_cast<std::size_t>(block_size_));
    MTK_TRY_LET(const auto offset, offset_of(number));
    MTK_TRY(read(offset, out));
    return out;
  }
  Result<std::uint64_t> offset_of(std::uint64_t block_number) const {
    if (block_number > image_.size() / block_size_)
      return fail(Errc::bad_image, "the file system points outside its image");
    return block_number * block_size_;
  }

  Result<Inode> inode(std::uint32_t number) const {
    if (number == 0) return fail(Errc::bad_image, "inode 0");
    const std::uint64_t group = (number - 1) / inodes_per_group_;
    const std::uint64_t index = (number - 1) % inodes_per_group_;
    Bytes descriptor(descriptor_size_);
    MTK_TRY(read((first_data_block_ + 1) * block_size_ + group * descriptor_size_, descriptor));
    ByteReader in{descriptor};
    in.seek(8);
    std::uint64_t table = in.le<std::uint32_t>();
    if (descriptor_size_ >= 64) {
      in.seek(0x28);
      table |= std::uint64_t{in.le<std::uint32_t>()} << 32;
    }
    MTK_TRY_LET(const auto base, offset_of(table));
    Bytes raw(128);
    MTK_TRY(read(base + index * inode_size_, raw));
    ByteReader fields{raw};
    Inode out{.mode = fields.le<std::uint16_t>()};
    fields.skip(2);
    out.size = fields.le<std::uint32_t>();
    fields.seek(0x20);
    out.flags = fields.le<std::uint32_t>();
    fields.seek(0x28);
    const ByteView map = fields.bytes(60);
    out.block.assign(map.begin(), map.end());
    fields.seek(0x6c);
    out.size |= std::uint64_t{fields.le<std::uint32_t>()} << 32;
    return out;
  }

  Result<> add_runs(ByteView node, unsigned depth_left, ExtentWalk& walk) const {
    if (++walk.nodes > max_extents) return fail(Errc::unsupported, "a file in too many pieces");
    ByteReader in{node, Errc::bad_image};
    const auto magic = in.le<std::uint16_t>();
    const auto count = in.le<std::uint16_t>();
    in.skip(2);
    const auto depth = in.le<std::uint16_t>();
    in.skip(4);
    if (magic != extent_magic || depth > depth_left) return fail(Errc::bad_image, "broken extent tree");
    for (std::uint16_t i = 0; i < count; ++i) {
      if (depth == 0) {
        Run run{.first_block = in.le<std::uint32_t>(), .blocks = in.le<std::uint16_t>()};
        run.stored_at = std::uint64_t{in.le<std::uint16_t>()} << 32;
        run.stored_at |= in.le<std::uint32_t>();
        if (walk.runs.size() == max_extents) return fail(Errc::unsupported, "a file in too many pieces");
        if (run.blocks <= 0x8000) walk.runs.push_back(run);  // longer means: reserved, reads as zeros
      } else {
        in.skip(4);
        const std::uint64_t low = in.le<std::uint32_t>();
        const std::uint64_t high = in.le<std::uint16_t>();
        in.skip(2);
        MTK_TRY(in.ok());
        MTK_TRY_LET(const Bytes child, block(low | (high << 32)));
        MTK_TRY(add_runs(child, depth - 1U, walk));
      }
    }
    return in.ok();
  }

  /// Blocks of old layouts: the direct ones only, which reach far enough for what is read here.
  Result<std::vector<Run>> runs_of(const Inode& node) const {
    if ((node.flags & uses_extents) != 0) {
      ExtentWalk walk;
      MTK_TRY(add_runs(node.block, max_extent_depth, walk));
      return std::move(walk.runs);
    }
    std::vector<Run> runs;
    constexpr std::uint64_t direct_blocks = 12;
    if (node.size > direct_blocks * block_size_)
      return fail(Errc::unsupported, "a large file of an old ext layout");
    ByteReader in{node.block};
    for (std::uint64_t i = 0; i < direct_blocks; ++i) {
      const std::uint64_t stored = in.le<std::uint32_t>();
      if (stored != 0) runs.push_back({.first_block = i, .blocks = 1, .stored_at = stored});
    }
    return runs;
  }

  Result<Bytes> content_of(const Inode& node, std::uint64_t limit) const {
    if (node.size > limit) return fail(Errc::out_of_range, fmt::format("file of {} bytes", node.size));
    Bytes out(static_cast<std::size_t>(node.size));
    if ((node.flags & inline_data) != 0) {
      if (out.size() > node.block.size()) return fail(Errc::unsupported, "a long file inside its inode");
      std::copy_n(node.block.begin(), out.size(), out.begin());
      return out;
    }
    MTK_TRY_LET(const auto runs, runs_of(node));
    for (const Run& run : runs) {
      const std::uint64_t start = run.first_block * block_size_;
      if (start >= out.size()) continue;
      const auto part = std::span{out}.subspan(
          static_cast<std::size_t>(start),
          static_cast<std::size_t>(std::min(run.blocks * block_size_, out.size() - start)));
      MTK_TRY_LET(const auto offset, offset_of(run.stored_at));
      MTK_TRY(read(offset, part));
    }
    return out;
  }

  Result<std::optional<std::uint32_t>> entry_of(const Inode& folder, std::string_view name) const {
    MTK_TRY_LET(const Bytes entries, content_of(folder, max_folder_size));
    const Bytes wanted = to_bytes(name);
    ByteReader in{entries, Errc::bad_image};
    while (in.remaining() >= 8) {
      const std::size_t start = in.offset();
      const auto number = in.le<std::uint32_t>();
      const auto length = in.le<std::uint16_t>();
      const auto name_length = in.u8();
      in.skip(1);
      if (length < 8 || length % 4 != 0) return fail(Errc::bad_image, "broken folder entry");
      const ByteView found = in.bytes(name_length);
      if (number != 0 && std::ranges::equal(found, wanted)) return std::optional{number};
      in.seek(start + length);
      if (in.failed()) return fail(Errc::bad_image, "broken folder entry");
    }
    return std::optional<std::uint32_t>{};
  }

  const ImageSource& image_;
  std::uint64_t first_data_block_ = 0;
  std::uint64_t block_size_ = 0;
  std::uint32_t inodes_per_group_ = 0;
  std::uint16_t inode_size_ = 0;
  std::uint16_t descriptor_size_ = 32;
};

}  // namespace

Result<std::optional<Bytes>> read_ext4_file(const ImageSource& image, std::string_view path,
                                            std::uint64_t limit) {
  MTK_TRY_LET(const Ext4 fs, Ext4::open(image));
  return fs.file(path, limit);
}

}  // namespace mtk
