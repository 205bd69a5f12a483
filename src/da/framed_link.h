// SPDX-License-Identifier: Apache-2.0
// The packets that XFlash and XML agents speak in, over the byte stream: a header of twelve bytes, then the
// payload. Knows nothing of what the payloads mean.
// Source: docs/protocol/da-xflash.md#packets
#pragma once

#include "base/wire.h"
#include "transport/transport.h"

#include <mtk/progress.h>

#include <optional>

namespace mtk {

struct PacketHeader {
  static constexpr std::uint32_t right_magic = 0xfeeeeeef;
  static constexpr std::uint32_t protocol = 1;  ///< what commands and data travel in
  static constexpr std::uint32_t message = 2;   ///< a line of the agent's own log

  std::uint32_t magic = right_magic;
  std::uint32_t type = protocol;
  std::uint32_t length = 0;  ///< bytes of payload that follow
};
template <>
struct Wire<PacketHeader> {
  static constexpr auto order = std::endian::little;
  static constexpr auto fields =
      std::tuple{Field{"magic", &PacketHeader::magic}, Field{"type", &PacketHeader::type},
                 Field{"length", &PacketHeader::length}};
};

/// How many transfers a packet of the host is. Agents read a stream, but some want the one or the other.
enum class Transfers : std::uint8_t { header_apart, joined };

/// Every failure of the link, and every byte the framing does not allow, marks the agent as lost: there is no
/// way back into step. Messages of the agent may stand before any packet; they go to the observer's log and
/// are never seen by the caller. Not thread-safe.
class FramedLink {
 public:
  explicit FramedLink(Transport& link, Transfers usual = Transfers::header_apart)
      : link_(link), usual_(usual) {}

  Result<> send(ByteView payload, Content content = Content::open) { return send(payload, usual_, content); }
  Result<> send(ByteView payload, Transfers transfers, Content content);

  /// The payload of the next packet, into the front of `into`; yields its length. `timeout` is for the
  /// header; a long payload gets the time it needs on top. Errors: timeout, disconnected, cancelled, io,
  /// protocol (no header, or a payload that does not fit).
  Result<std::size_t> receive_into(std::span<std::byte> into, Clock::Duration timeout, Observer& log,
                                   Content content = Content::open);
  /// The same for a payload of at most `most` bytes.
  Result<Bytes> receive(std::size_t most, Clock::Duration timeout, Observer& log,
                        Content content = Content::open);
  /// The same, or nothing when no packet begins in time; silence is no fault here.
  Result<std::optional<Bytes>> receive_if_any(std::size_t most, Clock::Duration timeout, Observer& log,
                                              Content content = Content::open);
  /// One byte without a header: what a starting agent says first. Nothing when it says nothing in time.
  Result<std::optional<std::uint8_t>> raw_byte_if_any(Clock::Duration timeout);

  /// The error of a packet that has no meaning here.
  Error out_of_step(std::string what);

  /// Waits end when this is requested, at the price of the agent; without it they end by time only.
  void set_stop(std::stop_token stop) { stop_ = std::move(stop); }

  bool lost() const { return lost_; }
  /// The agent waits for something that cannot be sent any more, or was told to end.
  void give_up() { lost_ = true; }

  Transport& transport() { return link_; }

 private:
  enum class Silence : std::uint8_t { fault, answer };

  Result<> fill(std::span<std::byte> into, Clock::TimePoint deadline, Content content);
  Result<std::optional<PacketHeader>> header(Clock::TimePoint deadline, Silence silence);
  /// The length of the next protocol packet; messages before it are logged.
  Result<std::optional<std::size_t>> next_length(std::size_t most, Clock::Duration timeout, Silence silence,
                                                 Observer& log);
  Result<> log_message(std::size_t length, Observer& log);
  Result<> payload(std::span<std::byte> into, Content content);

  Transport& link_;
  Transfers usual_;
  std::stop_token stop_;
  bool lost_ = false;
};

}  // namespace mtk
