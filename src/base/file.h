// SPDX-License-Identifier: Apache-2.0
// Files by positioned reads and writes; never memory-mapped, so memory stays flat whatever their size.
#pragma once

#include "base/bytes.h"

#include <filesystem>

namespace mtk {

class File {
 public:
  /// Errors: io (missing, a folder, no permission), with the system's reason.
  static Result<File> open(const std::filesystem::path& path);
  /// Creates or empties the file for reading and writing.
  static Result<File> create(const std::filesystem::path& path);
  /// Opens for reading and writing, creating it when it is missing; contents stay.
  static Result<File> open_or_create(const std::filesystem::path& path);
  ~File();
  File(File&&) noexcept;
  File& operator=(File&&) noexcept;

  Result<std::uint64_t> size() const;
  /// Fills `into` completely. Errors: io (also when the file ends before).
  Result<> read_at(std::uint64_t offset, std::span<std::byte> into) const;
  Result<> write_at(std::uint64_t offset, ByteView data);
  /// Grows or shrinks; what is new reads as zeros and takes no room on disk.
  Result<> resize(std::uint64_t size);
  /// Gives [offset, offset + length) back to the disk; it reads as zeros afterwards.
  Result<> punch_hole(std::uint64_t offset, std::uint64_t length);
  /// Returns when the data is on the disk.
  Result<> sync();
  const std::filesystem::path& path() const { return path_; }

 private:
  File(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
  int fd_ = -1;
  std::filesystem::path path_;
};

/// The whole file. Errors: io; out_of_range when it is larger than `limit` bytes.
Result<Bytes> read_file(const std::filesystem::path& path, std::uint64_t limit);
/// The file holds either the old or the new contents, whenever the machine stops.
Result<> write_file_atomically(const std::filesystem::path& path, ByteView data);

}  // namespace mtk
