// SPDX-License-Identifier: Apache-2.0
// A firmware package opened for use: its scatter, the image of every entry, agents and preloaders beside
// them.
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
  std::filesystem::path path = {};  ///< for messages; in an archive no file has it
  std::vector<std::size_t> files =
      {};  ///< of Package::files(), parts in order; empty for the user's own file
  std::vector<std::size_t> others =
      {};  ///< files that answer to the same name, as the unsigned one of a pair
  ImageVariant variant = ImageVariant::plain;
  FileKind kind = FileKind::unknown;
  std::vector<ImagePtr> stored = {};  ///< as the package has it, one for each part
  ImagePtr content = {};              ///< expanded
  std::optional<Error> problem = {};  ///< io: missing or unreadable; bad_image: damaged
};

/// Files of the user's own choice, by partition name: they replace what the scatter names.
using ImageOverrides = std::map<std::string, std::filesystem::path>;

struct Firmware {
  PackagePtr package;                  ///< keeps what was unpacked; null in firmware made up by hand
  std::string folder;                  ///< of the scatter, below the package
  std::filesystem::path scatter_file;  ///< for messages
  Scatter scatter;
  std::vector<FirmwareImage> images;              ///< one per partition and file, table order
  std::vector<std::filesystem::path> agents;      ///< download-agent containers of the package, on disk
  std::vector<std::filesystem::path> preloaders;  ///< preloader files found beside the scatter, on disk

  /// The image of a partition in one table: exact, else in any case; null when absent.
  const FirmwareImage* find(std::string_view partition, ScatterStorage storage) const;
  const FirmwareImage* find(std::string_view partition) const;  ///< of the first table that has one
};

/// Opens a firmware package: a folder, an archive, a scatter file, flash.xml or download list. A list
/// selects: only what it names is to be downloaded. Errors: io; bad_image (no scatter, or one that cannot be
/// used); usage (several scatters: they are listed); and those of open_package(). A missing or damaged image
/// is no error here: it is told in its FirmwareImage.
Result<Firmware> open_firmware(const std::filesystem::path& path, const ImageOverrides& overrides = {},
                               const PackageOptions& options = {});

}  // namespace mtk
