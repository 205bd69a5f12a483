// SPDX-License-Identifier: Apache-2.0
#include "sim/brom.h"

namespace mtk::sim {

namespace {
StartRule rule_of(const Model& model) {
  if (model.brom.wrong_start == WrongStart::restart) return StartRule::restart_with_a0;
  return model.preloader.generation == Generation::c ? StartRule::swallow_a0 : StartRule::plus_one;
}
}  // namespace

Brom::Brom(Board& board) : board_(board), handshake_(rule_of(board.model)), commands_(board, Speaker::rom) {}

void Brom::start() {
  const milliseconds window = board_.rom_window.value_or(milliseconds{board_.model.brom.window_ms});
  board_.rom_window.reset();
  if (window.count() != 0) window_end_ = board_.now + window;
}

void Brom::receive(ByteView transfer) {
  while (!transfer.empty() && !handshake_.done()) {
    const auto byte = static_cast<std::uint8_t>(transfer[0]);
    transfer = transfer.subspan(1);
    if (byte != handshake_.expected())
      board_.log("brom: {:02X} is not {:02X} of the start sequence", byte, handshake_.expected());
    if (const auto answer = handshake_.answer(byte)) board_.send_u8(*answer);
  }
  if (!handshake_.done()) return;
  window_end_.reset();
  if (!transfer.empty()) commands_.receive(transfer);
}

std::optional<TimePoint> Brom::next_event() const { return window_end_; }

void Brom::advance() {
  if (!window_end_ || board_.now < *window_end_) return;
  window_end_.reset();
  board_.log("brom: nobody spoke in the window");
  board_.leave(Exit::reset);
}

}  // namespace mtk::sim
