// SPDX-License-Identifier: Apache-2.0
#include "image/preloader/preloader.h"

#include "base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

constexpr std::uint64_t max_file_size = 64 * 1024 * 1024;  // the largest boot area

struct Opening {
  std::string_view text;
  PreloaderForm form;
};
constexpr std::array openings{
    Opening{"EMMC_BOOT", PreloaderForm::emmc_boot}, Opening{"UFS_BOOT", PreloaderForm::ufs_boot},
    Opening{"SDMMC_BOOT", PreloaderForm::sdmmc_boot}, Opening{"SF_BOOT", PreloaderForm::sf_boot},
    Opening{"BOOTLOADER!", PreloaderForm::nand_boot}};

PreloaderForm form_of(ByteView file, std::size_t image_offset) {
  if (image_offset == 0) return PreloaderForm::bare;
  for (const Opening& opening : openings) {
    const Bytes text = to_bytes(opening.text);
    if (file.size() >= text.size() && std::ranges::equal(file.first(text.size()), text)) return opening.form;
  }
  return PreloaderForm::other_header;
}

}  // namespace

std::string_view to_string(PreloaderForm form) {
  switch (form) {
    case PreloaderForm::bare:
      return "bare image";
    case PreloaderForm::emmc_boot:
      return "eMMC boot area";
    case PreloaderForm::ufs_boot:
      return "UFS boot area";
    case PreloaderForm::sdmmc_boot:
      return "SD card boot area";
    case PreloaderForm::sf_boot:
      return "serial flash boot area";
    case PreloaderForm::nand_boot:
      return "NAND boot area";
    case PreloaderForm::other_header:
      return "image behind an unknown header";
    case PreloaderForm::emi_block:
      return "memory settings only";
  }
  return "?";
}

ByteView Preloader::image() const { return ByteView(file).subspan(image_offset, info.file_length); }
ByteView Preloader::code() const {
  return image().subspan(info.content_offset,
                         std::size_t{info.file_length} - info.signature_length - info.content_offset);
}
ByteView Preloader::signature() const { return image().last(info.signature_length); }

std::string Preloader::project() const {
  if (!emi) return {};
  std::string_view name = emi->preloader_name;
  constexpr std::string_view before = "preloader_";
  constexpr std::string_view after = ".bin";
  if (name.starts_with(before)) name.remove_prefix(before.size());
  if (name.ends_with(after)) name.remove_suffix(after.size());
  return std::string(name);
}

Result<Preloader> parse_preloader(Bytes file) {
  Preloader out;
  auto emi = read_emi(file);
  const auto offset = find_gfh(file);
  if (!offset) {
    if (!emi) return fail(Errc::bad_image, "not a preloader: neither code nor memory settings in it");
    out.form = PreloaderForm::emi_block;
    out.emi = std::move(*emi);
    out.file = std::move(file);
    return out;
  }
  out.image_offset = *offset;
  out.form = form_of(file, *offset);
  const ByteView image = ByteView(file).subspan(*offset);
  MTK_TRY_LET(out.info, read_file_info(image));
  MTK_TRY_LET(out.headers, read_gfh_chain(image));
  if (out.info.file_type != static_cast<std::uint16_t>(GfhFileType::arm_bl)) {
    return fail(Errc::bad_image, fmt::format("file type {} is not a preloader", out.info.file_type));
  }
  if (out.info.file_length > out.info.max_size) {
    out.warnings.push_back(fmt::format("0x{:x} bytes where its own header allows 0x{:x}",
                                       out.info.file_length, out.info.max_size));
  }
  if (emi) {
    out.emi = std::move(*emi);
  } else {
    out.emi_problem = emi.error().what;
  }
  out.file = std::move(file);
  return out;
}

Result<Preloader> load_preloader(const std::filesystem::path& path) {
  MTK_TRY_LET(Bytes file, read_file(path, max_file_size));
  return in(parse_preloader(std::move(file)), path.filename().string());
}

}  // namespace mtk
