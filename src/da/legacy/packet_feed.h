// SPDX-License-Identifier: Apache-2.0
// The packets of a write, one ahead: the next is read and summed while the phone stores the last.
#pragma once

#include "base/source.h"

namespace mtk::legacy {

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
  std::uint16_t current_sum() const { return current_->sum; }

 private:
  struct Packet {
    Bytes& buffer;
    std::size_t size = 0;
    std::uint16_t sum = 0;
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

/// Another source with more bytes at its end.
class PaddedSource final : public Source {
 public:
  PaddedSource(Source& inner, Bytes padding) : inner_(inner), padding_(std::move(padding)) {}
  std::uint64_t size() const override { return inner_.size() + padding_.size(); }
  Result<> read(std::span<std::byte> into) override;
  Result<> rewind() override;

 private:
  Source& inner_;
  Bytes padding_;
  std::uint64_t position_ = 0;
};

}  // namespace mtk::legacy
