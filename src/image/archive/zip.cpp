// SPDX-License-Identifier: Apache-2.0
#include "image/archive/zip.h"

#include "base/checked.h"
#include "image/archive/inflate.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

constexpr std::uint32_t end_magic = 0x06054b50;
constexpr std::uint32_t end64_magic = 0x06064b50;
constexpr std::uint32_t locator64_magic = 0x07064b50;
constexpr std::uint32_t entry_magic = 0x02014b50;
constexpr std::uint32_t member_magic = 0x04034b50;
constexpr std::size_t end_size = 22;
constexpr std::size_t end64_size = 56;
constexpr std::size_t locator64_size = 20;
constexpr std::size_t entry_size = 46;
constexpr std::size_t member_size = 30;
constexpr std::size_t longest_comment = 0xffff;
constexpr std::uint64_t largest_directory = 32 << 20;
constexpr std::uint32_t in_zip64 = 0xffffffff;
/// Deflate makes at most 1032 bytes of one.
constexpr std::uint64_t deflate_ratio = 1032;

struct Directory {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t count = 0;
};

Result<Bytes> read_part(const ImageSource& zip, std::uint64_t offset, std::uint64_t size) {
  if (!fits(offset, size, zip.size())) return fail(Errc::bad_image, "the zip archive is cut short");
  Bytes out(static_cast<std::size_t>(size));
  MTK_TRY(zip.read_at(offset, out));
  return out;
}

Result<Directory> read_end64(const ImageSource& zip, std::uint64_t end_at) {
  if (end_at < locator64_size) return fail(Errc::bad_image, "the zip archive's end is damaged");
  MTK_TRY_LET(const Bytes locator, read_part(zip, end_at - locator64_size, locator64_size));
  ByteReader in{locator};
  if (in.le<std::uint32_t>() != locator64_magic)
    return fail(Errc::bad_image, "the zip archive's end is damaged");
  in.skip(4);
  MTK_TRY_LET(const Bytes end, read_part(zip, in.le<std::uint64_t>(), end64_size));
  ByteReader fields{end};
  if (fields.le<std::uint32_t>() != end64_magic)
    return fail(Errc::bad_image, "the zip archive's end is damaged");
  fields.seek(32);
  Directory out;
  out.count = fields.le<std::uint64_t>();
  out.size = fields.le<std::uint64_t>();
  out.offset = fields.le<std::uint64_t>();
  return out;
}

/// Readers differ in whether one that is not needed counts, so it does here, too.
Result<bool> has_locator64(const ImageSource& zip, std::uint64_t end_at) {
  if (end_at < locator64_size) return false;
  MTK_TRY_LET(const Bytes locator, read_part(zip, end_at - locator64_size, locator64_size));
  return ByteReader{locator}.le<std::uint32_t>() == locator64_magic;
}

Result<Directory> find_directory(const ImageSource& zip) {
  const std::uint64_t tail = std::min<std::uint64_t>(zip.size(), end_size + longest_comment);
  if (tail < end_size) return fail(Errc::bad_image, "too short for a zip archive");
  MTK_TRY_LET(const Bytes bytes, read_part(zip, zip.size() - tail, tail));
  for (std::size_t at = bytes.size() - end_size + 1; at-- > 0;) {
    ByteReader in{bytes};
    in.seek(at);
    if (in.le<std::uint32_t>() != end_magic) continue;
    const auto disk = in.le<std::uint16_t>();
    const auto directory_disk = in.le<std::uint16_t>();
    in.skip(2);
    Directory out{.count = in.le<std::uint16_t>()};
    out.size = in.le<std::uint32_t>();
    out.offset = in.le<std::uint32_t>();
    // Readers differ in what they make of a second end inside a comment.
    if (in.le<std::uint16_t>() > bytes.size() - at - end_size)
      return fail(Errc::bad_image, "the zip archive's end is damaged");
    if (disk != directory_disk || (disk != 0 && disk != 0xffff))
      return fail(Errc::bad_image, "one volume of a split zip archive: join the volumes first");
    const std::uint64_t end_at = zip.size() - tail + at;
    const bool wide = out.count == 0xffff || out.size == in_zip64 || out.offset == in_zip64;
    MTK_TRY_LET(const bool has_locator, has_locator64(zip, end_at));
    return wide || has_locator ? read_end64(zip, end_at) : out;
  }
  return fail(Errc::bad_image, "the zip archive is cut short: its list of files is missing");
}

/// Sizes that do not fit 32 bits stand in an extra field, those that are needed only.
void read_extra64(ZipMember& member, ByteReader extra) {
  while (!extra.failed() && extra.remaining() >= 4) {
    const auto id = extra.le<std::uint16_t>();
    ByteReader in{extra.bytes(extra.le<std::uint16_t>())};
    if (id != 1) continue;
    for (std::uint64_t* field : {&member.size, &member.packed_size, &member.header_at}) {
      if (*field == in_zip64) *field = in.le<std::uint64_t>();
    }
    return;
  }
}

