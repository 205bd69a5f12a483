// SPDX-License-Identifier: Apache-2.0
#include "image/android/properties.h"

#include "image/android/boot_image.h"
#include "image/android/erofs.h"
#include "image/android/ext4.h"
#include "image/android/super.h"
#include "image/archive/ramdisk.h"
#include "image/kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

constexpr std::uint64_t largest_properties = 1 << 20;

/// Where file systems keep them: a system image holds the root, or only /system.
constexpr std::array<std::string_view, 5> filesystem_paths{
    "system/build.prop", "build.prop", "etc/build.prop", "system/etc/build.prop", "default.prop"};
constexpr std::array<std::string_view, 4> ramdisk_paths{"prop.default", "default.prop",
                                                        "system/etc/ramdisk/build.prop", "build.prop"};
constexpr std::array<std::string_view, 10> logical_names{"system",     "system_a",     "product", "product_a",
                                                         "system_ext", "system_ext_a", "vendor",  "vendor_a",
                                                         "odm",        "odm_a"};

void merge(Properties& into, Properties more) { into.merge(more); }

/// The first value among keys made from a pattern with the usual partitions put in.
std::string first_of(const Properties& all, std::span<const std::string_view> keys) {
  for (const std::string_view key : keys) {
    const auto found = all.find(std::string{key});
    if (found != all.end() && !found->second.empty()) return found->second;
  }
  return {};
}

std::string product(const Properties& all, std::string_view what) {
  constexpr std::array<std::string_view, 7> forms{
      "ro.product.{}",     "ro.product.system.{}",    "ro.product.product.{}",   "ro.product.vendor.{}",
      "ro.product.odm.{}", "ro.product.bootimage.{}", "ro.product.system_ext.{}"};
  for (const std::string_view form : forms) {
    const auto found = all.find(fmt::format(fmt::runtime(form), what));
    // Generic images name themselves instead of the phone.
    if (found != all.end() && !found->second.empty() && !found->second.starts_with("mainline"))
      return found->second;
  }
  return {};
}

/// `com.android.build.system.os_version` and its likes, of whichever partition comes first.
std::string avb_property(const Properties& all, std::string_view ending) {
  for (const auto& [key, value] : all) {
    if (key.starts_with("com.android.build.") && key.ends_with(ending)) return value;
  }
  return {};
}

}  // namespace

Properties parse_properties(ByteView file) {
  Properties out;
  std::string text;
  for (const std::byte byte : file) text += std::to_integer<char>(byte);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = std::string_view{text}.substr(at, end - at);
    at = end + 1;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    const std::size_t equals = line.find('=');
    if (line.starts_with('#') || equals == std::string_view::npos || equals == 0) continue;
    out.emplace(printable_text(to_bytes(line.substr(0, equals))),
                printable_text(to_bytes(line.substr(equals + 1))));
  }
  return out;
}

Properties properties_of_super(const ImagePtr& super) {
  const auto table = read_super(*super);
  if (!table) return {};
  Properties out;
  for (const std::string_view name : logical_names) {
    const LogicalPartition* partition = table->find(name);
    if (partition == nullptr || partition->size == 0) continue;
    const auto content = open_logical(super, *partition);
    if (!content) continue;
    if (const auto inside = properties_of_filesystem(**content)) merge(out, *inside);
  }
  return out;
}

Result<Properties> properties_of_filesystem(const ImageSource& image) {
  Bytes head(static_cast<std::size_t>(std::min<std::uint64_t>(image.size(), kind_head_size)));
  MTK_TRY(image.read_at(0, head));
  const auto read = kind_of(head) == FileKind::erofs ? read_erofs_file : read_ext4_file;
  Properties out;
  for (const std::string_view path : filesystem_paths) {
    const auto file = read(image, path, largest_properties);
    if (!file && out.empty()) return fail(file.error());
    if (!file) return out;
    if (*file) merge(out, parse_properties(**file));
  }
  return out;
}

Properties properties_of_boot_image(ImagePtr image) {
  const auto boot = read_boot_image(*image);
  if (!boot) return {};
  for (const std::string_view name : {"ramdisk", "vendor_ramdisk"}) {
    const BootPart* part = boot->part(name);
    if (part == nullptr) continue;
    auto ramdisk = slice_image(image, part->offset, part->size);
    if (!ramdisk) continue;
    const auto file = read_ramdisk_file(std::move(*ramdisk), ramdisk_paths, largest_properties);
    if (file && *file) return parse_properties(**file);
  }
  return {};
}

void BuildFacts::fill_from(const BuildFacts& other) {
  const auto fill = [](std::string& mine, const std::string& theirs) {
    if (mine.empty()) mine = theirs;
  };
  fill(brand, other.brand);
  fill(model, other.model);
  fill(device, other.device);
  fill(android, other.android);
  fill(security_patch, other.security_patch);
  fill(build, other.build);
  fill(fingerprint, other.fingerprint);
}

BuildFacts build_facts(const Properties& all) {
  constexpr std::array<std::string_view, 5> release{
      "ro.build.version.release", "ro.system.build.version.release", "ro.product.build.version.release",
      "ro.vendor.build.version.release", "ro.bootimage.build.version.release"};
  constexpr std::array<std::string_view, 2> patch{"ro.build.version.security_patch",
                                                  "ro.vendor.build.security_patch"};
  constexpr std::array<std::string_view, 4> display{"ro.build.display.id", "ro.build.id",
                                                    "ro.system.build.id", "ro.vendor.build.id"};
  constexpr std::array<std::string_view, 5> fingerprint{
      "ro.build.fingerprint", "ro.system.build.fingerprint", "ro.product.build.fingerprint",
      "ro.vendor.build.fingerprint", "ro.bootimage.build.fingerprint"};
  BuildFacts facts{.brand = product(all, "brand"),
                   .model = product(all, "model"),
                   .device = product(all, "device"),
                   .android = first_of(all, release),
                   .security_patch = first_of(all, patch),
                   .build = first_of(all, display),
                   .fingerprint = first_of(all, fingerprint)};
  if (facts.android.empty()) facts.android = avb_property(all, ".os_version");
  if (facts.security_patch.empty()) facts.security_patch = avb_property(all, ".security_patch");
  if (facts.fingerprint.empty()) facts.fingerprint = avb_property(all, ".fingerprint");
  return facts;
}

}  // namespace mtk
