// SPDX-License-Identifier: Apache-2.0
// A link that fails on demand, at an exact byte.
#pragma once

#include "transport/trace.h"

#include <array>
#include <functional>

namespace mtk {

struct Fault {
  enum class Kind : std::uint8_t {
    cut,        ///< the byte and everything after it is lost, and the link with it, until reopen()
    delay,      ///< the byte comes `delay` later; a host that writes is held up, at most to its deadline
    shorten,    ///< `count` bytes from this one on are lost
    flip,       ///< the byte arrives with the bits of `mask` turned over
    duplicate,  ///< the byte arrives twice
  };
  Kind kind = Kind::cut;
  std::uint64_t at_byte = 0;  ///< bytes that pass before it
  std::optional<Direction> direction =
      {};  ///< which bytes are counted and hit; nothing: both, counted together
  Clock::Duration delay{0};
  std::uint64_t count = 1;
  std::byte mask{0x01};
};

/// Every fault strikes once. Counting goes on over a reopen().
class FaultyTransport final : public Transport {
 public:
  /// \param on_cut  called when a cut strikes, so that the phone's end learns of it
  FaultyTransport(std::unique_ptr<Transport> link, std::vector<Fault> faults,
                  std::function<void()> on_cut = {});

  /// Bytes that passed so far, lost ones included: how long a conversation is.
  std::uint64_t passed(Direction direction) const { return passed_[static_cast<std::size_t>(direction)]; }
  bool all_struck() const { return faults_.empty(); }

  Result<std::size_t> read_some(std::span<std::byte> into, const Wait& wait, Content content) override;
  using Transport::write;
  Result<> write(std::span<const ByteView> parts, const Wait& wait, Content content) override;
  Result<> reopen(UsbIdentity expected, const Wait& wait) override;
  void end_transfers_with(ZeroLengthPacket policy) override { link_->end_transfers_with(policy); }
  Clock& clock() override { return link_->clock(); }
  std::string name() const override { return link_->name(); }
  UsbIdentity identity() const override { return link_->identity(); }
  std::size_t answer_limit() const override { return link_->answer_limit(); }

 private:
  std::uint64_t distance(const Fault& fault) const;
  std::vector<Fault>::iterator next_fault(Direction direction);
  void pass(Direction direction, std::uint64_t size);
  Error cut();
  void strike(const Fault& fault, Bytes& transfer, std::size_t& position);
  Result<std::size_t> read_through(Fault fault, std::span<std::byte> into, const Wait& wait, Content content);

  std::unique_ptr<Transport> link_;
  std::vector<Fault> faults_;  // those still to come
  std::function<void()> on_cut_;
  std::array<std::uint64_t, 2> passed_{};
  std::optional<std::byte> again_;  // a duplicated byte still to be delivered
  bool lost_ = false;
};

}  // namespace mtk
