// SPDX-License-Identifier: Apache-2.0
#include "image/mtk_header/mtk_header.h"

#include "base/ascii.h"
#include "base/checked.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

constexpr std::uint32_t magic = 0x58881688;
constexpr std::uint32_t extended_magic = 0x58891689;
constexpr std::uint64_t old_header_size = 512;
constexpr std::uint64_t largest_header = 4096;
constexpr std::size_t max_images = 64;
constexpr std::uint64_t largest_trailer = 1 << 20;  // looked at for a signature

struct Header {
  MtkImage image;
  bool extended = false;
  bool last = true;
  std::uint64_t alignment = 16;
};

/// Nothing where no header stands.
Result<std::optional<Header>> read_header(const ImageSource& file, std::uint64_t at) {
  if (!fits(at, old_header_size, file.size())) return std::optional<Header>{};
  Bytes raw(0x50);
  MTK_TRY(file.read_at(at, raw));
  ByteReader in{raw};
  if (in.le<std::uint32_t>() != magic) return std::optional<Header>{};
  Header out;
  out.image.size = in.le<std::uint32_t>();
  out.image.name = in.text(32);
  out.image.load_address = in.le<std::uint32_t>();
  in.skip(4);  // mode
  std::uint64_t header_size = old_header_size;
  if (in.le<std::uint32_t>() == extended_magic) {
    out.extended = true;
    header_size = in.le<std::uint32_t>();
    in.skip(4);  // version
    out.image.type = in.le<std::uint32_t>();
    out.last = in.le<std::uint32_t>() != 0;
    out.alignment = std::max<std::uint64_t>(in.le<std::uint32_t>(), 1);
    out.image.size |= std::uint64_t{in.le<std::uint32_t>()} << 32;
    out.image.load_address |= std::uint64_t{in.le<std::uint32_t>()} << 32;
    if (header_size < 0x50 || header_size > largest_header)
      return fail(Errc::bad_image, fmt::format("header of {} bytes", header_size));
  }
  out.image.offset = at + header_size;
  return std::optional{std::move(out)};
}

/// What follows the chain, padding left out.
Result<std::uint64_t> trailing_bytes(const ImageSource& file, std::uint64_t end) {
  if (end >= file.size()) return std::uint64_t{0};
  Bytes rest(static_cast<std::size_t>(std::min(file.size() - end, largest_trailer)));
  MTK_TRY(file.read_at(end, rest));
  const auto is_padding = [](std::byte b) { return b == std::byte{0} || b == std::byte{0xff}; };
  const auto used = std::find_if_not(rest.rbegin(), rest.rend(), is_padding);
  return static_cast<std::uint64_t>(rest.rend() - used);
}

bool is_certificate(std::string_view name) { return starts_ignoring_case(name, "cert"); }

}  // namespace

Result<MtkFile> read_mtk_file(const ImageSource& file) {
  MtkFile out;
  std::uint64_t at = 0;
  std::uint64_t end = 0;
  while (out.images.size() < max_images) {
    MTK_TRY_LET(const auto header, in(read_header(file, at), fmt::format("image {}", out.images.size())));
    if (!header) break;
    const MtkImage& image = header->image;
    if (!fits(image.offset, image.size, file.size())) {
      const std::string text =
          fmt::format("cut short: {} has {} bytes by its header", image.name, image.size);
      if (out.images.empty()) return fail(Errc::bad_image, text);
      out.warnings.push_back(text);
      break;
    }
    out.has_certificates = out.has_certificates || is_certificate(image.name);
    out.images.push_back(image);
    end = image.offset + image.size;
    // Single files may lack the mark of the last image; what follows decides.
    if (!header->extended) break;
    MTK_TRY_LET(at, round_up(end, header->alignment));
    if (header->last && !fits(at, old_header_size, file.size())) break;
  }
  if (out.images.empty()) return fail(Errc::bad_image, "no MediaTek image header");
  MTK_TRY_LET(out.trailing, trailing_bytes(file, end));
  return out;
}

Result<std::optional<std::uint32_t>> logo_pictures(const ImageSource& file, const MtkImage& logo) {
  constexpr std::uint32_t most = 4096;
  if (logo.size < 8) return std::optional<std::uint32_t>{};
  Bytes raw(8);
  MTK_TRY(file.read_at(logo.offset, raw));
  ByteReader in{raw};
  const auto count = in.le<std::uint32_t>();
  const auto total = in.le<std::uint32_t>();
  const bool believable = count > 0 && count <= most && total <= logo.size && 8 + 4ULL * count <= total;
  return believable ? std::optional{count} : std::nullopt;
}

}  // namespace mtk
