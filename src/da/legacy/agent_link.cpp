// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/agent_link.h"

#include "da/legacy/protocol.h"

#include <fmt/format.h>

namespace mtk::legacy {

Result<> AgentLink::note(Result<> result) {
  if (!result) lost_ = true;
  return result;
}

Result<> AgentLink::receive(std::span<std::byte> into, Clock::Duration timeout, Content content) {
  return note(link_.read_exactly(into, Wait{timeout, stop_}, content));
}

Result<Bytes> AgentLink::bytes(std::size_t size, Clock::Duration timeout, Content content) {
  Bytes data(size);
  MTK_TRY(receive(data, timeout, content));
  return data;
}

Result<std::optional<std::uint8_t>> AgentLink::byte_if_any(Clock::Duration timeout) {
  std::array<std::byte, 1> raw{};
  const auto got = link_.read_some(raw, Wait{timeout, stop_}, Content::open);
  if (got) return static_cast<std::uint8_t>(raw[0]);
  if (got.error().code == Errc::timeout) return std::nullopt;
  lost_ = true;
  return fail(got.error());
}

Result<> AgentLink::send(ByteView data, Content content) {
  return note(link_.write(data, Wait{wait_for::sending, stop_}, content));
}

Result<> AgentLink::send(std::uint8_t byte) {
  const std::array data{static_cast<std::byte>(byte)};
  return send(data);
}

Result<> AgentLink::expect_ack(Clock::Duration timeout) {
  MTK_TRY_LET(const std::uint8_t answer, byte(timeout));
  if (answer == ack) return {};
  if (answer == nack) return fail(refusal(timeout));
  return fail(out_of_step(fmt::format("agent said {:02X} instead of 5A", answer)));
}

Error AgentLink::refusal(Clock::Duration timeout) {
  auto code = field<std::uint32_t>(timeout);
  if (!code) return std::move(code.error());
  return status_error(*code, fmt::format("agent refused with {}", *code));
}

Error AgentLink::status_error(std::uint32_t code, std::string what) const {
  return Error{.code = Errc::device_status,
               .what = std::move(what),
               .device_status = DeviceStatus{.kind = numbering_, .code = code}};
}

Error AgentLink::out_of_step(std::string what) {
  lost_ = true;
  return Error{.code = Errc::protocol, .what = std::move(what)};
}

}  // namespace mtk::legacy
