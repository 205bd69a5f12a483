// SPDX-License-Identifier: Apache-2.0
// Sending the first stage of an agent.
// Source: docs/protocol/brom.md#send-da
#include "brom/boot_rom.h"
#include "brom/timing.h"
#include "brom/xor16.h"

#include <fmt/format.h>

#include <array>
#include <limits>

namespace mtk::brom {
namespace {

constexpr std::uint8_t opcode_send_da = 0xd7;
constexpr std::uint8_t opcode_jump_da64 = 0xde;
constexpr std::uint8_t aarch64_state = 0x01;
constexpr std::uint8_t jump_da64_confirmation = 0x64;
/// The phone takes any size; a whole number of packets keeps every transfer but the last full.
constexpr std::size_t chunk_size = 8192;
/// What a phone that computed no checksum sends.
constexpr std::uint16_t no_checksum = 0;

}  // namespace

/// Sends a payload that is not echoed and checks checksum and status, which follow it. Recordings do not keep
/// it: agents and login files are their makers'.
/// An empty packet ends the payload only: some boot ROMs wait for it when the last packet was full.
Result<> BootRom::upload(ByteView payload, OpContext& op) {
  const auto send_all = [&]() -> Result<> {
    for (std::size_t offset = 0; offset < payload.size(); offset += chunk_size) {
      if (op.stop.stop_requested()) return fail(Errc::cancelled, "stopped by the user");
      const bool is_last = payload.size() - offset <= chunk_size;
      link_.end_transfers_with(is_last ? ZeroLengthPacket::after_full_packet : ZeroLengthPacket::never);
      const ByteView chunk = is_last ? payload.subspan(offset) : payload.subspan(offset, chunk_size);
      MTK_TRY(link_.write(chunk, Wait{payload_time, op.stop}, Content::withheld));
    }
    return {};
  };
  auto sent = send_all();
  link_.end_transfers_with(ZeroLengthPacket::never);
  MTK_TRY(std::move(sent));
  MTK_TRY_LET(const std::uint16_t theirs, status_word(checksum_time, op));
  auto verdict = success(checksum_time, op);
  const std::uint16_t ours = xor16(payload);
  // A phone that judged other bytes than were sent has not judged the file: a bad cable is no bad signature.
  if (theirs != ours && theirs != no_checksum)
    return fail(Errc::protocol, fmt::format("phone received other bytes than were sent: checksum {:04X} "
                                            "instead of {:04X}",
                                            theirs, ours));
  return verdict;
}

Result<> BootRom::send_da(const AgentImage& image, OpContext& op) {
  const auto send = [&]() -> Result<> {
    if (image.data.empty() || image.data.size() > std::numeric_limits<std::uint32_t>::max())
      return fail(Errc::bad_image, "agent is empty or larger than 4 GiB");
    if (image.signature_length > image.data.size())
      return fail(Errc::bad_image, "agent is shorter than its signature");
    Arguments arguments;
    arguments.be(image.load_address)
        .be(static_cast<std::uint32_t>(image.data.size()))
        .be(image.signature_length);
    MTK_TRY(start(opcode_send_da, arguments, op));
    MTK_TRY(success(answer_time, op));
    return upload(image.data, op);
  };
  return named(send(), "SEND_DA");
}

/// A phone that does not ask for the confirmation has jumped after the first status.
Result<> BootRom::jump_da64(std::uint32_t address, OpContext& op) {
  const auto jump = [&]() -> Result<> {
    Arguments arguments;
    arguments.be(address).be(aarch64_state);
    MTK_TRY(start(opcode_jump_da64, arguments, op));
    MTK_TRY(success(answer_time, op));
    const std::array confirmation{static_cast<std::byte>(jump_da64_confirmation)};
    MTK_TRY(link_.write(confirmation, Wait{write_time, op.stop}));
    std::array<std::byte, 1> back{};
    auto echo = link_.read_exactly(back, Wait{second_jump_time, op.stop});
    if (!echo && echo.error().code == Errc::timeout) return {};
    MTK_TRY(std::move(echo));
    if (back != confirmation) return fail(Errc::protocol, "phone did not confirm the jump");
    return success(answer_time, op);
  };
  return named(jump(), "JUMP_DA64");
}

}  // namespace mtk::brom
