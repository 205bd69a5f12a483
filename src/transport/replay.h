// SPDX-License-Identifier: Apache-2.0
// A phone that says what a recorded one said, to a host that says the same things again.
#pragma once

#include "transport/trace.h"

#include "base/hash.h"

#include <cstdint>

namespace mtk {

/// What the host says and what the phone then answers; either may be empty.
struct Exchange {
  std::vector<std::uint8_t> host = {};
  std::vector<std::uint8_t> phone = {};
  /// The phone then leaves the bus and comes back; the host is expected to reopen the port.
  std::optional<UsbIdentity> reopens_as = {};
};

/// Whether a write of the host must be one write of the recording. A byte stream has no borders, USB has.
enum class Borders : std::uint8_t { free, as_recorded };

/// Strict about what the host says: the first byte that differs, or comes before the host has read what the
/// phone said, is Errc::protocol from then on, in finished() too. Time is a fake clock's: a phone silent in
/// the recording lets the deadline pass at once.
///
/// Withheld host data is checked by its hash. Withheld phone data cannot be played: zeros come in its place,
/// ended by bytes that give them the recorded byte sum; notice() says so.
class ReplayTransport final : public Transport {
 public:
  explicit ReplayTransport(const std::vector<Exchange>& conversation, Borders borders = Borders::free);
  explicit ReplayTransport(Trace trace, Borders borders = Borders::free);

  /// Errors: protocol (the host differed, or the conversation is not over).
  Result<> finished() const;
  /// Blocks of phone data so far that were made up.
  std::uint64_t synthetic_blocks() const { return synthetic_blocks_; }
  /// One sentence about them for the log; empty when there were none.
  std::string notice() const;

  Result<std::size_t> read_some(std::span<std::byte> into, const Wait& wait, Content content) override;
  using Transport::write;
  Result<> write(std::span<const ByteView> parts, const Wait& wait, Content content) override;
  Result<> reopen(UsbIdentity expected, const Wait& wait) override;
  FakeClock& clock() override { return clock_; }
  std::string name() const override { return "replay"; }
  UsbIdentity identity() const override { return identity_; }

 private:
  const TraceEntry* current() const;
  const TraceTransfer* current_transfer(Direction direction) const;
  std::uint64_t left_in(const TraceTransfer& transfer) const { return transfer.size() - position_; }
  void next();
  void skip_quiet();
  Result<> pass_quiet(Clock::TimePoint deadline, const std::stop_token& stop);
  Error recorded_failure(Errc code);
  std::size_t play(const TraceTransfer& transfer, std::span<std::byte> into);
  Result<> check(const TraceTransfer& transfer, ByteView said);
  Error differs(std::string what);

  std::vector<TraceEntry> entries_;
  Borders borders_;
  FakeClock clock_;
  UsbIdentity identity_ = UsbIdentity::unknown;
  std::size_t index_ = 0;
  std::uint64_t position_ = 0;      // in the current entry
  Clock::Duration quiet_{0};        // of the current entry's wait that has passed
  Hasher heard_{HashKind::sha256};  // of a withheld host transfer
  std::uint64_t host_offset_ = 0;   // bytes of the host so far
  bool lost_ = false;
  std::optional<Error> differed_;
  std::uint64_t synthetic_blocks_ = 0;
  std::uint64_t synthetic_bytes_ = 0;
};

}  // namespace mtk
