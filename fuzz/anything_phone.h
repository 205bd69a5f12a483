// SPDX-License-Identifier: Apache-2.0
// What fuzz targets of the host share: a phone that says anything, and an image to write.
#pragma once

#include "base/source.h"
#include "transport/memory.h"

#include <algorithm>

namespace mtk::fuzz {

/// Says what a target makes of the input. Every write of the host releases an answer.
class AnythingPhone : public Device {
 public:
  explicit AnythingPhone(ByteView input) : input_(input) {}

  bool connect(TimePoint) override { return on_bus_ = true; }
  bool on_bus() const override { return on_bus_; }
  std::size_t take(std::span<std::byte> into, TimePoint) override {
    const std::size_t size = std::min(into.size(), unread_.size());
    std::copy_n(unread_.begin(), size, into.begin());
    unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(size));
    if (unread_.empty() && leaves_) on_bus_ = leaves_ = false;
    return size;
  }
  std::optional<TimePoint> next_event() const override { return {}; }

 protected:
  ByteReader& input() { return input_; }
  /// At most `announced` bytes of the input.
  ByteView next(std::size_t announced) { return input_.bytes(std::min(announced, input_.remaining())); }
  void say(ByteView bytes) { unread_.insert(unread_.end(), bytes.begin(), bytes.end()); }
  /// Leaves the bus as soon as what was said has been read.
  void leave_when_read(bool leaves) { leaves_ = leaves; }

 private:
  ByteReader input_;
  Bytes unread_;
  bool on_bus_ = false;
  bool leaves_ = false;
};

/// An image of zeros with an odd length.
class ZeroSource final : public Source {
 public:
  std::uint64_t size() const override { return 1025; }
  Result<> read(std::span<std::byte> into) override {
    std::ranges::fill(into, std::byte{0});
    return {};
  }
  Result<> rewind() override { return {}; }
};

}  // namespace mtk::fuzz
