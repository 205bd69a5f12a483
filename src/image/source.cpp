// SPDX-License-Identifier: Apache-2.0
#include "image/source.h"

#include "base/checked.h"
#include "image/sparse/sparse.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk {

namespace {

Result<> check_range(const ImageSource& image, std::uint64_t offset, std::uint64_t length) {
  if (fits(offset, length, image.size())) return {};
  return fail(Errc::out_of_range, fmt::format("bytes 0x{:x}+0x{:x} lie outside the image of 0x{:x} bytes",
                                              offset, length, image.size()));
}

class FileImage final : public ImageSource {
 public:
  FileImage(File file, std::uint64_t size) : file_(std::move(file)), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<> read_at(std::uint64_t offset, std::span<std::byte> into) const override {
    MTK_TRY(check_range(*this, offset, into.size()));
    return file_.read_at(offset, into);
  }

 private:
  File file_;
  std::uint64_t size_;
};

class MemoryImage final : public ImageSource {
 public:
  explicit MemoryImage(Bytes content) : content_(std::move(content)) {}
  std::uint64_t size() const override { return content_.size(); }
  Result<> read_at(std::uint64_t offset, std::span<std::byte> into) const override {
    MTK_TRY(check_range(*this, offset, into.size()));
    std::ranges::copy(ByteView(content_).subspan(static_cast<std::size_t>(offset), into.size()),
                      into.begin());
    return {};
  }

 private:
  Bytes content_;
};

/// Counts the extents of a part without keeping them: first and last are cut to the part.
class SliceImage final : public ImageSource {
 public:
  SliceImage(ImagePtr whole, std::uint64_t offset, std::uint64_t length)
      : whole_(std::move(whole)), offset_(offset), length_(length) {
    const std::size_t count = whole_->extent_count();
    first_ = first_extent(0, count, [&](const Extent& e) { return e.offset + e.length > offset_; });
    end_ = first_;
    if (length_ == 0) return;
    end_ = first_extent(first_, count, [&](const Extent& e) { return e.offset >= offset_ + length_; });
  }
  std::uint64_t size() const override { return length_; }
  Result<> read_at(std::uint64_t offset, std::span<std::byte> into) const override {
    MTK_TRY(check_range(*this, offset, into.size()));
    return whole_->read_at(offset_ + offset, into);
  }
  std::size_t extent_count() const override { return end_ - first_; }
  Extent extent(std::size_t index) const override {
    Extent extent = whole_->extent(first_ + index);
    const std::uint64_t start = std::max(extent.offset, offset_);
    const std::uint64_t end = std::min(extent.offset + extent.length, offset_ + length_);
    if (extent.kind == ExtentKind::data) extent.stored_at += start - extent.offset;
    if (extent.kind == ExtentKind::fill) {
      // A cut inside a word turns the pattern.
      const auto turn = static_cast<unsigned>((start - extent.offset) % 4 * 8);
      if (turn != 0) extent.pattern = (extent.pattern >> turn) | (extent.pattern << (32 - turn));
    }
    extent.offset = start - offset_;
    extent.length = end - start;
    return extent;
  }

 private:
  template <class Predicate>
  std::size_t first_extent(std::size_t low, std::size_t high, Predicate holds) const {
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (holds(whole_->extent(middle))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  ImagePtr whole_;
  std::uint64_t offset_;
  std::uint64_t length_;
  std::size_t first_ = 0;
  std::size_t end_ = 0;
};

}  // namespace

Result<ImagePtr> open_raw_image(const std::filesystem::path& path) {
  MTK_TRY_LET(File file, File::open(path));
  MTK_TRY_LET(const auto size, file.size());
  return std::make_shared<FileImage>(std::move(file), size);
}

Result<ImagePtr> expand_image(ImagePtr stored) {
  Bytes head(static_cast<std::size_t>(std::min<std::uint64_t>(stored->size(), 4)));
  MTK_TRY(stored->read_at(0, head));
  if (!is_sparse(head)) return stored;
  return open_sparse(std::move(stored));
}

Result<ImagePtr> open_image(const std::filesystem::path& path) {
  MTK_TRY_LET(ImagePtr stored, open_raw_image(path));
  return in(expand_image(std::move(stored)), path.filename().string());
}

ImagePtr memory_image(Bytes content) { return std::make_shared<MemoryImage>(std::move(content)); }

Result<ImagePtr> slice_image(ImagePtr whole, std::uint64_t offset, std::uint64_t length) {
  MTK_TRY(check_range(*whole, offset, length));
  return std::make_shared<SliceImage>(std::move(whole), offset, length);
}

std::vector<ByteRange> ranges_to_write(const ImageSource& image, std::uint64_t merge) {
  std::vector<ByteRange> ranges;
  for (std::size_t i = 0; i < image.extent_count(); ++i) {
    const Extent extent = image.extent(i);
    if (!ranges.empty()) {
      ByteRange& last = ranges.back();
      const std::uint64_t end = last.offset + last.length;
      if (extent.offset - end <= merge) {
        last.length = extent.offset + extent.length - last.offset;
        continue;
      }
    }
    ranges.push_back({.offset = extent.offset, .length = extent.length});
  }
  return ranges;
}

ImageReader::ImageReader(ImagePtr image, std::uint64_t offset, std::uint64_t length)
    : image_(std::move(image)), offset_(offset), length_(length) {
  MTK_ASSERT(fits(offset, length, image_->size()));
}

ImageReader::ImageReader(ImagePtr image) : image_(std::move(image)), offset_(0), length_(image_->size()) {}

Result<> ImageReader::read(std::span<std::byte> into) {
  if (!fits(position_, into.size(), length_)) {
    return fail(Errc::out_of_range, fmt::format("read of {} bytes past the end of the image", into.size()));
  }
  MTK_TRY(image_->read_at(offset_ + position_, into));
  position_ += into.size();
  return {};
}

Result<> ImageReader::rewind() {
  position_ = 0;
  return {};
}

Result<Bytes> read_all(const ImageSource& image, std::uint64_t limit) {
  if (image.size() > limit) {
    return fail(Errc::out_of_range,
                fmt::format("image of {} bytes is larger than the {} bytes expected", image.size(), limit));
  }
  Bytes content(static_cast<std::size_t>(image.size()));
  MTK_TRY(image.read_at(0, content));
  return content;
}

}  // namespace mtk
