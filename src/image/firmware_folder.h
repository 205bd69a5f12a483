// SPDX-License-Identifier: Apache-2.0
// Finding the image files of a scatter in a folder: any case, signed variants, and never outside the folder.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace mtk {

/// Which of the files that a package may hold for one name.
enum class ImageVariant : std::uint8_t { plain, verified, sign };

struct FoundImage {
  std::filesystem::path path;
  ImageVariant variant = ImageVariant::plain;
  /// Other files that answer to the name: variants, and names differing only in case.
  std::vector<std::filesystem::path> others;
};

class FirmwareFolder {
 public:
  /// Lists the folder once (not its sub-folders). Errors: io.
  static Result<FirmwareFolder> open(const std::filesystem::path& folder);

  const std::filesystem::path& path() const { return path_; }
  /// Whether any file is a -verified or -sign variant.
  bool has_signed_images() const;
  /// \param file_name  base name as the scatter has it; matched exactly first, then in any case
  /// \param order      variants in order of preference
  /// Nothing when no such file is there; folders and links that lead out of the folder do not count.
  std::optional<FoundImage> find(std::string_view file_name, const std::vector<ImageVariant>& order) const;
  /// Signed variants first when the package has any.
  std::optional<FoundImage> find(std::string_view file_name) const;
  /// Names that fit a pattern with one `*`, in any case, for find(): variants of one name are one.
  std::vector<std::string> names_fitting(std::string_view pattern) const;

 private:
  std::filesystem::path path_;
  std::vector<std::string> names_;
};

}  // namespace mtk
