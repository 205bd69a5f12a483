// SPDX-License-Identifier: Apache-2.0
#include "image/package/nature.h"

#include "base/ascii.h"
#include "base/text.h"
#include "image/android/ota_payload.h"
#include "image/kind.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

constexpr std::array<std::string_view, 8> names{"nothing",     "ota_payload",     "ota_blocks",
                                                "twrp_backup", "partition_dumps", "area_readbacks",
                                                "odin",        "fastboot_images"};

/// Partitions that nearly every phone of these chips has, old and new spelling.
constexpr std::array<std::string_view, 26> known_partitions{
    "boot",      "recovery", "lk",        "logo",      "nvram",    "nvdata",   "nvcfg", "proinfo", "pro_info",
    "protect1",  "protect2", "protect_f", "protect_s", "seccfg",   "secro",    "para",  "tee1",    "persist",
    "preloader", "system",   "vendor",    "super",     "userdata", "metadata", "frp",   "expdb"};

std::string_view without_ending(std::string_view name, std::string_view ending) {
  return name.substr(0, name.size() - ending.size());
}

/// Partition name of a dump: `boot_a` of `boot_a.bin`; nothing for names that are no partition.
std::optional<std::string> dumped_partition(std::string_view name) {
  const std::string low = to_lower(name);
  for (const std::string_view ending : {".bin", ".img"}) {
    if (!low.ends_with(ending)) continue;
    std::string stem{without_ending(name, ending)};
    const std::string plain =
        to_lower(stem.ends_with("_a") || stem.ends_with("_b") ? stem.substr(0, stem.size() - 2) : stem);
    if (std::ranges::find(known_partitions, plain) != known_partitions.end()) return stem;
  }
  return std::nullopt;
}

/// `ROM_3`, with or without an ending.
bool is_readback(std::string_view name) {
  if (!starts_ignoring_case(name, "rom_") || name.size() < 5) return false;
  const std::string_view number =
      name.substr(4, name.find('.') == std::string_view::npos ? name.npos : name.find('.') - 4);
  return !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The area a dump without a name was read from, by how it begins.
std::string area_of(const Package& package, std::size_t file) {
  const auto head = read_head(package, file);
  if (!head) return {};
  const FileKind kind = kind_of(*head);
  if (kind == FileKind::gpt || kind == FileKind::mbr) return "user";
  return is_preloader(kind) ? "boot1" : "";
}

/// What the names of a package tell, counted once.
class Sight {
 public:
  explicit Sight(const Package& package) : package_(package) {
    for (std::size_t i = 0; i < package.files().size(); ++i) look_at(i, base_name(package.files()[i].name));
  }

  PackageSight sum_up() {
    PackageSight out;
    if (payload_) {
      out.nature = PackageNature::ota_payload;
      out.details = partitions_of_payload();
    } else if (block_list_ || recovery_script_) {
      out.nature = PackageNature::ota_blocks;
    } else if (!twrp_.empty()) {
      out = {.nature = PackageNature::twrp_backup, .dumps = std::move(twrp_)};
    } else if (!readbacks_.empty()) {
      out = {.nature = PackageNature::area_readbacks, .dumps = std::move(readbacks_)};
    } else if (odin_) {
      out.nature = PackageNature::odin;
    } else if (fastboot_) {
      out.nature = PackageNature::fastboot_images;
    } else if (dumps_.size() >= 2) {
      out = {.nature = PackageNature::partition_dumps, .dumps = std::move(dumps_)};
    }
    return out;
  }

 private:
  void look_at(std::size_t index, std::string_view name) {
    const std::string low = to_lower(name);
    if (low == "payload.bin") payload_ = index;
    block_list_ = block_list_ || low.ends_with(".new.dat") || low.ends_with(".new.dat.br") ||
                  low.ends_with(".transfer.list");
    recovery_script_ = recovery_script_ || low == "updater-script";
    fastboot_ = fastboot_ || low == "android-info.txt" || low.starts_with("flash_all") ||
                low.starts_with("flash-all");
    odin_ = odin_ || low.ends_with(".tar.md5") || low.ends_with(".pit") || low.ends_with(".img.lz4") ||
            low.ends_with(".bin.lz4");
    const std::size_t win = low.find(".win");
    if (win != std::string::npos && !low.ends_with(".sha2") && !low.ends_with(".md5")) {
      const std::string partition{name.substr(0, name.find('.'))};
      twrp_.push_back({.place = partition, .text = partition, .file = index});
    } else if (is_readback(name)) {
      const std::string area = area_of(package_, index);
      const std::string text = area.empty() ? std::string{name} : fmt::format("{} ({})", name, area);
      readbacks_.push_back({.place = area, .text = text, .file = index});
    } else if (auto partition = dumped_partition(name)) {
      dumps_.push_back({.place = *partition, .text = *partition, .file = index});
    }
  }

  std::vector<std::string> partitions_of_payload() const {
    const auto content = package_.open(*payload_);
    if (!content) return {};
    auto payload = read_ota_payload(**content);
    return payload ? std::move(payload->partitions) : std::vector<std::string>{};
  }

  const Package& package_;
  std::optional<std::size_t> payload_;
  bool block_list_ = false;
  bool recovery_script_ = false;
  bool fastboot_ = false;
  bool odin_ = false;
  std::vector<PackageDump> twrp_;
  std::vector<PackageDump> readbacks_;
  std::vector<PackageDump> dumps_;
};

}  // namespace

std::string_view to_string(PackageNature nature) { return names.at(static_cast<std::size_t>(nature)); }

PackageSight recognise_package(const Package& package) { return Sight{package}.sum_up(); }

std::string explain_single_file(FileKind kind, const std::filesystem::path& path) {
  return say(is_partition_content(kind) ? Text::package_single_image : Text::package_single_file,
             fmt::arg("path", path.string()), fmt::arg("kind", to_string(kind)));
}

std::string explain_nature(const PackageSight& sight, const std::filesystem::path& path) {
  constexpr std::array sentences{
      Text::package_nothing,     Text::package_ota_payload,     Text::package_ota_blocks,
      Text::package_twrp_backup, Text::package_partition_dumps, Text::package_area_readbacks,
      Text::package_odin,        Text::package_fastboot_images};
  std::vector<std::string> places;
  for (const PackageDump& dump : sight.dumps) places.push_back(dump.text);
  return say(sentences.at(static_cast<std::size_t>(sight.nature)), fmt::arg("path", path.string()),
             fmt::arg("places", fmt::format("{}", fmt::join(places, ", "))));
}

}  // namespace mtk
