// SPDX-License-Identifier: Apache-2.0
// A firmware package as people have it: a folder, or an archive of any kind. Everything above sees a list of
// files and their content, and never a path outside the package.
// Source: docs/format/package.md
#pragma once

#include "image/source.h"

#include <mtk/progress.h>

#include <optional>

namespace mtk {

enum class PackageForm : std::uint8_t {
  folder,
  zip,      ///< read in place
  unpacked  ///< an archive that had to be unpacked into the cache
};
std::string_view to_string(PackageForm form);

struct PackageFile {
  std::string name;                       ///< below the package, `/` between folders
  std::uint64_t size = 0;                 ///< as stored in the folder, or unpacked
  std::optional<std::uint32_t> crc = {};  ///< CRC-32, where the archive keeps one
};

/// Immutable; may be shared between threads. An unpacked archive goes away with the last user.
class Package {
 public:
  virtual ~Package() = default;

  virtual PackageForm form() const = 0;
  /// The content of file `index` as it is stored: sparse stays sparse. Errors: io, bad_image, unsupported.
  virtual Result<ImagePtr> open(std::size_t index) const = 0;
  /// A file on disk with that content, for what takes paths: agents, preloaders. Lives as long as the
  /// package. Errors: io, bad_image, unsupported; out_of_range (too large for a copy).
  virtual Result<std::filesystem::path> on_disk(std::size_t index) const = 0;

  /// What the user named.
  const std::filesystem::path& path() const { return path_; }
  const std::vector<PackageFile>& files() const { return files_; }  ///< by name
  /// What was left out, and why; sentences without a full stop.
  const std::vector<std::string>& remarks() const { return remarks_; }
  /// By name: exact, else in any case; nothing when absent.
  std::optional<std::size_t> find(std::string_view name) const;
  /// For messages: the real path in a folder, `rom.zip/boot.img` in an archive.
  std::filesystem::path shown(std::size_t index) const { return path_ / files_.at(index).name; }

 protected:
  std::filesystem::path path_;
  std::vector<PackageFile> files_;
  std::vector<std::string> remarks_;
};
using PackagePtr = std::shared_ptr<const Package>;

struct PackageOptions {
  /// Where archives are unpacked; empty: `cache` in the tool's data folder.
  std::filesystem::path cache = {};
  std::stop_token stop = {};     ///< ends unpacking
  Observer* observer = nullptr;  ///< told how far unpacking is; null: nobody
};

/// A folder with everything at most `depth` levels below it. Links that lead out of it do not count.
/// Errors: io; usage (far too many files for a firmware folder).
Result<PackagePtr> open_folder_package(const std::filesystem::path& folder, int depth = 4);
/// A folder or an archive. Errors: as open_folder_package(); bad_image (no archive, or damaged), unsupported
/// (encrypted), out_of_range, io (also: not enough room to unpack), cancelled.
Result<PackagePtr> open_package(const std::filesystem::path& path, const PackageOptions& options = {});
/// An archive inside a package. Errors: as open_package().
Result<PackagePtr> open_nested_package(const PackagePtr& outer, std::size_t index,
                                       const PackageOptions& options = {});

/// The folder of a name: `rom/images` of `rom/images/lk.bin`, empty for a file of the package itself.
std::string_view folder_of_name(std::string_view name);
/// The rest of it: `lk.bin`.
std::string_view base_name(std::string_view name);
/// The name that a file of the package means by a path it holds.
/// \param written  as in the file; `\` is a separator, too; may lead up, but never out of the package
/// \param folder   of the file that holds it
/// Errors: bad_image (absolute, a drive, or outside the package).
Result<std::string> resolve_name(std::string_view written, std::string_view folder);

/// The first bytes of a file, enough for kind_of(). Errors: as Package::open().
Result<Bytes> read_head(const Package& package, std::size_t index);

}  // namespace mtk
