// SPDX-License-Identifier: Apache-2.0
#include "image/scatter/from_table.h"

#include "image/scatter/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk {

namespace {

/// What a storage writes in its scatters.
struct Kind {
  ScatterStorage storage;
  Area main;  ///< the area that the table divides
  std::string_view region;
  std::string_view boot_region;  ///< empty when there is none
  std::string_view boot_channel;
  std::uint64_t block_size;
};
constexpr std::array kinds{
    Kind{ScatterStorage::emmc, Area::user, "EMMC_USER", "EMMC_BOOT1_BOOT2", "MSDC_0", 0x20000},
    Kind{ScatterStorage::ufs, Area::lu2, "UFS_LU2", "UFS_LU0_LU1", "UFSHCI_0", 0x80000},
    Kind{ScatterStorage::nand, Area::nand, "NONE", "", "NONE", 0x20000}};

ScatterEntry entry_of(const Kind& kind, std::string_view name, std::uint64_t start, std::uint64_t size) {
  ScatterEntry entry;
  entry.name = name;
  entry.linear_start = start;
  entry.physical_start = start;
  entry.size = size;
  entry.region = kind.region;
  entry.storage = kind.storage;
  entry.boundary_check = true;
  entry.policy = ScatterPolicy::invisible;
  return entry;
}

const Kind* kind_of(std::span<const TableEntry> partitions) {
  for (const Kind& kind : kinds) {
    const auto in_it = [&](const TableEntry& p) { return p.region.area == kind.main; };
    if (std::ranges::any_of(partitions, in_it)) return &kind;
  }
  return nullptr;
}

Result<> check(const TableEntry& partition) {
  const std::string& name = partition.name;
  const bool blank = name.empty() || name.front() == ' ' || name.back() == ' ';
  if (!blank && !has_control(name) && name.find_first_of("/\\\"'#") == std::string::npos) return {};
  return fail(Errc::bad_image, fmt::format("'{}' is no name for a scatter", printable(name)));
}

}  // namespace

Result<Scatter> scatter_of_table(std::span<const TableEntry> partitions, std::string_view platform,
                                 const std::function<bool(std::string_view)>& is_identity) {
  const Kind* kind = kind_of(partitions);
  if (kind == nullptr) return fail(Errc::bad_image, "a table without partitions");
  Scatter out{.generation = ScatterGeneration::v2,
              .config_version = "V2.1.0",
              .platform = platform.empty() ? "unknown" : std::string{platform},
              .project = "read_from_phone"};
  ScatterSection section{.storage = kind->storage,
                         .boot_channel = std::string{kind->boot_channel},
                         .block_size = kind->block_size};
  const auto lists = [&](std::string_view name) {
    return std::ranges::any_of(partitions, [&](const TableEntry& p) { return same_word(p.name, name); });
  };
  if (!kind->boot_region.empty() && !lists("preloader")) {
    // The boot areas are the preloader's alone; a size larger than they are is cut when it is used.
    ScatterEntry preloader = entry_of(*kind, "preloader", 0, 0x400000);
    preloader.region = kind->boot_region;
    preloader.type = ScatterType::bootloader;
    preloader.policy = ScatterPolicy::bootloaders;
    preloader.file_name = "preloader.bin";
    section.entries.push_back(std::move(preloader));
  }
  std::uint64_t first = ~std::uint64_t{0};
  for (const TableEntry& p : partitions) {
    if (p.region.area == kind->main) first = std::min(first, p.region.offset);
  }
  if (first != 0 && !lists("pgpt")) section.entries.push_back(entry_of(*kind, "pgpt", 0, first));
  for (const TableEntry& partition : partitions) {
    MTK_TRY(check(partition));
    if (section.find(partition.name) != nullptr) {
      return fail(Errc::bad_image, fmt::format("the table lists {} twice", printable(partition.name)));
    }
    ScatterEntry entry = entry_of(*kind, partition.name, partition.region.offset, partition.region.length);
    entry.file_name = partition.name + ".img";
    entry.policy = is_identity(partition.name) ? ScatterPolicy::protected_area : ScatterPolicy::update;
    if (partition.region.area != kind->main) {
      // Old lists have the preloader among the others.
      if (partition.region.area != Area::boot1 && partition.region.area != Area::lu0) {
        return fail(Errc::bad_image,
                    fmt::format("{} lies in {}, which the table does not divide", printable(partition.name),
                                to_string(partition.region.area)));
      }
      entry.region = kind->boot_region;
      entry.type = ScatterType::bootloader;
      entry.policy = ScatterPolicy::bootloaders;
    }
    section.entries.push_back(std::move(entry));
  }
  for (std::size_t i = 0; i < section.entries.size(); ++i) section.entries[i].label = fmt::format("SYS{}", i);
  for (ScatterEntry& entry : section.entries) {
    const RegionAreas areas = parse_scatter_region(entry.region, entry.storage);
    entry.area = areas.area;
    entry.twin = areas.twin;
  }
  out.sections.push_back(std::move(section));
  return out;
}

}  // namespace mtk
