// SPDX-License-Identifier: Apache-2.0
#include "image/package/image_facts.h"

#include "image/android/boot_image.h"
#include "image/android/super.h"
#include "image/mtk_header/mtk_header.h"
#include "image/preloader/preloader.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace mtk {

namespace {

constexpr std::uint64_t largest_preloader = 64 << 20;

class Looker {
 public:
  Looker(const ImagePtr& content, Look look) : content_(content), look_(look) {}

  ImageFacts run() {
    Bytes head(static_cast<std::size_t>(std::min<std::uint64_t>(content_->size(), kind_head_size)));
    if (!content_->read_at(0, head)) return std::move(out_);
    out_.kind = kind_of(head);
    switch (out_.kind) {
      case FileKind::android_boot:
      case FileKind::vendor_boot:
        boot_image();
        break;
      case FileKind::mtk_header:
        mtk_file();
        break;
      case FileKind::super_image:
        super_image();
        break;
      case FileKind::ext4:
      case FileKind::erofs:
        file_system();
        break;
      case FileKind::f2fs:
      case FileKind::squashfs:
      case FileKind::ubi:
        add("not_read", std::string{to_string(out_.kind)});
        break;
      case FileKind::signed_wrapper:
        out_.is_signed = true;
        add("old_signature");
        break;
      case FileKind::gzip:
      case FileKind::lz4:
      case FileKind::xz:
      case FileKind::bzip2:
      case FileKind::zstd:
        add("packed");
        break;
      default:
        if (is_preloader(out_.kind)) preloader();
    }
    verified_boot();
    return std::move(out_);
  }

 private:
  void add(std::string id, std::string value = {}) {
    out_.facts.push_back({.id = std::move(id), .value = std::move(value)});
  }
  void add_known(std::string id, const std::string& value) {
    if (!value.empty()) add(std::move(id), value);
  }

  void file_system() {
    const auto properties = properties_of_filesystem(*content_);
    if (properties) {
      out_.build = build_facts(*properties);
    } else {
      add("not_read", fmt::format("{}: {}", to_string(out_.kind), properties.error().what));
    }
  }

  void boot_image() {
    const auto boot = read_boot_image(*content_);
    if (!boot) {
      out_.damage.push_back(boot.error().what);
      return;
    }
    add_known("android", boot->os_version);
    add_known("patch", boot->patch_level);
    add_known("board", boot->name);
    add("header", std::to_string(boot->header_version));
    add_known("cmdline", boot->cmdline);
    const BootPart* ramdisk = boot->part("ramdisk");
    if (ramdisk != nullptr && ramdisk->mtk_name == "RECOVERY") add("recovery");
    out_.damage = boot->warnings;
    out_.build.android = boot->os_version;
    out_.build.security_patch = boot->patch_level;
    BuildFacts inside = build_facts(properties_of_boot_image(content_));
    add_known("fingerprint", inside.fingerprint);
    inside.fill_from(out_.build);
    out_.build = std::move(inside);
  }

  void mtk_file() {
    const auto file = read_mtk_file(*content_);
    if (!file) {
      out_.damage.push_back(file.error().what);
      return;
    }
    std::vector<std::string> names;
    for (const MtkImage& image : file->images) names.push_back(image.name);
    add("contents", fmt::format("{}", fmt::join(names, ", ")));
    if (file->images.front().name == "logo") {
      const auto pictures = logo_pictures(*content_, file->images.front());
      if (pictures && *pictures) add("pictures", std::to_string(**pictures));
    }
    out_.is_signed = file->is_signed();
    if (file->is_signed()) {
      add(file->has_certificates ? "certificates" : "old_signature");
    } else {
      add("unsigned");
    }
    out_.damage = file->warnings;
  }

  void super_image() {
    const auto table = read_super(*content_);
    if (!table) {
      out_.damage.push_back(table.error().what);
      return;
    }
    std::vector<std::string> names;
    for (const LogicalPartition& partition : table->partitions) {
      if (partition.size > 0) names.push_back(partition.name);
    }
    add("partitions", fmt::format("{}", fmt::join(names, ", ")));
    out_.damage = table->warnings;
    out_.build = build_facts(properties_of_super(content_));
  }

  void preloader() {
    const auto bytes = read_all(*content_, largest_preloader);
    if (!bytes) return;
    const auto parsed = parse_preloader(*bytes);
    if (!parsed) {
      out_.damage.push_back(parsed.error().what);
      return;
    }
    // A plain hash guards against damage, not against others.
    constexpr std::uint8_t single_signature = 2;
    out_.is_signed = parsed->info.signature_type >= single_signature;
    if (parsed->emi) add("memory", parsed->emi->preloader_name);
  }

  void verified_boot() {
    auto avb = read_avb(*content_);
    if (!avb) {
      out_.damage.push_back(avb.error().what);
      return;
    }
    if (!*avb) return;
    out_.avb = std::move(*avb);
    const AvbInfo& info = *out_.avb;
    // A footer without a key is covered by the key of vbmeta, so it says nothing about this image alone.
    if (info.is_signed) {
      out_.is_signed = true;
      add("signed", info.algorithm);
    } else if (!info.original_size) {
      out_.is_signed = false;
      add("unsigned");
    }
    if (info.verification_disabled) add("verification_off");
    if (!info.original_size) {
      std::vector<std::string> names;
      for (const AvbPartition& part : info.partitions) names.push_back(part.name);
      add_known("covers", fmt::format("{}", fmt::join(names, ", ")));
    } else if (look_ == Look::deep && info.partitions.size() == 1) {
      const auto match = compare_avb(*content_, info.partitions.front());
      if (match && *match == AvbMatch::differs) {
        out_.changed_after_signing = true;
        add("changed");
      }
      if (match && *match == AvbMatch::matches) add("intact");
    }
    out_.build.fill_from(build_facts(info.properties));
  }

  const ImagePtr& content_;
  Look look_;
  ImageFacts out_;
};

}  // namespace

bool ImageFacts::has(std::string_view id) const {
  return std::ranges::find(facts, id, &ImageFact::id) != facts.end();
}

ImageFacts look_at_image(const ImagePtr& content, Look look) { return Looker{content, look}.run(); }

}  // namespace mtk
