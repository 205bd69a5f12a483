// SPDX-License-Identifier: Apache-2.0
#include "da/framed_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mtk {
namespace {

/// Agents send some hundred bytes of text at a time; more is not believed.
constexpr std::size_t max_message_size = 0x10000;
constexpr std::size_t priority_size = 4;  // stands before the text of a message
/// The slowest link worth waiting for: full-speed USB through a bad hub, or a fast UART.
constexpr std::uint64_t least_bytes_per_second = 32768;
constexpr std::chrono::seconds payload_time{10};
constexpr std::chrono::seconds sending_time{30};

Clock::Duration time_for(std::size_t size) { return std::chrono::seconds{size / least_bytes_per_second}; }

}  // namespace

Result<> FramedLink::send(ByteView payload, Transfers transfers, Content content) {
  MTK_ASSERT(payload.size() <= 0xffffffff);
  const Bytes header = encode(PacketHeader{.length = static_cast<std::uint32_t>(payload.size())});
  const Wait wait{sending_time + time_for(payload.size()), stop_};
  const auto write = [&]() -> Result<> {
    if (transfers == Transfers::joined) {
      const std::array<ByteView, 2> parts{header, payload};
      return link_.write(std::span<const ByteView>{parts}, wait, content);
    }
    MTK_TRY(link_.write(header, wait));
    if (payload.empty()) return {};
    return link_.write(payload, wait, content);
  };
  auto written = write();
  if (!written) lost_ = true;
  return written;
}

Result<> FramedLink::fill(std::span<std::byte> into, Clock::TimePoint deadline, Content content) {
  const auto left = std::max(deadline - link_.clock().now(), Clock::Duration::zero());
  auto filled = link_.read_exactly(into, Wait{left, stop_}, content);
  if (!filled) lost_ = true;
  return filled;
}

Result<std::optional<PacketHeader>> FramedLink::header(Clock::TimePoint deadline, Silence silence) {
  std::array<std::byte, wire_size<PacketHeader>()> raw{};
  const auto left = std::max(deadline - link_.clock().now(), Clock::Duration::zero());
  std::size_t have = 0;
  if (silence == Silence::answer) {
    const auto first = link_.read_some(raw, Wait{left, stop_}, Content::open);
    if (!first && first.error().code == Errc::timeout) return std::nullopt;
    if (!first) {
      lost_ = true;
      return fail(first.error());
    }
    have = *first;
    deadline = std::max(deadline, link_.clock().now() + Clock::Duration{payload_time});
  }
  MTK_TRY(fill(std::span{raw}.subspan(have), deadline, Content::open));
  MTK_TRY_LET(const auto header, decode<PacketHeader>(raw));
  if (header.magic != PacketHeader::right_magic)
    return fail(out_of_step(fmt::format("phone sent {} where a packet was due", hex(raw))));
  return header;
}

Result<> FramedLink::log_message(std::size_t length, Observer& log) {
  if (length > max_message_size)
    return fail(out_of_step(fmt::format("agent announces a message of {} bytes", length)));
  Bytes message(length);
  MTK_TRY(payload(message, Content::open));
  const ByteView text = ByteView{message}.subspan(std::min(priority_size, length));
  std::string line;
  const auto flush = [&] {
    if (!line.empty()) log.write(LogLevel::debug, "agent: " + line);
    line.clear();
  };
  for (const std::byte byte : text) {
    const char c = static_cast<char>(byte);
    if (c == '\n') {
      flush();
    } else if (c != '\r') {
      line += c >= ' ' && c <= '~' ? c : '?';
    }
  }
  flush();
  return {};
}

Result<std::optional<std::size_t>> FramedLink::next_length(std::size_t most, Clock::Duration timeout,
                                                           Silence silence, Observer& log) {
  const Clock::TimePoint deadline = Wait{timeout}.deadline(link_.clock().now());
  for (;;) {
    MTK_TRY_LET(const auto next, header(deadline, silence));
    if (!next) return std::nullopt;
    if (next->type == PacketHeader::message) {
      MTK_TRY(log_message(next->length, log));
      if (link_.clock().now() < deadline) continue;
      lost_ = true;
      return fail(Errc::timeout, "phone sends messages only");
    }
    if (next->type != PacketHeader::protocol)
      return fail(out_of_step(fmt::format("phone sent a packet of type {}", next->type)));
    if (next->length > most)
      return fail(out_of_step(
          fmt::format("phone announces {} bytes where at most {} make sense", next->length, most)));
    return next->length;
  }
}

Result<> FramedLink::payload(std::span<std::byte> into, Content content) {
  return fill(into, link_.clock().now() + Clock::Duration{payload_time} + time_for(into.size()), content);
}

Result<std::size_t> FramedLink::receive_into(std::span<std::byte> into, Clock::Duration timeout,
                                             Observer& log, Content content) {
  MTK_TRY_LET(const auto length, next_length(into.size(), timeout, Silence::fault, log));
  MTK_TRY(payload(into.first(*length), content));
  return *length;
}

Result<Bytes> FramedLink::receive(std::size_t most, Clock::Duration timeout, Observer& log, Content content) {
  MTK_TRY_LET(const auto length, next_length(most, timeout, Silence::fault, log));
  Bytes data(*length);
  MTK_TRY(payload(data, content));
  return data;
}

Result<std::optional<Bytes>> FramedLink::receive_if_any(std::size_t most, Clock::Duration timeout,
                                                        Observer& log, Content content) {
  MTK_TRY_LET(const auto length, next_length(most, timeout, Silence::answer, log));
  if (!length) return std::nullopt;
  Bytes data(*length);
  MTK_TRY(payload(data, content));
  return data;
}

Result<std::optional<std::uint8_t>> FramedLink::raw_byte_if_any(Clock::Duration timeout) {
  std::array<std::byte, 1> raw{};
  const auto got = link_.read_some(raw, Wait{timeout, stop_}, Content::open);
  if (got) return static_cast<std::uint8_t>(raw[0]);
  if (got.error().code == Errc::timeout) return std::nullopt;
  lost_ = true;
  return fail(got.error());
}

Error FramedLink::out_of_step(std::string what) {
  lost_ = true;
  return Error{.code = Errc::protocol, .what = std::move(what)};
}

}  // namespace mtk
