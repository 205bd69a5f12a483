// SPDX-License-Identifier: Apache-2.0
// A stage is the program the phone runs at a moment: driven by transfers and by time, never blocking.
#pragma once

#include "sim/board.h"

#include <memory>

namespace mtk::sim {

class Stage {
 public:
  virtual ~Stage() = default;
  /// The stage begins to run.
  virtual void start() {}
  /// The host opened the port (SET_LINE_CODING).
  virtual void port_opened() {}
  /// One transfer of the host.
  virtual void receive(ByteView transfer) = 0;
  virtual std::optional<TimePoint> next_event() const { return std::nullopt; }
  /// board.now has moved.
  virtual void advance() {}
};

/// A stage that asks for fields and blocks and says what to do with them. A field is taken byte by byte,
/// whatever transfers its bytes come in. A block is data that starts and ends with transfers of its own:
/// the genuine agent drops the rest of a transfer that carried fields, and is overrun by what a transfer
/// carries beyond the block.
class FieldStage : public Stage {
 public:
  explicit FieldStage(Board& board, std::string name) : board_(board), name_(std::move(name)) {}
  void receive(ByteView transfer) final;

 protected:
  using Next = std::function<void(ByteView)>;

  void field(std::size_t size, Next next);
  void block(std::size_t size, Next next);
  /// From here on every byte is swallowed; only a power cycle helps.
  void hang(std::string why);
  bool hangs() const { return hung_; }
  /// Transfers that have come so far, the running one included.
  std::uint64_t transfers() const { return transfers_; }
  const std::string& name() const { return name_; }

  Board& board_;

 private:
  void want(std::size_t size, bool is_block, Next next);

  std::string name_;
  std::size_t wanted_ = 0;
  bool is_block_ = false;
  bool hung_ = false;
  std::uint64_t transfers_ = 0;
  bool hang_logged_ = false;
  Bytes have_;
  Bytes gathered_;
  Next next_;
};

/// The byte sum all agents of the legacy family use for data.
std::uint16_t byte_sum(ByteView data);

}  // namespace mtk::sim
