// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/padded_source.h"

#include <algorithm>

namespace mtk::legacy {

Result<> PaddedSource::read(std::span<std::byte> into) {
  if (into.size() > size() - position_) return fail(Errc::bad_image, "read past the end of an image");
  const std::uint64_t inner_left = inner_.size() - std::min(position_, inner_.size());
  const auto inner_part = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), inner_left));
  if (inner_part > 0) MTK_TRY(inner_.read(into.first(inner_part)));
  position_ += inner_part;
  if (inner_part == into.size()) return {};
  const std::span rest = into.subspan(inner_part);
  const ByteView padding{padding_};
  std::ranges::copy(padding.subspan(static_cast<std::size_t>(position_ - inner_.size()), rest.size()),
                    rest.begin());
  position_ += rest.size();
  return {};
}

Result<> PaddedSource::rewind() {
  position_ = 0;
  return inner_.rewind();
}

}  // namespace mtk::legacy
