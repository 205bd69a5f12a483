// SPDX-License-Identifier: Apache-2.0
// Reads archives and compressed files from their start to their end, whatever their format. Entry names come
// out as they are written: archive/entry_name.h decides which of them may be used.
#pragma once

#include "image/source.h"

#include <optional>

namespace mtk {

struct ArchiveEntry {
  enum class Kind : std::uint8_t { file, folder, link, other };

  std::string name;  ///< UTF-8 where the archive says how it is written
  Kind kind = Kind::file;
  std::optional<std::uint64_t> size = {};  ///< unpacked; some formats do not say it before
};

/// Which formats are tried: the fewer, the fewer ways to be misled.
enum class ArchiveFormats : std::uint8_t {
  packages,    ///< zip, 7z, RAR; tar, packed once more or not
  single_file  ///< gzip, xz, lz4, zstd or bzip2 around one file
};

class ArchiveStream {
 public:
  /// Errors: bad_image (no archive of these formats, or damaged), unsupported (encrypted), io.
  static Result<ArchiveStream> open(ImagePtr archive, ArchiveFormats formats);
  ~ArchiveStream();
  ArchiveStream(ArchiveStream&&) noexcept;
  ArchiveStream& operator=(ArchiveStream&&) noexcept;

  /// The next entry, skipping what is left of the one before; nothing at the end.
  /// Errors: bad_image, unsupported (encrypted), io.
  Result<std::optional<ArchiveEntry>> next();
  /// The next bytes of the entry: fewer than asked for only at its end, 0 behind it.
  /// Errors: bad_image, unsupported (encrypted), io.
  Result<std::size_t> read(std::span<std::byte> into);
  /// Bytes of the archive that were read so far, or where in it the last ones were.
  std::uint64_t consumed() const;

 private:
  struct State;
  explicit ArchiveStream(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What a gzip, xz, lz4 (both framings), zstd or bzip2 file holds.
/// Errors: bad_image; out_of_range (more than `limit` bytes); io.
Result<Bytes> unpack_single_file(ImagePtr packed, std::uint64_t limit);
/// A bare LZ4 block, as file systems keep them. Errors: as unpack_single_file().
Result<Bytes> unpack_lz4_block(ByteView packed, std::uint64_t limit);
/// `3.6.2`, of the library behind it.
std::string archive_library_version();

}  // namespace mtk
