// SPDX-License-Identifier: Apache-2.0
// What a package without a scatter is: an Android update, a backup, dumps of another tool ... so that people
// hear what they have and what to look for instead.
#pragma once

#include "image/kind.h"
#include "image/package/package.h"

namespace mtk {

enum class PackageNature : std::uint8_t {
  nothing,          ///< nothing that is known here
  ota_payload,      ///< Android update with payload.bin
  ota_blocks,       ///< Android update with block lists, or another package for recovery
  twrp_backup,      ///< backup made by a recovery
  partition_dumps,  ///< one file per partition, as mtkclient's `rl` leaves them
  area_readbacks,   ///< ROM_0 ...: whole areas read back by the vendor's tool
  odin,             ///< Samsung's tar packages
  fastboot_images   ///< images for fastboot, without a scatter
};
/// Stable names, as in JSON: `ota_payload` ...
std::string_view to_string(PackageNature nature);

/// A file that holds what one place of a phone held.
struct PackageDump {
  std::string place;     ///< partition, or area: `user`, `boot1`; empty when it does not show
  std::string text;      ///< for people: the place, and the file where that says more
  std::size_t file = 0;  ///< of Package::files()
};

struct PackageSight {
  PackageNature nature = PackageNature::nothing;
  std::vector<PackageDump> dumps = {};    ///< of backups and dumps
  std::vector<std::string> details = {};  ///< partitions of an update, ...
};

/// Looks at names first and at content where names do not tell. Never fails: what cannot be read says
/// nothing.
PackageSight recognise_package(const Package& package);

/// What a file is that stands for no package, and what to name instead; for people.
std::string explain_single_file(FileKind kind, const std::filesystem::path& path);

/// Why it cannot be flashed and what to look for, for people.
std::string explain_nature(const PackageSight& sight, const std::filesystem::path& path);

}  // namespace mtk
