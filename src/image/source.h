// SPDX-License-Identifier: Apache-2.0
// The content of an image, wherever it is kept: a file, a sparse file, memory, or part of another image.
// Reads are positioned and nothing is mapped, so memory stays flat whatever the size.
#pragma once

#include "base/file.h"
#include "base/source.h"

#include <memory>

namespace mtk {

/// How a stretch of an image is kept.
enum class ExtentKind : std::uint8_t {
  data,  ///< its bytes stand in the file
  fill   ///< one 4-byte pattern, repeated
};

/// A stretch of the expanded image that has content. What lies between two extents is a hole: "don't care",
/// reads as zeros and need not be written.
struct Extent {
  std::uint64_t offset = 0;  ///< in the expanded image, bytes
  std::uint64_t length = 0;
  ExtentKind kind = ExtentKind::data;
  std::uint64_t stored_at = 0;  ///< where its bytes stand in the file; 0 for fill
  std::uint32_t pattern = 0;    ///< the repeated little-endian word of a fill

  bool operator==(const Extent&) const = default;
};

/// Image content with random access, in expanded coordinates. Immutable; may be shared between threads.
class ImageSource {
 public:
  virtual ~ImageSource() = default;
  /// Expanded size in bytes: what the partition must have room for.
  virtual std::uint64_t size() const = 0;
  /// Bytes the image takes as stored.
  virtual std::uint64_t stored_size() const { return size(); }
  /// Fills `into` completely; holes read as zeros. Errors: out_of_range (past size()), io, bad_image.
  virtual Result<> read_at(std::uint64_t offset, std::span<std::byte> into) const = 0;
  /// Extents in ascending order, never touching a hole. Plain content is one extent.
  virtual std::size_t extent_count() const { return size() == 0 ? 0 : 1; }
  virtual Extent extent(std::size_t) const { return Extent{.length = size()}; }
};

using ImagePtr = std::shared_ptr<const ImageSource>;

/// Opens a file; an Android sparse file is recognised by its magic and read expanded, everything else as is.
/// Errors: io; bad_image (a damaged sparse file).
Result<ImagePtr> open_image(const std::filesystem::path& path);
/// The content of stored bytes: a sparse image expanded, everything else as it is. Errors: bad_image, io.
Result<ImagePtr> expand_image(ImagePtr stored);
/// The file as it is stored, sparse or not. Errors: io.
Result<ImagePtr> open_raw_image(const std::filesystem::path& path);
ImagePtr memory_image(Bytes content);
/// [offset, offset + length) of another image. Errors: out_of_range.
Result<ImagePtr> slice_image(ImagePtr whole, std::uint64_t offset, std::uint64_t length);

/// Holes up to this size are written as zeros rather than starting a new write: every write is a whole
/// command of the agent with its own flush.
inline constexpr std::uint64_t merged_hole_limit = 1024 * 1024;

struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  bool operator==(const ByteRange&) const = default;
};

/// What must be written: the extents with holes up to `merge` bytes closed, ascending, not touching.
std::vector<ByteRange> ranges_to_write(const ImageSource& image, std::uint64_t merge = merged_hole_limit);

/// Reads [offset, offset + length) of an image forward, for an agent.
class ImageReader final : public Source {
 public:
  /// The range must lie inside the image.
  ImageReader(ImagePtr image, std::uint64_t offset, std::uint64_t length);
  explicit ImageReader(ImagePtr image);

  std::uint64_t size() const override { return length_; }
  Result<> read(std::span<std::byte> into) override;
  Result<> rewind() override;

 private:
  ImagePtr image_;
  std::uint64_t offset_;
  std::uint64_t length_;
  std::uint64_t position_ = 0;
};

/// The whole content. Errors: out_of_range when it is larger than `limit` bytes; io, bad_image.
Result<Bytes> read_all(const ImageSource& image, std::uint64_t limit);

}  // namespace mtk
