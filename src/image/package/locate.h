// SPDX-License-Identifier: Apache-2.0
// Finds the scatter of a firmware package, and what else the package names beside it.
#pragma once

#include "image/package/flash_xml.h"
#include "image/package/package.h"
#include "image/scatter/scatter.h"

#include <optional>

namespace mtk {

/// Indexes are those of Package::files().
struct FirmwareFiles {
  PackagePtr package;
  std::size_t scatter = 0;
  std::vector<std::size_t> agents = {};  ///< named by the package, wherever they lie in it
  /// Only these partitions are to be written, from these files.
  std::optional<std::vector<std::pair<std::string, std::size_t>>> list = {};
};

/// \param path  a folder, an archive, a scatter file, a flash.xml or a download list
/// Of several scatters that hold the same table, as text and XML, the first text file is taken. Where there
/// is none, the one archive in the package is looked into. Errors: io; bad_image (no scatter, which says what
/// the package is instead; a package file that cannot be used); usage (several scatters or archives: they are
/// listed); and those of open_package().
Result<FirmwareFiles> locate_firmware(const std::filesystem::path& path, const PackageOptions& options = {});

}  // namespace mtk
