// SPDX-License-Identifier: Apache-2.0
#include "image/archive/seven_zip.h"

#include "base/checked.h"
#include "image/archive/lzma_need.h"

#include <algorithm>
#include <array>

namespace mtk {

namespace {

constexpr std::size_t start_size = 32;
constexpr std::uint64_t largest_list = 16 << 20;
constexpr int most_nested_lists = 4;

// Marks of the list's records.
constexpr std::uint64_t header = 0x01;
constexpr std::uint64_t archive_properties = 0x02;
constexpr std::uint64_t main_streams = 0x04;
constexpr std::uint64_t files_info = 0x05;
constexpr std::uint64_t pack_info = 0x06;
constexpr std::uint64_t unpack_info = 0x07;
constexpr std::uint64_t sizes = 0x09;
constexpr std::uint64_t folders = 0x0b;
constexpr std::uint64_t unpacked_sizes = 0x0c;
constexpr std::uint64_t packed_header = 0x17;

enum class Method : std::uint8_t { lzma1, lzma2, copy, other };

/// How one part of the archive is packed.
struct Folder {
  Method method = Method::other;  ///< of its first coder
  Bytes properties = {};
  std::uint64_t coders = 0;
  std::uint64_t outputs = 0;
};

struct Streams {
  std::uint64_t packed_at = 0;  ///< behind the start header
  std::uint64_t packed_size = 0;
  std::uint64_t unpacked_size = 0;  ///< of the first part
  std::uint64_t need = 0;
  std::optional<Folder> first = {};
};

Error damaged() { return {.code = Errc::bad_image, .what = "the list of the 7z archive is damaged"}; }

class ListReader {
 public:
  explicit ListReader(ByteView list) : in_(list, Errc::bad_image) {}

  /// One to nine bytes: the leading ones of the first say how many follow.
  std::uint64_t number() {
    const std::uint8_t first = in_.u8();
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i) {
      const unsigned mask = 0x80U >> i;
      if ((first & mask) == 0) return value | (std::uint64_t{first & (mask - 1)} << (8 * i));
      value |= std::uint64_t{in_.u8()} << (8 * i);
    }
    return value;
  }

  /// What stands before the part that says how everything is packed.
  Result<> skip_to_streams() {
    std::uint64_t mark = number();
    if (mark == archive_properties) {
      while (!in_.failed() && number() != 0) in_.skip(size_number());
      mark = number();
    }
    // An archive of empty files has no streams.
    empty_ = mark == files_info || mark == 0;
    if (!empty_ && mark != main_streams) return fail(damaged());
    return in_.ok();
  }

  Result<Streams> streams() {
    Streams out;
    if (empty_) return out;
    std::uint64_t mark = number();
    if (mark == pack_info) {
      MTK_TRY(read_pack_info(out));
      mark = number();
    }
    if (mark == unpack_info) MTK_TRY(read_unpack_info(out));
    MTK_TRY(in_.ok());
    return out;
  }

 private:
  std::size_t size_number() {
    return static_cast<std::size_t>(std::min<std::uint64_t>(number(), in_.remaining() + 1));
  }

  Result<> read_pack_info(Streams& out) {
    out.packed_at = number();
    const std::uint64_t count = number();
    for (std::uint64_t mark = number(); mark != 0; mark = number()) {
      if (mark != sizes) {
        // Sums of packed streams: all of them, or a bit for each.
        MTK_TRY(skip_sums(count));
        continue;
      }
      for (std::uint64_t i = 0; i < count && !in_.failed(); ++i) {
        const std::uint64_t size = number();
        if (i == 0) out.packed_size = size;
      }
    }
    return in_.ok();
  }

  Result<> skip_sums(std::uint64_t count) {
    std::uint64_t defined = count;
    if (in_.u8() == 0) {
      defined = 0;
      for (std::uint64_t i = 0; i < count && !in_.failed(); i += 8) {
        for (unsigned bits = in_.u8(); bits != 0; bits &= bits - 1) ++defined;
      }
    }
    if (defined > in_.remaining() / 4) return fail(damaged());
    in_.skip(static_cast<std::size_t>(defined * 4));
    return in_.ok();
  }

  Result<> read_unpack_info(Streams& out) {
    if (number() != folders) return fail(damaged());
    const std::uint64_t count = number();
    if (in_.u8() != 0) return fail(damaged());  // kept elsewhere: nobody writes that
    std::uint64_t first_outputs = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      MTK_TRY_LET(Folder one, folder(out.need));
      if (i > 0) continue;
      first_outputs = one.outputs;
      out.first = std::move(one);
    }
    if (number() == unpacked_sizes) {
      // The last output of a part is its content.
      for (std::uint64_t i = 0; i < first_outputs && !in_.failed(); ++i) out.unpacked_size = number();
    }
    return in_.ok();
  }