ZipMember read_entry(ByteReader& in) {
  ZipMember out;
  constexpr std::uint16_t unix_host = 3;
  const bool on_unix = (in.le<std::uint16_t>() >> 8) == unix_host;
  in.skip(2);
  out.encrypted = (in.le<std::uint16_t>() & 1) != 0;
  out.method = in.le<std::uint16_t>();
  in.skip(4);  // time
  out.crc = in.le<std::uint32_t>();
  out.packed_size = in.le<std::uint32_t>();
  out.size = in.le<std::uint32_t>();
  const auto name_size = in.le<std::uint16_t>();
  const auto extra_size = in.le<std::uint16_t>();
  const auto comment_size = in.le<std::uint16_t>();
  in.skip(4);  // disk, internal attributes
  const std::uint32_t mode = in.le<std::uint32_t>() >> 16;
  out.header_at = in.le<std::uint32_t>();
  for (const std::byte byte : in.bytes(name_size)) out.name += std::to_integer<char>(byte);
  read_extra64(out, ByteReader{in.bytes(extra_size)});
  in.skip(comment_size);
  out.is_folder = out.name.ends_with('/') || out.name.ends_with('\\');
  out.is_link = on_unix && (mode & 0xf000) == 0xa000;
  return out;
}

Result<> check_member(const ZipMember& member, std::uint64_t zip_size) {
  if (!fits(member.header_at, member_size, zip_size) ||
      !fits(member.header_at + member_size, member.packed_size, zip_size)) {
    return fail(Errc::bad_image, "it lies outside the archive");
  }
  // Below a kilobyte the fixed costs of a stream blur the ratio.
  if (member.method == 8 && member.size / deflate_ratio > member.packed_size + 1)
    return fail(Errc::bad_image, "it claims to unpack to more than its method can hold");
  if (member.method == 0 && member.size != member.packed_size)
    return fail(Errc::bad_image, "it is stored, but in another size");
  return {};
}

}  // namespace

Result<std::vector<ZipMember>> read_zip_directory(const ImageSource& zip) {
  MTK_TRY_LET(const Directory directory, find_directory(zip));
  if (directory.count > max_zip_members)
    return fail(Errc::out_of_range, fmt::format("a zip archive of {} files", directory.count));
  if (directory.size > largest_directory) return fail(Errc::bad_image, "the zip archive's list is too long");
  MTK_TRY_LET(const Bytes bytes, read_part(zip, directory.offset, directory.size));
  ByteReader in{bytes, Errc::bad_image};
  std::vector<ZipMember> members;
  for (std::uint64_t i = 0; i < directory.count; ++i) {
    if (in.remaining() < entry_size || in.le<std::uint32_t>() != entry_magic)
      return fail(Errc::bad_image, fmt::format("file {} of the zip archive's list is damaged", i));
    ZipMember member = read_entry(in);
    MTK_TRY(in.ok());
    MTK_TRY(mtk::in(check_member(member, zip.size()), printable_text(to_bytes(member.name))));
    members.push_back(std::move(member));
  }
  // Members that share bytes unpack to more than the archive could hold.
  std::vector<const ZipMember*> by_place;
  for (const ZipMember& member : members) by_place.push_back(&member);
  std::ranges::sort(by_place, {}, &ZipMember::header_at);
  for (std::size_t i = 1; i < by_place.size(); ++i) {
    const ZipMember& before = *by_place[i - 1];
    if (before.header_at + member_size + before.packed_size > by_place[i]->header_at)
      return fail(Errc::bad_image, "files of the zip archive overlap: it is made to deceive");
  }
  return members;
}

Result<ImagePtr> packed_zip_member(const ImagePtr& zip, const ZipMember& member) {
  MTK_TRY_LET(const Bytes header, read_part(*zip, member.header_at, member_size));
  ByteReader in{header};
  const auto magic = in.le<std::uint32_t>();
  in.skip(4);
  const auto method = in.le<std::uint16_t>();
  in.seek(26);
  const std::uint64_t names = std::uint64_t{in.le<std::uint16_t>()} + in.le<std::uint16_t>();
  if (magic != member_magic || method != member.method)
    return fail(Errc::bad_image, "the zip archive's list and its content differ");
  auto packed = slice_image(zip, member.header_at + member_size + names, member.packed_size);
  if (!packed) return fail(Errc::bad_image, "the zip archive is cut short");
  return packed;
}

Result<ImagePtr> open_zip_member(const ImagePtr& zip, const ZipMember& member) {
  if (member.encrypted) return fail(Errc::unsupported, "the archive is protected by a password");
  if (!member.in_place()) return fail(Errc::unsupported, fmt::format("packed by method {}", member.method));
  MTK_TRY_LET(ImagePtr packed, packed_zip_member(zip, member));
  if (member.method == 0) return packed;
  return open_deflated(std::move(packed), member.size, member.crc);
}

}  // namespace mtk
