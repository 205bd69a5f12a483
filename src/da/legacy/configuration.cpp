// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/configuration.h"

#include "da/legacy/protocol.h"

#include <fmt/format.h>

namespace mtk::legacy {
namespace {

/// One entry named FF with 255 percent. The percentage is little-endian, unlike everything around it.
void write_slc_list(ByteWriter& out) { out.be(std::uint32_t{1}).text("FF", 16).le(std::uint32_t{255}); }

}  // namespace

Bytes tail_bytes(const ConfigTail& tail) {
  ByteWriter out;
  if (tail.kind == TailKind::zero4) out.be(tail.word);
  if (tail.kind == TailKind::tlc24) write_slc_list(out);
  if (tail.kind == TailKind::tlc28) write_slc_list(out.be(std::uint32_t{0}));
  return std::move(out).take();
}

Result<ConfigurationReply> send_configuration(AgentLink& link, const Configuration& configuration,
                                              ByteView tail, Clock::Duration status_time) {
  MTK_TRY(link.send(encode(configuration)));
  ConfigurationReply reply;
  if (tail.empty()) {
    MTK_TRY_LET(reply.status, link.field<std::uint32_t>(status_time));
    return reply;
  }
  MTK_TRY_LET(const auto first, link.byte_if_any(wait_for::tail_probe));
  if (first) {
    MTK_TRY_LET(const Bytes rest, link.bytes(3, status_time));
    ByteWriter status;
    status.u8(*first).bytes(rest);
    reply.status = ByteReader{status.view()}.be<std::uint32_t>();
    return reply;
  }
  MTK_TRY(link.send(tail));
  reply.tail_was_sent = true;
  MTK_TRY_LET(reply.status, link.field<std::uint32_t>(status_time));
  return reply;
}

Result<TailTaken> settle_after_status(AgentLink& link, const AfterStatus& expected) {
  if (!expected.tail_was_sent && expected.calibration_words == 0) return TailTaken::yes;
  const Clock::Duration patience =
      expected.calibration_words > 0 ? Clock::Duration{wait_for::calibration_dump} : wait_for::unearned_ack;
  MTK_TRY_LET(const auto first, link.byte_if_any(patience));
  if (!first) return TailTaken::yes;
  if (expected.tail_was_sent && *first == ack) return TailTaken::no;
  if (expected.calibration_words == 0)
    return fail(link.out_of_step(fmt::format("agent said {:02X} after its status", *first)));
  MTK_TRY(link.bytes(expected.calibration_words * 4 - 1, wait_for::calibration_dump));
  return TailTaken::yes;
}

}  // namespace mtk::legacy
