// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/agent_link.h"

#include <fmt/format.h>

namespace mtk::xflash {
namespace {

/// Answers of all known builds are shorter; a longer one is not believed.
constexpr std::size_t max_answer_size = 4096;

Bytes bytes_of(std::uint32_t word) { return std::move(ByteWriter{}.le(word)).take(); }

}  // namespace

bool is_refusal(const Error& error) {
  return error.code == Errc::device_status || error.code == Errc::unsupported;
}

Result<> AgentLink::send_word(std::uint32_t word) { return packets_.send(bytes_of(word)); }

Result<> AgentLink::acknowledge(std::uint32_t word) {
  const Transfers transfers = chip_.joined_acks ? Transfers::joined : Transfers::header_apart;
  return packets_.send(bytes_of(word), transfers, Content::open);
}

/// Some agents send two bytes, or the magic of the packets for a success.
Result<std::uint32_t> AgentLink::word_of(ByteView packet) {
  ByteReader in{packet};
  if (packet.size() == sizeof(std::uint16_t)) return in.le<std::uint16_t>();
  if (packet.size() != sizeof(std::uint32_t))
    return fail(
        packets_.out_of_step(fmt::format("phone sent {} bytes where a status was due", packet.size())));
  const auto word = in.le<std::uint32_t>();
  return word == PacketHeader::right_magic ? status::ok : word;
}

Result<std::uint32_t> AgentLink::status(Clock::Duration timeout, Observer& log) {
  MTK_TRY_LET(const Bytes packet, packets_.receive(sizeof(std::uint32_t), timeout, log));
  return word_of(packet);
}

Result<std::optional<std::uint32_t>> AgentLink::status_if_any(Clock::Duration timeout, Observer& log) {
  MTK_TRY_LET(const auto packet, packets_.receive_if_any(sizeof(std::uint32_t), timeout, log));
  if (!packet) return std::nullopt;
  return word_of(*packet);
}

Error AgentLink::status_error(std::uint32_t word) {
  const bool unknown = word == status::unknown_command || word == status::unknown_control;
  return Error{
      .code = unknown ? Errc::unsupported : Errc::device_status,
      .what = fmt::format("agent {} with 0x{:08X}", status::is_error(word) ? "refused" : "answered", word),
      .device_status = DeviceStatus{.kind = StatusKind::xflash32, .code = word}};
}

Result<> AgentLink::expect_ok(Clock::Duration timeout, Observer& log) {
  MTK_TRY_LET(const auto word, status(timeout, log));
  if (word != status::ok) return fail(status_error(word));
  return {};
}

Result<> AgentLink::begin(const Code& code, Observer& log) {
  MTK_TRY(send_word(code.value));
  return expect_ok(wait_for::command, log);
}

Result<> AgentLink::begin_control(const Code& code, Observer& log) {
  MTK_TRY(begin(command::device_control, log));
  MTK_TRY(send_word(code.value));
  return expect_ok(wait_for::command, log);
}

Result<Bytes> AgentLink::get(const Code& code, Observer& log, Content content) {
  const auto ask = [&]() -> Result<Bytes> {
    MTK_TRY(begin_control(code, log));
    MTK_TRY_LET(Bytes answer, packets_.receive(max_answer_size, wait_for::command, log, content));
    MTK_TRY(expect_ok(wait_for::command, log));
    return answer;
  };
  return in(ask(), std::string{code.name});
}

Result<> AgentLink::set(const Code& code, ByteView parameter, Observer& log, Content content) {
  const auto tell = [&]() -> Result<> {
    MTK_TRY(begin_control(code, log));
    MTK_TRY(packets_.send(parameter, content));
    return expect_ok(wait_for::command, log);
  };
  return in(tell(), std::string{code.name});
}

Result<> AgentLink::set(const Code& code, std::uint32_t word, Observer& log) {
  return set(code, bytes_of(word), log);
}

Result<std::uint32_t> AgentLink::result_of(const Code& code, Observer& log) {
  const auto ask = [&]() -> Result<std::uint32_t> {
    MTK_TRY(begin_control(code, log));
    return status(wait_for::command, log);
  };
  return in(ask(), std::string{code.name});
}

Result<> AgentLink::act(const Code& code, Observer& log) {
  MTK_TRY_LET(const auto result, result_of(code, log));
  if (result != status::ok) return in(Result<>{fail(status_error(result))}, std::string{code.name});
  return {};
}

Result<Bytes> AgentLink::exchange(const Code& code, ByteView parameter, Observer& log) {
  const auto ask = [&]() -> Result<Bytes> {
    MTK_TRY(begin_control(code, log));
    MTK_TRY(packets_.send(parameter));
    MTK_TRY_LET(Bytes answer, packets_.receive(max_answer_size, wait_for::command, log));
    MTK_TRY(expect_ok(wait_for::command, log));
    return answer;
  };
  return in(ask(), std::string{code.name});
}

Result<std::optional<Bytes>> AgentLink::ask(const Code& code, Observer& log, Content content) {
  auto answer = get(code, log, content);
  if (answer) return std::optional{std::move(*answer)};
  if (!is_refusal(answer.error())) return fail(std::move(answer.error()));
  log.write(LogLevel::debug, to_string(answer.error()));
  return std::nullopt;
}

}  // namespace mtk::xflash
