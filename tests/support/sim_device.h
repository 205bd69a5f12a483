// SPDX-License-Identifier: Apache-2.0
// The virtual phone as the other end of a MemoryTransport.
#pragma once

#include "sim/phone.h"
#include "transport/memory.h"

#include <algorithm>

namespace mtk::testing {

class SimDevice final : public Device {
 public:
  /// The phone must outlive this.
  explicit SimDevice(sim::Phone& phone) : phone_(phone) {}

  bool connect(TimePoint now) override {
    phone_.advance(now);
    phone_.plug(now);
    if (!is_port()) return false;
    generation_ = phone_.generation();
    return true;
  }
  bool on_bus() const override { return is_port() && phone_.generation() == generation_; }
  void host_wrote(ByteView transfer, TimePoint now) override { phone_.host_wrote(transfer, now); }
  std::size_t take(std::span<std::byte> into, TimePoint now) override {
    phone_.advance(now);
    if (at_ == said_.size()) {
      said_ = phone_.take_output(now);
      at_ = 0;
    }
    const std::size_t size = std::min(into.size(), said_.size() - at_);
    std::ranges::copy(ByteView{said_}.subspan(at_, size), into.begin());
    at_ += size;
    return size;
  }
  std::optional<TimePoint> next_event() const override { return phone_.next_event(); }

 private:
  bool is_port() const { return phone_.bus() != sim::Bus::off && phone_.bus() != sim::Bus::android; }

  sim::Phone& phone_;
  unsigned generation_ = 0;
  Bytes said_;
  std::size_t at_ = 0;
};

}  // namespace mtk::testing
