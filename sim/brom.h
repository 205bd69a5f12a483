// SPDX-License-Identifier: Apache-2.0
// The boot ROM: says nothing until the host begins the handshake, then runs commands.
#pragma once

#include "sim/commands.h"
#include "sim/handshake.h"

namespace mtk::sim {

class Brom final : public Stage {
 public:
  explicit Brom(Board& board);
  void start() override;
  void receive(ByteView transfer) override;
  std::optional<TimePoint> next_event() const override;
  void advance() override;

 private:
  Board& board_;
  Handshake handshake_;
  Commands commands_;
  std::optional<TimePoint> window_end_;
};

}  // namespace mtk::sim
