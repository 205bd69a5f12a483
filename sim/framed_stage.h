// SPDX-License-Identifier: Apache-2.0
// A stage that speaks in packets: 12-byte header EF EE EE FE, type, length, then the payload. XFlash and XML
// agents share it (docs/protocol/da-xflash.md and da-xml.md, Packets).
#pragma once

#include "sim/stage.h"

namespace mtk::sim {

class FramedStage : public FieldStage {
 public:
  /// What a packet does that is longer than the buffer it is meant for.
  enum class TooLong {
    stays_in_stream,  ///< its payload is not taken: the next header is looked for in it
    ends_session,     ///< nothing is answered any more
    is_dropped        ///< its payload is read and thrown away
  };

 protected:
  FramedStage(Board& board, std::string name, TooLong too_long)
      : FieldStage(board, std::move(name)), too_long_(too_long) {}

  struct Packet {
    ByteView payload;    ///< valid during the call only
    bool fits = true;    ///< false: longer than `limit`; payload is empty
    bool joined = true;  ///< header and payload ended in the same transfer
  };
  /// Takes one packet of any type and at most `limit` bytes. A wrong magic hangs the stage. `next` must ask
  /// for what comes after it.
  void packet(std::size_t limit, std::function<void(Packet)> next) {
    packet(limit, too_long_, std::move(next));
  }
  void packet(std::size_t limit, TooLong too_long, std::function<void(Packet)> next);

  void send_packet(ByteView payload);
  void send_word(std::uint32_t value);
  /// A log text (packet type 2) where the host asked for them over USB; otherwise it only goes to the phone's
  /// log.
  void send_message(std::string_view text);
  void switch_messages(bool on) { messages_ = on; }

 private:
  void drop(std::size_t left, std::function<void()> then);
  void send_header(std::uint32_t type, std::size_t length);

  TooLong too_long_;
  bool messages_ = false;
};

/// The payload as far as it goes, zeros behind it: agents take packets that are shorter than the structure.
Bytes padded(ByteView payload, std::size_t size);

}  // namespace mtk::sim
