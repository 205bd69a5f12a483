// SPDX-License-Identifier: Apache-2.0
#include "flash/image_check.h"

#include "base/ascii.h"
#include "base/text.h"
#include "image/mtk_header/mtk_header.h"

#include <algorithm>

namespace mtk {

namespace {

using fmt::arg;

constexpr std::uint64_t largest_boot_area = 64ULL << 20;
constexpr std::uint8_t flash_device_none = 0;
constexpr std::uint8_t flash_device_emmc = 5;
constexpr std::uint8_t flash_device_ufs = 0x0c;

/// What the content must be where a wrong kind cannot start; everything else is the user's to know.
bool kind_fits(std::string_view partition, FileKind kind) {
  if (!is_partition_content(kind) || is_preloader(kind)) return false;
  const bool boot =
      (starts_ignoring_case(partition, "boot") && !starts_ignoring_case(partition, "boot_para")) ||
      starts_ignoring_case(partition, "recovery");
  if (boot)
    return kind == FileKind::android_boot || kind == FileKind::mtk_header || kind == FileKind::signed_wrapper;
  if (starts_ignoring_case(partition, "lk") || starts_ignoring_case(partition, "uboot")) {
    return kind == FileKind::mtk_header || kind == FileKind::signed_wrapper || kind == FileKind::unknown;
  }
  return true;
}

/// Images with a MediaTek header say what they are; boot images of old phones carry it inside.
bool header_fits(std::string_view partition, std::string_view name) {
  struct Holder {
    std::string_view name;
    std::string_view partition;
  };
  constexpr std::array holders{Holder{"logo", "logo"}, Holder{"lk", "lk"}, Holder{"lk", "uboot"}};
  const auto is_named = [&](const Holder& one) { return same_ignoring_case(one.name, name); };
  if (std::ranges::none_of(holders, is_named)) return true;
  return std::ranges::any_of(holders, [&](const Holder& one) {
    return is_named(one) && starts_ignoring_case(partition, one.partition);
  });
}

ImageCheck check_preloader(const ScatterEntry& entry, const FirmwareImage& image, const PhoneFacts* phone,
                           std::string_view project) {
  ImageCheck check;
  const auto refuse = [&](std::string id, std::string text) {
    check.refusal = Refusal{std::move(id), entry.name, std::move(text)};
    return check;
  };
  const auto damaged = [&](const Error& error) {
    return refuse("preloader_damaged", say(Text::refuse_preloader_damaged, arg("file", image.file_name),
                                           arg("reason", error.what), arg("partition", entry.name)));
  };
  const bool by_name = phone != nullptr && phone->preloader_by_name;
  auto content = by_name ? bare_preloader_content(*image.content) : boot_area_content(*image.content);
  if (!content) return damaged(content.error());
  check.bytes_on_phone = content->size();
  auto parsed = parse_preloader(std::move(*content));
  if (!parsed) return damaged(parsed.error());
  if (parsed->info.file_type != static_cast<std::uint16_t>(GfhFileType::arm_bl)) {
    return damaged(Error{.code = Errc::bad_image, .what = "its header is not that of a boot loader"});
  }
  const auto made_for =
      entry.area == Area::lu0 || entry.area == Area::lu1 ? flash_device_ufs : flash_device_emmc;
  if (parsed->info.flash_device != made_for && parsed->info.flash_device != flash_device_none) {
    return refuse("preloader_storage", say(Text::refuse_preloader_storage, arg("file", image.file_name),
                                           arg("partition", entry.name)));
  }
  if (!project.empty() && !parsed->project().empty() && parsed->project() != project) {
    check.warnings.push_back(
        {"preloader_project", entry.name,
         say(Text::warn_preloader_project, arg("preloader", parsed->project()), arg("scatter", project))});
  }
  if (!parsed->emi) {
    check.warnings.push_back({"preloader_unchecked", entry.name,
                              say(Text::warn_preloader_unchecked, arg("reason", parsed->emi_problem))});
  } else if (phone != nullptr && !phone->storage_id.empty() &&
             describes_memory(*parsed->emi, phone->storage_id) == MemoryMatch::not_listed) {
    return refuse("preloader_memory", say(Text::refuse_preloader_memory, arg("file", image.file_name),
                                          arg("id", hex(ByteView{phone->storage_id}.first(
                                                        std::min<std::size_t>(phone->storage_id.size(), 9)))),
                                          arg("partition", entry.name)));
  }
  return check;
}

}  // namespace

Result<Bytes> bare_preloader_content(const ImageSource& file) {
  MTK_TRY_LET(const Bytes stored, read_all(file, largest_boot_area));
  return strip_device_header(stored);
}

Result<Bytes> boot_area_content(const ImageSource& file) {
  MTK_TRY_LET(const Bytes bare, bare_preloader_content(file));
  return add_emmc_header(bare);
}

ImageCheck check_image(const ScatterEntry& entry, const FirmwareImage& image, bool preloader,
                       const PhoneFacts* phone, std::string_view project) {
  if (preloader && is_preloader(image.kind)) return check_preloader(entry, image, phone, project);
  ImageCheck check{.bytes_on_phone = image.content->size()};
  std::string kind{to_string(image.kind)};
  bool fits = !preloader && kind_fits(entry.name, image.kind);
  if (fits && image.kind == FileKind::mtk_header) {
    const auto inside = read_mtk_file(*image.content);
    if (inside && !header_fits(entry.name, inside->images.front().name)) {
      fits = false;
      kind += fmt::format(" `{}`", inside->images.front().name);
    }
  }
  if (!fits) {
    check.refusal = Refusal{"wrong_kind", entry.name,
                            say(Text::refuse_wrong_kind, arg("file", image.file_name), arg("kind", kind),
                                arg("partition", entry.name))};
  }
  return check;
}

}  // namespace mtk
