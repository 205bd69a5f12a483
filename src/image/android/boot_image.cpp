// SPDX-License-Identifier: Apache-2.0
#include "image/android/boot_image.h"

#include "base/checked.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

constexpr std::string_view boot_magic = "ANDROID!";
constexpr std::string_view vendor_magic = "VNDRBOOT";
constexpr std::uint32_t version_offset = 0x28;
constexpr std::uint32_t newest_version = 4;
constexpr std::uint32_t page_size_v3 = 4096;
constexpr std::uint32_t max_page_size = 1 << 20;
constexpr std::size_t head_size = 4096;  // every header fits
constexpr std::uint32_t mtk_magic = 0x58881688;
constexpr std::uint64_t mtk_header_size = 512;

/// `11.0.0` in the upper 21 bits, years since 2000 and month in the lower 11.
void read_os_version(BootImage& out, std::uint32_t word) {
  const std::uint32_t version = word >> 11;
  if (version != 0)
    out.os_version = fmt::format("{}.{}.{}", version >> 14, (version >> 7) & 0x7f, version & 0x7f);
  const std::uint32_t month = word & 0xf;
  if (month >= 1 && month <= 12)
    out.patch_level = fmt::format("{}-{:02}", 2000 + ((word >> 4) & 0x7f), month);
}

/// Lays parts out one behind the other, each beginning on a page.
class Layout {
 public:
  Layout(BootImage& out, std::uint64_t header_size) : out_(out), at_(pages(header_size)) {}

  void add(std::string_view name, std::uint64_t size) {
    if (size == 0) return;
    out_.parts.push_back({.name = std::string{name}, .offset = at_, .size = size});
    out_.end = at_ + size;
    at_ += pages(size);
  }

 private:
  /// Sizes are 32 bits in the header, so nothing overflows.
  std::uint64_t pages(std::uint64_t size) const {
    return (size + out_.page_size - 1) / out_.page_size * out_.page_size;
  }

  BootImage& out_;
  std::uint64_t at_;
};

Result<> check_page_size(std::uint32_t size) {
  if (size >= 512 && size <= max_page_size && (size & (size - 1)) == 0) return {};
  return fail(Errc::bad_image, fmt::format("boot image with pages of {} bytes", size));
}

Result<> read_old(BootImage& out, ByteReader& in) {
  in.seek(8);
  const auto kernel = in.le<std::uint32_t>();
  in.skip(4);
  const auto ramdisk = in.le<std::uint32_t>();
  in.skip(4);
  const auto second = in.le<std::uint32_t>();
  in.skip(8);  // addresses
  out.page_size = in.le<std::uint32_t>();
  in.skip(4);  // header version
  read_os_version(out, in.le<std::uint32_t>());
  out.name = in.text(16);
  out.cmdline = in.text(512);
  in.skip(32);  // id
  out.cmdline += in.text(1024);
  std::uint32_t recovery_dtbo = 0;
  std::uint32_t dtb = 0;
  std::uint64_t header_size = 0x660;
  if (out.header_version >= 1) {
    recovery_dtbo = in.le<std::uint32_t>();
    in.skip(8);
    header_size = in.le<std::uint32_t>();
  }
  if (out.header_version == 2) dtb = in.le<std::uint32_t>();
  MTK_TRY(in.ok());
  MTK_TRY(check_page_size(out.page_size));
  if (header_size > head_size) return fail(Errc::bad_image, fmt::format("header of {} bytes", header_size));
  Layout layout{out, header_size};
  layout.add("kernel", kernel);
  layout.add("ramdisk", ramdisk);
  layout.add("second", second);
  layout.add("recovery_dtbo", recovery_dtbo);
  layout.add("dtb", dtb);
  return {};
}

