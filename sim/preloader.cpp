// SPDX-License-Identifier: Apache-2.0
#include "sim/preloader.h"

#include <algorithm>
#include <utility>

namespace mtk::sim {

namespace {
/// The listen loop takes what is there, at most so much, and throws it away whole when it begins with A0.
constexpr std::size_t listen_chunk = 8;
constexpr std::size_t token_size = 8;
constexpr std::size_t meta_block_v1 = 12;
constexpr std::size_t meta_block_v2 = 16;
constexpr milliseconds meta_block_wait{2000};
constexpr milliseconds meta_answer_wait{5000};
constexpr milliseconds disconnect_wait{1000};
constexpr milliseconds port_close_wait{1000};
constexpr milliseconds factory_block_wait{5};
/// A host that does not read leaves the beacon stuck in the endpoint.
constexpr std::size_t ready_backlog = 4096;

StartRule rule_of(const Model& model) {
  return model.preloader.generation == Generation::c ? StartRule::swallow_a0 : StartRule::plus_one;
}
}  // namespace

Preloader::Preloader(Board& board)
    : board_(board), handshake_(rule_of(board.model)), commands_(board, Speaker::preloader) {}

void Preloader::start() {
  const milliseconds window{board_.model.preloader.window_ms};
  const bool waits = std::exchange(board_.preloader_waits, false) || window.count() == 0;
  window_end_ = waits ? TimePoint::max() : board_.now + window;
  next_ready_ = board_.now;
  if (!board_.model.preloader.factory_lock) return;
  board_.log("preloader: factory lock is set, no tool connection is offered");
  go_on("normal");
}

void Preloader::port_opened() {
  port_open_ = true;
  next_ready_ = std::max(next_ready_, board_.now);
}

void Preloader::receive(ByteView transfer) {
  while (!transfer.empty()) {
    switch (mode_) {
      case Mode::listening:
        transfer = listen(transfer);
        break;
      case Mode::starting:
        transfer = begin_sequence(transfer);
        break;
      case Mode::collecting:
        transfer = collect(transfer);
        break;
      case Mode::commands:
        return commands_.receive(transfer);
      case Mode::over:
        board_.log("preloader: {} bytes after the decision to boot", transfer.size());
        return;
    }
  }
}

ByteView Preloader::listen(ByteView transfer) {
  if (static_cast<std::uint8_t>(transfer[0]) != 0xa0) {
    gather(token_size, window_end_, [this](ByteView token) { take_token(token); });
    return transfer;
  }
  const std::size_t chunk = std::min(transfer.size(), listen_chunk);
  board_.log("preloader: the listen loop swallows {}", hex(transfer.first(chunk)));
  mode_ = Mode::starting;
  handshake_.restart();
  start_end_ = board_.now + milliseconds{board_.model.preloader.start_window_ms};
  return transfer.subspan(chunk);
}

ByteView Preloader::begin_sequence(ByteView transfer) {
  const auto byte = static_cast<std::uint8_t>(transfer[0]);
  if (byte != handshake_.expected())
    board_.log("preloader: {:02X} is not {:02X} of the start sequence", byte, handshake_.expected());
  if (const auto answer = handshake_.answer(byte)) board_.send_u8(*answer);
  if (handshake_.done()) mode_ = Mode::commands;
  return transfer.subspan(1);
}

ByteView Preloader::collect(ByteView transfer) {
  const std::size_t take = std::min(transfer.size(), wanted_ - collected_.size());
  collected_.insert(collected_.end(), transfer.begin(), transfer.begin() + static_cast<std::ptrdiff_t>(take));
  if (collected_.size() == wanted_) {
    mode_ = Mode::over;
    const auto done = std::move(collected_done_);
    done(collected_);
  }
  return transfer.subspan(take);
}

void Preloader::gather(std::size_t size, TimePoint until, Collected done) {
  mode_ = Mode::collecting;
  wanted_ = size;
  collect_end_ = until;
  collected_.clear();
  collected_done_ = std::move(done);
}

void Preloader::take_token(ByteView bytes) {
  const std::string token = printable_text(bytes);
  const auto refused = [&] {
    if (!board_.model.security.sla) return false;
    board_.log("preloader: {} is forbidden while SLA is on", token);
    answer("METAFORB");
    go_on("normal");
    return true;
  };
  if (token == "AT+NBOOT") {
    answer("AT+OK");
    return go_on("normal");
  }
  if (token.starts_with("AT+") && bytes.size() == token_size) {
    answer("AT+UNKONWN");
    return go_on("normal");
  }
  if (token == "FASTBOOT") {
    answer("TOOBTSAF");
    return go_on("fastboot");
  }
  if (token == "METAMETA") {
    if (!refused()) enter_meta();
    return;
  }
  if (token == "FACTFACT" || token == "FACTORYM") {
    if (refused()) return;
    board_.take_time(factory_block_wait);
    answer(std::string{token.rbegin(), token.rend()});
    return go_on(token == "FACTFACT" ? "factory menu" : "ate");
  }
  if (token == "ADVEMETA") {
    if (refused()) return;
    answer("ATEMEVDX");
    return wait_for_disconnect();
  }
  board_.log("preloader: {} is no token: no tool, boot continues", hex(bytes));
  go_on("normal");
}

void Preloader::enter_meta() {
  gather(meta_block_v1, board_.now + meta_block_wait, [this](ByteView) {
    switch (board_.model.preloader.meta) {
      case MetaStyle::plain:
        answer("ATEMATEM");
        return go_on("meta");
      case MetaStyle::v1:
        answer("ATEM0001");
        return gather(meta_block_v1, board_.now + meta_answer_wait, [this](ByteView) {
          answer("ATEMATEX");
          wait_for_disconnect();
        });
      case MetaStyle::v2:
        answer("ATEM0002");
        return gather(meta_block_v2, board_.now + meta_answer_wait, [this](ByteView) {
          answer("ATEMATEM");
          go_on("meta");
        });
    }
  });
}

void Preloader::wait_for_disconnect() {
  gather(10, board_.now + disconnect_wait, [this](ByteView) { go_on("meta"); });
}

void Preloader::go_on(std::string_view mode) {
  mode_ = Mode::over;
  board_.boot_mode = mode;
  const bool by_token = board_.now < window_end_ && !board_.model.preloader.factory_lock;
  board_.leave(Exit::boot, by_token ? port_close_wait : milliseconds{0});
}

std::optional<TimePoint> Preloader::next_event() const {
  TimePoint next = TimePoint::max();
  switch (mode_) {
    case Mode::listening:
      next = port_open_ ? std::min(next_ready_, window_end_) : window_end_;
      break;
    case Mode::starting:
      next = start_end_;
      break;
    case Mode::collecting:
      next = collect_end_;
      break;
    case Mode::commands:
    case Mode::over:
      break;
  }
  if (next == TimePoint::max()) return std::nullopt;
  return next;
}

void Preloader::advance() {
  if (mode_ == Mode::collecting && board_.now >= collect_end_) {
    board_.log("preloader: only {} of {} bytes came in time", collected_.size(), wanted_);
    mode_ = Mode::over;
    const auto done = std::move(collected_done_);
    return done(collected_);
  }
  if (mode_ == Mode::starting && board_.now >= start_end_) {
    board_.log("preloader: start window is over, back to READY");
    mode_ = Mode::listening;
    next_ready_ = board_.now;
  }
  if (mode_ != Mode::listening) return;
  if (board_.now >= window_end_) {
    board_.log("preloader: cannot detect tools");
    return go_on(std::exchange(board_.next_boot_mode, "normal"));
  }
  if (!port_open_ || board_.now < next_ready_) return;
  if (board_.queued < ready_backlog) answer("READY");
  next_ready_ += milliseconds{board_.model.preloader.ready_period_ms};
}

}  // namespace mtk::sim
