// SPDX-License-Identifier: Apache-2.0
#include "sim/stage.h"

#include <algorithm>

namespace mtk::sim {

namespace {
/// A real phone stops taking bytes much earlier; memory must not grow with a host that never reads.
constexpr std::size_t queue_limit = 0x1000000;
}  // namespace

void FieldStage::want(std::size_t size, bool is_block, Next next) {
  MTK_ASSERT(size > 0);
  wanted_ = size;
  is_block_ = is_block;
  next_ = std::move(next);
  have_.clear();
}

void FieldStage::field(std::size_t size, Next next) { want(size, false, std::move(next)); }
void FieldStage::block(std::size_t size, Next next) { want(size, true, std::move(next)); }

void FieldStage::hang(std::string why) {
  board_.log("{}: hangs: {}", name_, why);
  hung_ = true;
  next_ = nullptr;
}

void FieldStage::receive(ByteView transfer) {
  ++transfers_;
  bool carried_field = false;
  while (!transfer.empty()) {
    if (hung_ || !next_) {
      if (!hang_logged_) board_.log("{}: {} and what follows: nobody listens", name_, hex(transfer.first(1)));
      hang_logged_ = true;
      return;
    }
    if (board_.queued > queue_limit) return hang("the host takes no answers");
    if (is_block_ && carried_field && board_.transfer_borders) {
      board_.log("{}: {} bytes of data share a transfer with a field and are dropped", name_,
                 transfer.size());
      return;
    }
    const std::size_t take = std::min(transfer.size(), wanted_ - have_.size());
    const ByteView part = transfer.first(take);
    transfer = transfer.subspan(take);
    const bool whole = take == wanted_;
    if (!whole) {
      have_.insert(have_.end(), part.begin(), part.end());
      if (have_.size() < wanted_) return;
    }
    if (is_block_ && !transfer.empty() && board_.transfer_borders) {
      hang(fmt::format("{} bytes follow the data in the same transfer and overrun its buffer",
                       transfer.size()));
      return;
    }
    if (!is_block_) carried_field = true;
    const Next next = std::move(next_);
    next_ = nullptr;
    std::swap(have_, gathered_);
    next(whole ? part : ByteView{gathered_});
  }
}

std::uint16_t byte_sum(ByteView data) {
  std::uint32_t sum = 0;
  for (const std::byte byte : data) sum += static_cast<std::uint32_t>(byte);
  return static_cast<std::uint16_t>(sum);
}

}  // namespace mtk::sim
