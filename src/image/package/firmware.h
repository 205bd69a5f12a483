// SPDX-License-Identifier: Apache-2.0
// A firmware folder opened for use: its scatter, the image of every entry, agents and preloaders beside them.
#pragma once

#include "image/firmware_folder.h"
#include "image/kind.h"
#include "image/scatter/scatter.h"
#include "image/source.h"

#include <map>

namespace mtk {

/// The file behind one scatter entry. Either `content` or `problem` is set.
struct FirmwareImage {
  std::string partition;
  std::string file_name;  ///< as the scatter or the user names it
  /// Tables whose entry uses it; empty when it is for all of them. One partition may come from different
  /// files on eMMC and UFS.
  std::vector<ScatterStorage> storages = {};
  std::filesystem::path path = {};
  ImageVariant variant = ImageVariant::plain;
  FileKind kind = FileKind::unknown;
  ImagePtr content = {};              ///< expanded
  std::optional<Error> problem = {};  ///< io: missing or unreadable; bad_image: damaged
};

/// Files of the user's own choice, by partition name: they replace what the scatter names.
using ImageOverrides = std::map<std::string, std::filesystem::path>;

struct Firmware {
  std::filesystem::path scatter_file;
  Scatter scatter;
  std::vector<FirmwareImage> images;              ///< one per partition and file, table order
  std::vector<std::filesystem::path> agents;      ///< download-agent containers found beside the scatter
  std::vector<std::filesystem::path> preloaders;  ///< preloader files found beside the scatter

  /// The image of a partition in one table: exact, else in any case; null when absent.
  const FirmwareImage* find(std::string_view partition, ScatterStorage storage) const;
  const FirmwareImage* find(std::string_view partition) const;  ///< of the first table that has one
};

/// Opens a firmware folder, or its scatter file, flash.xml or download list. A list selects: only what it
/// names is to be downloaded.
/// Errors: io; bad_image (no scatter, or one that cannot be used); usage (several scatters: they are listed).
/// A missing or damaged image is no error here: it is told in its FirmwareImage.
Result<Firmware> open_firmware(const std::filesystem::path& path, const ImageOverrides& overrides = {});

/// Scatter files in a folder and at most three levels below it, found by content.
/// Errors: io.
Result<std::vector<std::filesystem::path>> find_scatters(const std::filesystem::path& folder);

}  // namespace mtk
