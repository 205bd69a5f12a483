// SPDX-License-Identifier: Apache-2.0
#include "image/preloader/gfh.h"

#include "base/checked.h"
#include "base/wire.h"

#include <algorithm>

namespace mtk {

namespace gfh_format {

struct FileInfo {
  std::array<std::byte, 4> magic;  ///< "MMM" and the version
  std::uint16_t size;
  std::uint16_t type;
  std::array<std::byte, 12> name;
  std::uint32_t file_version;
  std::uint16_t file_type;
  std::uint8_t flash_device;
  std::uint8_t signature_type;
  std::uint32_t load_address;
  std::uint32_t file_length;
  std::uint32_t max_size;
  std::uint32_t content_offset;
  std::uint32_t signature_length;
  std::uint32_t jump_offset;
  std::uint32_t attributes;
};

}  // namespace gfh_format

template <>
struct Wire<gfh_format::FileInfo> {
  using F = gfh_format::FileInfo;
  static constexpr auto order = std::endian::little;
  static constexpr auto fields = std::tuple{Field{"magic", &F::magic},
                                            Field{"size", &F::size},
                                            Field{"type", &F::type},
                                            Field{"name", &F::name},
                                            Field{"file_version", &F::file_version},
                                            Field{"file_type", &F::file_type},
                                            Field{"flash_device", &F::flash_device},
                                            Field{"signature_type", &F::signature_type},
                                            Field{"load_address", &F::load_address},
                                            Field{"file_length", &F::file_length},
                                            Field{"max_size", &F::max_size},
                                            Field{"content_offset", &F::content_offset},
                                            Field{"signature_length", &F::signature_length},
                                            Field{"jump_offset", &F::jump_offset},
                                            Field{"attributes", &F::attributes}};
};

namespace {

constexpr std::uint16_t file_info_size = 0x38;
static_assert(wire_size<gfh_format::FileInfo>() == file_info_size);
constexpr std::size_t header_size = 8;
constexpr std::string_view magic = "MMM";

/// Magic, version 1, size and type 0, then the name.
Bytes opening() {
  ByteWriter out;
  out.text(magic, 3).u8(1).le(file_info_size).le(std::uint16_t{0}).text("FILE_INFO", 9);
  return std::move(out).take();
}

}  // namespace

bool starts_with_gfh(ByteView bytes) {
  const Bytes start = opening();
  return bytes.size() >= start.size() && std::ranges::equal(bytes.first(start.size()), start);
}

std::optional<std::size_t> find_gfh(ByteView bytes) {
  constexpr std::size_t limit = 0x2000;
  const Bytes start = opening();
  const auto searched = bytes.first(std::min(bytes.size(), limit));
  const auto found = std::search(searched.begin(), searched.end(), start.begin(), start.end());
  if (found == searched.end()) return std::nullopt;
  return static_cast<std::size_t>(found - searched.begin());
}

Result<GfhFileInfo> read_file_info(ByteView file) {
  ByteReader reader{file, Errc::bad_image};
  const auto raw = read<gfh_format::FileInfo>(reader);
  MTK_TRY(reader.ok());
  if (!starts_with_gfh(file)) return fail(Errc::bad_image, "no FILE_INFO header");
  const GfhFileInfo info{.file_type = raw.file_type,
                         .flash_device = raw.flash_device,
                         .signature_type = raw.signature_type,
                         .load_address = raw.load_address,
                         .file_length = raw.file_length,
                         .max_size = raw.max_size,
                         .content_offset = raw.content_offset,
                         .signature_length = raw.signature_length,
                         .jump_offset = raw.jump_offset,
                         .attributes = raw.attributes};
  if (info.file_length > file.size()) {
    return fail(Errc::bad_image,
                fmt::format("the file ends after 0x{:x} of its 0x{:x} bytes", file.size(), info.file_length));
  }
  if (info.content_offset < file_info_size ||
      !fits(info.content_offset, info.signature_length, info.file_length)) {
    return fail(Errc::bad_image,
                fmt::format("content at 0x{:x} and a signature of 0x{:x} do not fit a file of 0x{:x} bytes",
                            info.content_offset, info.signature_length, info.file_length));
  }
  return info;
}

Result<std::vector<GfhHeader>> read_gfh_chain(ByteView file) {
  MTK_TRY_LET(const GfhFileInfo info, read_file_info(file));
  std::vector<GfhHeader> headers;
  std::size_t offset = 0;
  while (fits(offset, header_size, info.content_offset)) {
    ByteReader reader{file.subspan(offset)};
    if (reader.text(magic.size()) != magic) break;
    GfhHeader header{.offset = offset, .version = reader.u8()};
    header.size = reader.le<std::uint16_t>();
    header.type = reader.le<std::uint16_t>();
    if (header.size < header_size || !fits(offset, header.size, info.content_offset)) {
      return fail(Errc::bad_image,
                  fmt::format("header type {} at 0x{:x} has size 0x{:x}", header.type, offset, header.size));
    }
    headers.push_back(header);
    offset += header.size;
  }
  return headers;
}

}  // namespace mtk
