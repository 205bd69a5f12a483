// SPDX-License-Identifier: Apache-2.0
#include "image/archive/ramdisk.h"

#include "image/archive/stream.h"

#include <algorithm>
#include <charconv>

namespace mtk {

namespace {

constexpr std::uint64_t largest_ramdisk = 512 << 20;
constexpr std::size_t head_size = 110;
constexpr std::uint64_t longest_path = 4096;
constexpr std::uint64_t alignment = 4;
constexpr std::uint32_t mode_kind = 0xf000;
constexpr std::uint32_t mode_file = 0x8000;

/// What stands before each file: a magic number and thirteen fields of eight hexadecimal digits.
struct Head {
  std::uint32_t mode = 0;
  std::uint64_t size = 0;
  std::uint64_t name_size = 0;  ///< with the NUL at its end
};

Result<std::uint32_t> field(std::string_view head, std::size_t number) {
  constexpr std::size_t digits = 8;
  constexpr std::size_t first = 6;
  const std::string_view text = head.substr(first + number * digits, digits);
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (problem == std::errc{} && end == text.data() + text.size()) return value;
  return fail(Errc::bad_image, "the ramdisk is damaged");
}

class Cpio {
 public:
  explicit Cpio(ArchiveStream stream) : stream_(std::move(stream)) {}

  Result<std::optional<Bytes>> find(std::span<const std::string_view> names, std::uint64_t limit) {
    while (true) {
      MTK_TRY_LET(const Head head, read_head());
      MTK_TRY_LET(const Bytes name_bytes, take(head.name_size));
      MTK_TRY(skip_padding());
      std::string name = printable_text(name_bytes);
      if (name == "TRAILER!!!") return std::optional<Bytes>{};
      while (name.starts_with("./") || name.starts_with("/")) name.erase(0, name.front() == '.' ? 2 : 1);
      if ((head.mode & mode_kind) == mode_file && std::ranges::find(names, name) != names.end()) {
        if (head.size > limit) return fail(Errc::out_of_range, "a file of the ramdisk is far too large");
        MTK_TRY_LET(Bytes content, take(head.size));
        return std::optional{std::move(content)};
      }
      MTK_TRY(skip(head.size));
      MTK_TRY(skip_padding());
    }
  }

 private:
  Result<Head> read_head() {
    MTK_TRY_LET(const Bytes bytes, take(head_size));
    const std::string text = printable_text(bytes);
    if (text.size() != head_size || !(text.starts_with("070701") || text.starts_with("070702")))
      return fail(Errc::bad_image, "no ramdisk, or a damaged one");
    Head out;
    MTK_TRY_LET(out.mode, field(text, 1));
    MTK_TRY_LET(out.size, field(text, 6));
    MTK_TRY_LET(out.name_size, field(text, 11));
    if (out.name_size == 0 || out.name_size > longest_path)
      return fail(Errc::bad_image, "the ramdisk is damaged");
    return out;
  }

  Result<Bytes> take(std::uint64_t size) {
    Bytes out(static_cast<std::size_t>(size));
    MTK_TRY_LET(const std::size_t got, stream_.read(out));
    if (got < out.size()) return fail(Errc::bad_image, "the ramdisk is cut short");
    if (!advance(size)) return fail(too_large());
    return out;
  }

  Result<> skip(std::uint64_t size) {
    if (!advance(size)) return fail(too_large());
    Bytes part(static_cast<std::size_t>(std::min<std::uint64_t>(size, 65536)));
    while (size > 0) {
      const auto piece =
          std::span{part}.first(static_cast<std::size_t>(std::min<std::uint64_t>(size, part.size())));
      MTK_TRY_LET(const std::size_t got, stream_.read(piece));
      if (got < piece.size()) return fail(Errc::bad_image, "the ramdisk is cut short");
      size -= got;
    }
    return {};
  }
  Result<> skip_padding() { return skip((alignment - position_ % alignment) % alignment); }

  bool advance(std::uint64_t size) {
    position_ += size;
    return position_ <= largest_ramdisk;
  }
  static Error too_large() { return {.code = Errc::out_of_range, .what = "the ramdisk is far too large"}; }

  ArchiveStream stream_;
  std::uint64_t position_ = 0;
};

}  // namespace

Result<std::optional<Bytes>> read_ramdisk_file(ImagePtr ramdisk, std::span<const std::string_view> names,
                                               std::uint64_t limit) {
  MTK_TRY_LET(ArchiveStream stream, ArchiveStream::open(std::move(ramdisk), ArchiveFormats::single_file));
  MTK_TRY_LET(const auto entry, stream.next());
  if (!entry) return std::optional<Bytes>{};
  return Cpio{std::move(stream)}.find(names, limit);
}

}  // namespace mtk
