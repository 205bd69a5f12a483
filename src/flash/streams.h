// SPDX-License-Identifier: Apache-2.0
// Sources and sinks that look at what passes through them.
#pragma once

#include "base/hash.h"
#include "image/source.h"

#include <algorithm>

namespace mtk {

/// Hashes what is read; bytes read again after a rewind count once.
class HashingSource final : public Source {
 public:
  HashingSource(Source& inner, Hasher& hasher) : inner_(inner), hasher_(hasher) {}

  std::uint64_t size() const override { return inner_.size(); }
  Result<> read(std::span<std::byte> into) override {
    MTK_TRY(inner_.read(into));
    // Bytes read a second time, after a packet was refused, are hashed once.
    const std::uint64_t end = position_ + into.size();
    if (end > hashed_) {
      const auto fresh = static_cast<std::size_t>(end - std::max(hashed_, position_));
      hasher_.update(into.last(fresh));
      hashed_ = end;
    }
    position_ = end;
    return {};
  }
  Result<> rewind() override {
    position_ = 0;
    return inner_.rewind();
  }

 private:
  Source& inner_;
  Hasher& hasher_;
  std::uint64_t position_ = 0;
  std::uint64_t hashed_ = 0;
};

class HashingSink final : public Sink {
 public:
  Result<> write(ByteView data) override {
    hasher_.update(data);
    return {};
  }
  Bytes finish() { return hasher_.finish(); }

 private:
  Hasher hasher_;
};

/// Compares what comes with an image, from an offset on.
class ComparingSink final : public Sink {
 public:
  ComparingSink(const ImageSource& image, std::uint64_t offset) : image_(image), offset_(offset) {}

  Result<> write(ByteView data) override {
    expected_.resize(data.size());
    MTK_TRY(image_.read_at(offset_, expected_));
    offset_ += data.size();
    differs_ = differs_ || !std::ranges::equal(data, expected_);
    return {};
  }
  bool differs() const { return differs_; }

 private:
  const ImageSource& image_;
  std::uint64_t offset_;
  Bytes expected_;
  bool differs_ = false;
};

}  // namespace mtk
