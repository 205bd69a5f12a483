// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/packet_feed.h"

#include "da/legacy/byte_sum.h"

#include <algorithm>

namespace mtk::legacy {

PacketFeed::PacketFeed(Source& source, std::uint64_t length, std::uint32_t packet_size, Bytes& first,
                       Bytes& second)
    : source_(source),
      unread_(length),
      packet_size_(static_cast<std::size_t>(std::min<std::uint64_t>(length, packet_size))),
      one_{first},
      other_{second} {
  first.resize(packet_size_);
  second.resize(packet_size_);
}

Result<> PacketFeed::prepare_next() {
  if (next_->size > 0 || unread_ == 0) return {};
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(packet_size_, unread_));
  const std::span into{next_->buffer.data(), size};
  MTK_TRY(source_.read(into));
  next_->size = size;
  next_->sum = byte_sum(into);
  unread_ -= size;
  return {};
}

void PacketFeed::advance() {
  std::swap(current_, next_);
  next_->size = 0;
}

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
