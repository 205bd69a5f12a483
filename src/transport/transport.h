// SPDX-License-Identifier: Apache-2.0
// The byte stream between host and phone, whatever carries it.
#pragma once

#include "base/bytes.h"
#include "base/clock.h"

#include <limits>
#include <memory>
#include <string>

namespace mtk {

/// How long a call may wait; Clock::Duration::max() is for ever. A requested stop ends the wait at once with
/// Errc::cancelled; what needs no waiting is done all the same.
struct Wait {
  Clock::Duration timeout;
  std::stop_token stop = {};

  template <class Rep, class Period>
  Wait(std::chrono::duration<Rep, Period> limit,
       std::stop_token token = {})  // NOLINT(google-explicit-constructor)
      : timeout(std::chrono::duration_cast<Clock::Duration>(limit)), stop(std::move(token)) {}

  Clock::TimePoint deadline(Clock::TimePoint now) const {
    return timeout < Clock::TimePoint::max() - now ? now + timeout : Clock::TimePoint::max();
  }
};

/// What a phone calls itself on the bus. A hint only: GET_BL_VER decides between boot ROM and preloader.
enum class UsbIdentity : std::uint8_t { unknown, brom, preloader, agent };

/// Whether a recording may keep the bytes. Contents of partitions and whatever identifies a person is
/// withheld: the recording then holds length, SHA-256 and byte sum.
enum class Content : std::uint8_t { open, withheld };

/// When a transfer that fills its last packet is ended by an empty one. Only USB knows the difference.
enum class ZeroLengthPacket : std::uint8_t { never, after_full_packet };

/// Not thread-safe. Reads are buffered ahead; a call after the link was lost fails with Errc::disconnected.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Waits for at least one byte and takes what is there, at most `into.size()`.
  /// Errors: timeout, disconnected, cancelled, io.
  virtual Result<std::size_t> read_some(std::span<std::byte> into, const Wait& wait, Content content) = 0;

  /// Sends all parts as one transfer. The parts stay the caller's.
  /// Errors: timeout, disconnected, cancelled, io.
  virtual Result<> write(std::span<const ByteView> parts, const Wait& wait, Content content) = 0;

  /// Waits until the same phone is back after it left the bus (other product id, tty or socket) and opens it.
  /// Bytes not yet read are dropped. Errors: timeout, busy, io, cancelled.
  virtual Result<> reopen(UsbIdentity expected, const Wait& wait) = 0;

  virtual void end_transfers_with(ZeroLengthPacket) {}
  virtual Clock& clock() = 0;
  /// The port as the user may name it: `tty:/dev/ttyACM0`.
  virtual std::string name() const = 0;
  virtual UsbIdentity identity() const { return UsbIdentity::unknown; }
  /// The most bytes that may be asked for at once. Beyond that some may be lost without a word.
  virtual std::size_t answer_limit() const { return std::numeric_limits<std::size_t>::max(); }

  /// Fills `into` completely within one deadline. On timeout the error says how many bytes came.
  Result<> read_exactly(std::span<std::byte> into, const Wait& wait, Content content = Content::open);
  Result<Bytes> read_bytes(std::size_t size, const Wait& wait, Content content = Content::open);
  Result<> write(ByteView data, const Wait& wait, Content content = Content::open);
  /// Drops what arrives until the line was quiet for `quiet`, but not longer than `limit`.
  Result<> drain(Clock::Duration quiet, Clock::Duration limit);
};

/// Opens one place: `tty:PATH`, `usb:1-2.3`, `tcp:HOST:PORT`, `unix:PATH`; a bare path is a tty or a unix
/// socket. What `--port` names beyond that, any phone or the next one, is for session/find_port. `wait`
/// bounds how long the port may take to appear. Errors: usage (not understood), timeout, busy, io.
Result<std::unique_ptr<Transport>> open_port(const std::string& port, const Wait& wait);

}  // namespace mtk
