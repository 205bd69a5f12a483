// SPDX-License-Identifier: Apache-2.0
#include "sim/framed_stage.h"

#include <algorithm>

namespace mtk::sim {

namespace {
constexpr std::uint32_t magic = 0xfeeeeeef;
constexpr std::size_t header_size = 12;
constexpr std::uint32_t type_protocol = 1;
constexpr std::uint32_t type_message = 2;
constexpr std::uint32_t message_priority = 1;
}  // namespace

void FramedStage::packet(std::size_t limit, TooLong too_long, std::function<void(Packet)> next) {
  field(header_size, [this, limit, too_long, next = std::move(next)](ByteView header) {
    ByteReader in{header};
    if (in.le<std::uint32_t>() != magic) return hang(fmt::format("{} is no packet header", hex(header)));
    in.skip(4);
    const auto length = in.le<std::uint32_t>();
    if (length > limit) {
      if (too_long == TooLong::ends_session)
        return hang(fmt::format("a packet of 0x{:x} bytes where 0x{:x} have room", length, limit));
      if (too_long == TooLong::is_dropped)
        return drop(length, [next] { next({.payload = {}, .fits = false}); });
      board_.log("{}: a packet of 0x{:x} bytes where 0x{:x} have room; it stays in the stream", name(),
                 length, limit);
      return next({.payload = {}, .fits = false});
    }
    if (length == 0) return next({});
    field(length, [this, next, transfer = transfers()](ByteView payload) {
      next({.payload = payload, .joined = transfer == transfers()});
    });
  });
}

/// In pieces, so that memory does not grow with what was announced.
void FramedStage::drop(std::size_t left, std::function<void()> then) {
  if (left == 0) return then();
  const std::size_t part = std::min<std::size_t>(left, 0x1000);
  field(part, [this, left, part, then = std::move(then)](ByteView) { drop(left - part, then); });
}

void FramedStage::send_header(std::uint32_t type, std::size_t length) {
  ByteWriter header;
  header.le(magic).le(type).le(static_cast<std::uint32_t>(length));
  board_.send(std::move(header).take());
}

void FramedStage::send_packet(ByteView payload) {
  send_header(type_protocol, payload.size());
  board_.send(payload);
}

void FramedStage::send_word(std::uint32_t value) {
  ByteWriter payload;
  payload.le(value);
  send_packet(payload.view());
}

void FramedStage::send_message(std::string_view text) {
  board_.log("{}: says: {}", name(), text);
  if (!messages_) return;
  ByteWriter body;
  body.le(message_priority).bytes(to_bytes(text)).bytes(to_bytes("\r\n"));
  send_header(type_message, body.size());
  board_.send(body.view());
}

Bytes padded(ByteView payload, std::size_t size) {
  Bytes whole{payload.begin(), payload.end()};
  whole.resize(size);
  return whole;
}

}  // namespace mtk::sim
