// SPDX-License-Identifier: Apache-2.0
// Finding the image files of a scatter in one folder of a package: any case, signed variants, parts of split
// images.
#pragma once

#include "image/package/package.h"

#include <optional>
#include <vector>

namespace mtk {

/// Which of the files that a package may hold for one name.
enum class ImageVariant : std::uint8_t { plain, verified, sign };

/// Indexes are those of Package::files().
struct FoundImage {
  std::size_t file = 0;
  ImageVariant variant = ImageVariant::plain;
  /// The files of a split image in order, `file` being the first; empty for the usual single file.
  std::vector<std::size_t> parts = {};
  /// A part that is missing before or between others: `part 3 of super.img`.
  std::string missing_part = {};
  /// Other files that answer to the name: variants, and names differing only in case.
  std::vector<std::size_t> others = {};
};

class FirmwareFolder {
 public:
  /// \param folder  below the package, `rom/images`; empty for the package itself. Sub-folders do not count.
  FirmwareFolder(PackagePtr package, std::string_view folder);

  const Package& package() const { return *package_; }
  /// Whether any file is a -verified or -sign variant.
  bool has_signed_images() const;
  /// \param file_name  base name as the scatter has it; matched exactly first, then in any case
  /// \param order      variants in order of preference
  /// A split image is found under the name of the whole.
  std::optional<FoundImage> find(std::string_view file_name, const std::vector<ImageVariant>& order) const;
  /// Signed variants first when the package has any.
  std::optional<FoundImage> find(std::string_view file_name) const;
  /// Names of files that fit a pattern with one `*`, in any case. Variants of one file count once, under the
  /// name without their suffix.
  std::vector<std::string> names_fitting(std::string_view pattern) const;
  /// Indexes of all files of the folder.
  std::vector<std::size_t> files() const;

 private:
  struct Entry {
    std::string name;
    std::size_t index;
  };
  std::optional<FoundImage> find_parts(std::string_view file_name) const;

  PackagePtr package_;
  std::vector<Entry> entries_;
};

}  // namespace mtk
