// SPDX-License-Identifier: Apache-2.0
#include "image/sparse/split.h"

#include "base/checked.h"
#include "image/sparse/sparse.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace mtk {

namespace {

/// An extent and the part it stands in.
struct PieceOfPart {
  std::uint64_t offset;
  std::uint64_t length;
  std::uint32_t part;
  std::uint32_t index;  ///< of the extent in its part
};

class JoinedImage final : public ImageSource {
 public:
  JoinedImage(std::vector<ImagePtr> parts, std::vector<PieceOfPart> pieces)
      : parts_(std::move(parts)), pieces_(std::move(pieces)) {}

  std::uint64_t size() const override {
    return std::ranges::max(parts_, {}, [](const ImagePtr& part) { return part->size(); })->size();
  }
  std::uint64_t stored_size() const override {
    std::uint64_t sum = 0;
    for (const ImagePtr& part : parts_) sum += part->stored_size();
    return sum;
  }
  std::size_t extent_count() const override { return pieces_.size(); }
  Extent extent(std::size_t index) const override {
    const PieceOfPart& piece = pieces_.at(index);
    return parts_[piece.part]->extent(piece.index);
  }
  Result<> read_at(std::uint64_t offset, std::span<std::byte> into) const override {
    if (!fits(offset, into.size(), size())) {
      return fail(Errc::out_of_range, fmt::format("bytes 0x{:x}+0x{:x} lie outside the image of 0x{:x} bytes",
                                                  offset, into.size(), size()));
    }
    std::ranges::fill(into, std::byte{0});
    const std::uint64_t end = offset + into.size();
    auto piece = std::ranges::upper_bound(pieces_, offset, {},
                                          [](const PieceOfPart& p) { return p.offset + p.length; });
    for (; piece != pieces_.end() && piece->offset < end; ++piece) {
      const std::uint64_t from = std::max(piece->offset, offset);
      const std::uint64_t to = std::min(piece->offset + piece->length, end);
      MTK_TRY(parts_[piece->part]->read_at(
          from, into.subspan(static_cast<std::size_t>(from - offset), static_cast<std::size_t>(to - from))));
    }
    return {};
  }

 private:
  std::vector<ImagePtr> parts_;
  std::vector<PieceOfPart> pieces_;
};

std::optional<std::uint32_t> number_of(std::string_view digits) {
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || digits.size() > 4 || problem != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  return value;
}

}  // namespace

Result<ImagePtr> join_sparse(std::vector<ImagePtr> parts) {
  if (parts.empty()) return fail(Errc::bad_image, "a split image without parts");
  if (parts.size() == 1) return parts.front();
  std::vector<PieceOfPart> pieces;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const std::size_t count = parts[part]->extent_count();
    if (pieces.size() + count > max_sparse_extents)
      return fail(Errc::out_of_range, "the split image has too many pieces of content");
    for (std::size_t i = 0; i < count; ++i) {
      const Extent extent = parts[part]->extent(i);
      pieces.push_back({.offset = extent.offset,
                        .length = extent.length,
                        .part = static_cast<std::uint32_t>(part),
                        .index = static_cast<std::uint32_t>(i)});
    }
  }
  std::ranges::sort(pieces, {}, &PieceOfPart::offset);
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    const PieceOfPart& before = pieces[i - 1];
    if (before.offset + before.length > pieces[i].offset) {
      return fail(Errc::bad_image,
                  fmt::format("two parts of the split image hold byte 0x{:x}: they are not of "
                              "one image",
                              pieces[i].offset));
    }
  }
  return std::make_shared<JoinedImage>(std::move(parts), std::move(pieces));
}

std::optional<SplitName> split_name(std::string_view name) {
  const auto part = [](std::string whole, std::string_view digits) -> std::optional<SplitName> {
    const auto number = number_of(digits);
    if (!number || whole.empty()) return std::nullopt;
    return SplitName{.whole = std::move(whole), .number = *number};
  };
  const std::size_t end = name.find_last_not_of("0123456789") + 1;
  if (end < name.size()) {
    const std::string_view front = name.substr(0, end);
    for (const std::string_view mark : {"_sparsechunk.", "_sparsechunk", ".sparsechunk.", ".", "_"}) {
      if (front.ends_with(mark))
        return part(std::string{front.substr(0, front.size() - mark.size())}, name.substr(end));
    }
    return std::nullopt;
  }
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view stem = name.substr(0, dot);
  const std::size_t digits = stem.find_last_not_of("0123456789") + 1;
  if (digits < 2 || digits == stem.size()) return std::nullopt;
  if (stem[digits - 1] != '_' && stem[digits - 1] != '.') return std::nullopt;
  return part(fmt::format("{}{}", stem.substr(0, digits - 1), name.substr(dot)), stem.substr(digits));
}

}  // namespace mtk
