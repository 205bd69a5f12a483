// SPDX-License-Identifier: Apache-2.0
// Unpacking an archive that cannot be read in place, once, into a folder that goes away with its user.
#pragma once

#include "image/source.h"

#include <mtk/progress.h>

#include <optional>

namespace mtk {

/// A folder of this run below the cache; removed, with what is in it, at the end.
class CacheFolder {
 public:
  /// Makes one, and removes those that runs which are gone have left. Errors: io.
  static Result<std::shared_ptr<const CacheFolder>> create(const std::filesystem::path& cache);
  ~CacheFolder();
  CacheFolder(const CacheFolder&) = delete;
  CacheFolder& operator=(const CacheFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit CacheFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

struct UnpackLimits {
  std::size_t files = 20000;
  /// Firmware packs to a tenth at best, empty file systems to much less; beyond this it is made to fill
  /// disks.
  std::uint64_t ratio = 200;
  std::uint64_t always = 256 << 20;        ///< small archives may unpack to this much
  std::uint64_t leave_free = 256 << 20;    ///< on the disk
  std::optional<std::uint64_t> free = {};  ///< room on the disk; asked for when not given
};

struct UnpackedFile {
  std::string name;  ///< below the folder, `/` between
  std::uint64_t size = 0;
};
struct Unpacked {
  std::vector<UnpackedFile> files = {};
  std::vector<std::string> remarks = {};  ///< entries left out, and why
};

/// Links, devices and entries with unsafe names are left out and told. Progress counts the bytes of the
/// archive. \param name  of the archive, for progress Errors: bad_image (damaged, or unpacks to more than the
/// limits allow), unsupported (encrypted), io (also: not enough room), out_of_range (too many files),
/// cancelled.
Result<Unpacked> unpack_archive(ImagePtr archive, std::string_view name, const std::filesystem::path& into,
                                const OpContext& op, const UnpackLimits& limits = {});

}  // namespace mtk
