// SPDX-License-Identifier: Apache-2.0
#include "da/packet_feed.h"

#include "da/byte_sum.h"

#include <algorithm>

namespace mtk {

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

}  // namespace mtk
