// SPDX-License-Identifier: Apache-2.0
// The packets of a write, one ahead: the next is read and summed while the phone stores the last.
#pragma once

#include "base/source.h"

namespace mtk {

class PacketFeed {
 public:
  /// The buffers are lent by the caller, who keeps them between writes.
  PacketFeed(Source& source, std::uint64_t length, std::uint32_t packet_size, Bytes& first, Bytes& second);

  /// Reads the packet after the current one, unless that was done already or there is none.
  /// Errors: the source's.
  Result<> prepare_next();
  /// The prepared packet becomes the current one.
  void advance();

  ByteView current() const { return current_->view(); }
  /// byte_sum() of it.
  std::uint32_t current_sum() const { return current_->sum; }

 private:
  struct Packet {
    Bytes& buffer;
    std::size_t size = 0;
    std::uint32_t sum = 0;
    ByteView view() const { return ByteView{buffer}.first(size); }
  };

  Source& source_;
  std::uint64_t unread_;
  std::size_t packet_size_;
  Packet one_;
  Packet other_;
  Packet* current_ = &one_;
  Packet* next_ = &other_;
};

}  // namespace mtk
