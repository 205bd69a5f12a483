// SPDX-License-Identifier: Apache-2.0
// For tests: images and sinks in memory.
#pragma once

#include "da/bytes_sink.h"

#include <algorithm>
#include <optional>

namespace mtk {

class BytesSource final : public Source {
 public:
  explicit BytesSource(Bytes bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<> read(std::span<std::byte> into) override {
    if (fails_at_ && position_ + into.size() > *fails_at_) return fail(Errc::io, "disk error");
    if (into.size() > bytes_.size() - position_) return fail(Errc::bad_image, "read past the end");
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(position_), into.size(), into.begin());
    position_ += into.size();
    return {};
  }
  Result<> rewind() override {
    position_ = 0;
    return {};
  }
  void fail_at(std::size_t position) { fails_at_ = position; }

 private:
  Bytes bytes_;
  std::size_t position_ = 0;
  std::optional<std::size_t> fails_at_;
};

/// The pattern of the recorded conversations.
inline Bytes pattern(std::size_t size) {
  Bytes bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>((7 * i + i / 256) & 0xff));
  return bytes;
}

}  // namespace mtk