Result<> read_new(BootImage& out, ByteReader& in) {
  in.seek(8);
  const auto kernel = in.le<std::uint32_t>();
  const auto ramdisk = in.le<std::uint32_t>();
  read_os_version(out, in.le<std::uint32_t>());
  in.seek(version_offset + 4);
  out.page_size = page_size_v3;
  out.cmdline = in.text(1536);
  const std::uint32_t signature = out.header_version >= 4 ? in.le<std::uint32_t>() : 0;
  MTK_TRY(in.ok());
  Layout layout{out, head_size};
  layout.add("kernel", kernel);
  layout.add("ramdisk", ramdisk);
  layout.add("signature", signature);
  return {};
}

Result<> read_vendor(BootImage& out, ByteReader& in) {
  in.seek(8);
  out.header_version = in.le<std::uint32_t>();
  out.page_size = in.le<std::uint32_t>();
  in.skip(8);  // addresses
  const auto ramdisk = in.le<std::uint32_t>();
  out.cmdline = in.text(2048);
  in.skip(4);
  out.name = in.text(16);
  const auto header_size = in.le<std::uint32_t>();
  const auto dtb = in.le<std::uint32_t>();
  in.skip(8);
  std::uint32_t table = 0;
  std::uint32_t bootconfig = 0;
  if (out.header_version >= 4) {
    table = in.le<std::uint32_t>();
    in.skip(8);
    bootconfig = in.le<std::uint32_t>();
  }
  MTK_TRY(in.ok());
  MTK_TRY(check_page_size(out.page_size));
  if (header_size > head_size) return fail(Errc::bad_image, fmt::format("header of {} bytes", header_size));
  Layout layout{out, header_size};
  layout.add("vendor_ramdisk", ramdisk);
  layout.add("dtb", dtb);
  layout.add("vendor_ramdisk_table", table);
  layout.add("bootconfig", bootconfig);
  return {};
}

/// Kernel and ramdisk of older phones carry the vendor's own header.
Result<> step_over_mtk_header(BootPart& part, const ImageSource& image) {
  if (part.size < mtk_header_size) return {};
  Bytes raw(0x28);
  MTK_TRY(image.read_at(part.offset, raw));
  ByteReader in{raw};
  if (in.le<std::uint32_t>() != mtk_magic) return {};
  in.skip(4);
  part.mtk_name = in.text(32);
  part.offset += mtk_header_size;
  part.size -= mtk_header_size;
  return {};
}

bool starts_with(ByteView head, std::string_view magic) {
  return head.size() >= magic.size() && std::ranges::equal(head.first(magic.size()), to_bytes(magic));
}

}  // namespace

const BootPart* BootImage::part(std::string_view wanted) const {
  const auto found = std::ranges::find(parts, wanted, &BootPart::name);
  return found == parts.end() ? nullptr : &*found;
}

Result<BootImage> read_boot_image(const ImageSource& image) {
  Bytes head(static_cast<std::size_t>(std::min<std::uint64_t>(image.size(), head_size)));
  MTK_TRY(image.read_at(0, head));
  BootImage out;
  ByteReader in{head, Errc::bad_image};
  if (starts_with(head, vendor_magic)) {
    out.vendor = true;
    MTK_TRY(mtk::in(read_vendor(out, in), "vendor boot header"));
  } else if (starts_with(head, boot_magic)) {
    in.seek(version_offset);
    out.header_version = in.le<std::uint32_t>();
    // Before there were versions, another vendor kept a size in this place.
    if (out.header_version > newest_version) out.header_version = 0;
    MTK_TRY(mtk::in(out.header_version >= 3 ? read_new(out, in) : read_old(out, in), "boot header"));
  } else {
    return fail(Errc::bad_image, "not an Android boot image");
  }
  const auto outside = [&](const BootPart& part) { return !fits(part.offset, part.size, image.size()); };
  for (const BootPart& part : out.parts) {
    if (outside(part)) {
      out.warnings.push_back(fmt::format("cut short: {} should reach to byte {}, the file has {}", part.name,
                                         part.offset + part.size, image.size()));
    }
  }
  std::erase_if(out.parts, outside);
  for (BootPart& part : out.parts) MTK_TRY(step_over_mtk_header(part, image));
  return out;
}

}  // namespace mtk
