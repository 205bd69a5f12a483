// SPDX-License-Identifier: Apache-2.0
// Finds the scatter of a firmware folder, and what else the package names beside it.
#pragma once

#include "image/package/flash_xml.h"
#include "image/scatter/scatter.h"

#include <optional>

namespace mtk {

struct FirmwareFiles {
  std::filesystem::path scatter;
  std::vector<std::filesystem::path> agents = {};  ///< named by the package, wherever they lie in it
  /// Only these are to be written, from these files.
  std::optional<std::vector<std::pair<std::string, std::filesystem::path>>> list = {};
};

/// \param path  a folder, a scatter file, a flash.xml or a download list
/// Of several scatters in a folder that hold the same table, as text and XML, the first text file is taken.
/// Errors: io; bad_image (no scatter, a package file that cannot be used); usage (several scatters: they are
/// listed).
Result<FirmwareFiles> locate_firmware(const std::filesystem::path& path);

}  // namespace mtk
