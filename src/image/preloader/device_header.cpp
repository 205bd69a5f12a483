// SPDX-License-Identifier: Apache-2.0
// The header that makes the boot ROM find a preloader in an eMMC boot area. Layout checked byte for byte
// against boot area dumps; see docs/format/preloader.md#device-header.
#include "base/checked.h"
#include "image/preloader/preloader.h"

namespace mtk {

namespace {

constexpr std::uint32_t unit = 0x200;
constexpr std::uint32_t image_start = 0x800;
constexpr std::uint32_t descriptor_magic = 0x42424242;
constexpr std::uint16_t emmc_device = 5;
constexpr std::uint16_t arm_bl = 1;

Result<Bytes> cut_to_length(ByteView image) {
  MTK_TRY_LET(const GfhFileInfo info, read_file_info(image));
  const ByteView used = image.first(info.file_length);
  return Bytes(used.begin(), used.end());
}

}  // namespace

Result<Bytes> add_emmc_header(ByteView bare) {
  if (!starts_with_gfh(bare)) return fail(Errc::bad_image, "not a bare preloader image");
  MTK_TRY_LET(const Bytes image, cut_to_length(bare));
  MTK_TRY_LET(const auto padded, round_up(image_start + image.size(), unit));
  if (padded > 0xffffffffU) return fail(Errc::bad_image, "preloader larger than a boot area");
  const auto end = static_cast<std::uint32_t>(padded);

  ByteWriter out;
  out.text("EMMC_BOOT", 12).le(std::uint32_t{1}).le(unit);
  out.fill(unit - out.size(), std::byte{0xff});
  out.text("BRLYT", 8).le(std::uint32_t{1}).le(image_start).le(end);
  out.le(descriptor_magic).le(emmc_device).le(arm_bl).le(image_start).le(end).le(std::uint32_t{1});
  out.fill(image_start - out.size());
  out.bytes(image);
  out.fill(end - out.size(), std::byte{0xff});
  return std::move(out).take();
}

Result<Bytes> strip_device_header(ByteView file) {
  const auto offset = find_gfh(file);
  if (!offset) return fail(Errc::bad_image, "no preloader image in the file");
  return cut_to_length(file.subspan(*offset));
}

}  // namespace mtk
