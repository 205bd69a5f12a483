// SPDX-License-Identifier: Apache-2.0
// The preloader's port: READY beacon, boot-mode tokens, the handshake's traps, then commands, or the way to
// Android.
#pragma once

#include "sim/commands.h"
#include "sim/handshake.h"

namespace mtk::sim {

class Preloader final : public Stage {
 public:
  explicit Preloader(Board& board);
  void start() override;
  void port_opened() override;
  void receive(ByteView transfer) override;
  std::optional<TimePoint> next_event() const override;
  void advance() override;

 private:
  enum class Mode { listening, starting, collecting, commands, over };
  using Collected = std::function<void(ByteView)>;

  ByteView listen(ByteView transfer);
  ByteView begin_sequence(ByteView transfer);
  ByteView collect(ByteView transfer);
  /// Takes `size` bytes, or what has come of them when `until` is reached.
  void gather(std::size_t size, TimePoint until, Collected done);
  void take_token(ByteView token);
  void enter_meta();
  void wait_for_disconnect();
  void answer(std::string_view text) { board_.send(to_bytes(text)); }
  void go_on(std::string_view mode);

  Board& board_;
  Handshake handshake_;
  Commands commands_;
  Mode mode_ = Mode::listening;
  bool port_open_ = false;
  TimePoint window_end_{};
  TimePoint start_end_{};
  TimePoint next_ready_{};
  std::size_t wanted_ = 0;
  TimePoint collect_end_{};
  Bytes collected_;
  Collected collected_done_;
};

}  // namespace mtk::sim