  Result<Folder> folder(std::uint64_t& need) {
    Folder out{.coders = number()};
    std::uint64_t inputs = 0;
    constexpr std::uint64_t most_coders = 32;
    if (out.coders == 0 || out.coders > most_coders) return fail(damaged());
    for (std::uint64_t i = 0; i < out.coders; ++i) {
      const std::uint8_t about = in_.u8();
      const Method method = method_of(in_.bytes(about & 0x0fU));
      const bool many = (about & 0x10) != 0;
      const std::uint64_t own_inputs = many ? number() : 1;
      const std::uint64_t own_outputs = many ? number() : 1;
      if (own_inputs > most_coders || own_outputs > most_coders) return fail(damaged());
      inputs += own_inputs;
      out.outputs += own_outputs;
      const ByteView properties = (about & 0x20) != 0 ? in_.bytes(size_number()) : ByteView{};
      MTK_TRY(in_.ok());
      MTK_TRY_LET(const std::uint64_t own, need_of(method, properties));
      need = std::max(need, own);
      if (i == 0) {
        out.method = method;
        out.properties.assign(properties.begin(), properties.end());
      }
    }
    if (out.outputs == 0 || inputs + 1 < out.outputs) return fail(damaged());
    const std::uint64_t bonds = out.outputs - 1;
    for (std::uint64_t i = 0; i < 2 * bonds; ++i) number();
    const std::uint64_t packed = inputs - bonds;
    for (std::uint64_t i = 0; packed > 1 && i < packed; ++i) number();
    MTK_TRY(in_.ok());
    return out;
  }

  Method method_of(ByteView id) {
    ppmd_ = std::ranges::equal(id, to_bytes({0x03, 0x04, 0x01}));
    if (std::ranges::equal(id, to_bytes({0x03, 0x01, 0x01}))) return Method::lzma1;
    if (std::ranges::equal(id, to_bytes({0x21}))) return Method::lzma2;
    return std::ranges::equal(id, to_bytes({0x00})) ? Method::copy : Method::other;
  }

  Result<std::uint64_t> need_of(Method method, ByteView properties) const {
    if (method == Method::lzma1) return lzma_need(LzmaKind::lzma1, properties);
    if (method == Method::lzma2) return lzma_need(LzmaKind::lzma2, properties);
    if (!ppmd_) return 0;  // other methods work in a few megabytes
    ByteReader in{properties, Errc::bad_image};
    in.skip(1);
    const std::uint64_t memory = in.le<std::uint32_t>();
    MTK_TRY(in.ok());
    return memory;
  }

  ByteReader in_;
  bool empty_ = false;
  bool ppmd_ = false;
};

Result<Bytes> read_part(const ImageSource& archive, std::uint64_t offset, std::uint64_t size) {
  if (size > largest_list) return fail(Errc::bad_image, "the list of the 7z archive is too long");
  if (!fits(offset, size, archive.size())) return fail(Errc::bad_image, "the 7z archive is cut short");
  Bytes out(static_cast<std::size_t>(size));
  MTK_TRY(archive.read_at(offset, out));
  return out;
}

Result<Bytes> unpack_list(const ImageSource& archive, const Streams& where) {
  MTK_TRY_LET(const std::uint64_t at, checked_add(where.packed_at, start_size));
  MTK_TRY_LET(Bytes packed, read_part(archive, at, where.packed_size));
  if (!where.first || where.first->coders != 1 || where.unpacked_size > largest_list) return fail(damaged());
  const auto size = static_cast<std::size_t>(where.unpacked_size);
  switch (where.first->method) {
    case Method::lzma1:
      return unpack_bare_lzma(LzmaKind::lzma1, where.first->properties, packed, size);
    case Method::lzma2:
      return unpack_bare_lzma(LzmaKind::lzma2, where.first->properties, packed, size);
    case Method::copy:
      return packed;
    case Method::other:
      break;
  }
  return fail(Errc::unsupported, "the list of the 7z archive is packed or protected in an unusual way");
}

}  // namespace

Result<std::uint64_t> seven_zip_need(const ImageSource& archive, std::uint64_t limit) {
  MTK_TRY_LET(const Bytes start, read_part(archive, 0, start_size));
  ByteReader in{start};
  in.seek(12);
  const auto list_at = in.le<std::uint64_t>();
  const auto list_size = in.le<std::uint64_t>();
  if (list_size == 0) return 0;  // an archive of nothing
  MTK_TRY_LET(const std::uint64_t at, checked_add(list_at, start_size));
  MTK_TRY_LET(Bytes list, read_part(archive, at, list_size));
  std::uint64_t need = 0;
  for (int nested = 0; nested < most_nested_lists; ++nested) {
    ListReader reader{list};
    const std::uint64_t kind = reader.number();
    if (kind == header) MTK_TRY(reader.skip_to_streams());
    if (kind != header && kind != packed_header) return fail(damaged());
    MTK_TRY_LET(const Streams streams, reader.streams());
    need = std::max(need, streams.need);
    if (kind == header || need > limit) return need;
    MTK_TRY_LET(list, unpack_list(archive, streams));
  }
  return fail(damaged());
}

}  // namespace mtk
