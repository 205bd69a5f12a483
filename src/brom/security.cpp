// SPDX-License-Identifier: Apache-2.0
// Certificate, authentication file and login of secured phones. The files and the key are the user's.
// Source: docs/protocol/brom.md#secured-phones
#include "brom/boot_rom.h"
#include "brom/timing.h"

#include <fmt/format.h>

#include <limits>

namespace mtk::brom {
namespace {

constexpr std::uint8_t opcode_send_cert = 0xe0;
constexpr std::uint8_t opcode_send_auth = 0xe2;
constexpr std::uint8_t opcode_sla = 0xe3;
constexpr std::uint32_t max_challenge = 1024;
constexpr std::size_t max_response = 4096;

}  // namespace

Result<> BootRom::send_file(std::uint8_t opcode, ByteView file, OpContext& op) {
  if (file.empty() || file.size() > std::numeric_limits<std::uint32_t>::max())
    return fail(Errc::bad_image, "file is empty or larger than 4 GiB");
  Arguments arguments;
  arguments.be(static_cast<std::uint32_t>(file.size()));
  MTK_TRY(start(opcode, arguments, op));
  MTK_TRY_LET(const std::uint16_t status, status_word(answer_time, op));
  if (status == status_no_auth_needed) return {};
  MTK_TRY(accept(status));
  return upload(file, op);
}

Result<> BootRom::send_certificate(ByteView file, OpContext& op) {
  return named(send_file(opcode_send_cert, file, op), "SEND_CERT");
}

Result<> BootRom::send_auth(ByteView file, OpContext& op) {
  return named(send_file(opcode_send_auth, file, op), "SEND_AUTH");
}

Result<> BootRom::answer_challenge(const Signer& signer, ByteView soc_id, OpContext& op) {
  MTK_TRY(start(opcode_sla, {}, op));
  MTK_TRY_LET(const std::uint16_t status, status_word(answer_time, op));
  if (status == status_sla_already_done) return {};
  MTK_TRY(accept(status));
  MTK_TRY_LET(const Bytes head, link_.read_bytes(4, Wait{answer_time, op.stop}));
  const auto length = ByteReader{head}.be<std::uint32_t>();
  if (length > max_challenge) return fail(Errc::protocol, fmt::format("challenge of {} bytes", length));
  MTK_TRY_LET(const Bytes challenge, link_.read_bytes(length, Wait{answer_time, op.stop}));
  MTK_TRY_LET(const Bytes response,
              signer({Challenger::brom, challenge, Bytes{soc_id.begin(), soc_id.end()}}));
  if (response.empty() || response.size() > max_response)
    return fail(Errc::out_of_range, "signer answered with no or too many bytes");
  ByteWriter size;
  size.be(static_cast<std::uint32_t>(response.size()));
  MTK_TRY(echoed(size.view(), op));
  MTK_TRY(success(answer_time, op));
  MTK_TRY(link_.write(response, Wait{write_time, op.stop}));
  return success(login_time, op);
}

Result<> BootRom::log_in(const Signer& signer, ByteView soc_id, OpContext& op) {
  return named(answer_challenge(signer, soc_id, op), "SLA");
}

}  // namespace mtk::brom
