// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/greeting.h"

#include "da/first_word.h"
#include "da/legacy/flash_ids.h"
#include "da/legacy/protocol.h"

#include <fmt/format.h>

namespace mtk::legacy {
namespace {

constexpr std::uint32_t device_not_found_v3 = 0x0bc0;  // 3008, agents of 2015
constexpr std::uint32_t device_not_found_v5 = 0x0bc4;  // 3012, newer ones
constexpr std::uint8_t feature_phone_major = 3;
constexpr std::uint8_t packet_magic = 0xef;

Error not_a_greeting(AgentLink& link, std::uint8_t first) {
  return link.out_of_step(first == packet_magic
                              ? "the agent speaks the XFlash or XML protocol, not the legacy one"
                              : fmt::format("agent said {:02X} instead of its greeting C0", first));
}

/// These agents name their version at once and expect the settings of feature phones.
Error feature_phone_agent(AgentLink& link) {
  const auto rest = link.bytes(2, wait_for::greeting);
  if (!rest) return rest.error();
  return Error{
      .code = Errc::unsupported,
      .what = fmt::format("agent of the feature-phone kind (version 3.{}, chip {:02X}): this program "
                          "speaks to agents of phones only",
                          static_cast<unsigned>((*rest)[0]), static_cast<unsigned>((*rest)[1]))};
}

Result<Greeting> greeting(AgentLink& link, Clock::Duration patience, OpContext& op) {
  const auto ask = [&](Clock::Duration timeout) { return link.byte_if_any(timeout); };
  MTK_TRY_LET(const std::uint8_t first, await_first_word(ask, patience, op));
  if (first != sync) return fail(not_a_greeting(link, first));
  MTK_TRY_LET(const std::uint8_t kind, link.byte(wait_for::greeting));
  if (kind == feature_phone_major) return fail(feature_phone_agent(link));
  if (kind != 0) return fail(link.out_of_step(fmt::format("agent said {:02X} after its greeting", kind)));

  Greeting greeting;
  ByteWriter nand_status;
  MTK_TRY_LET(const Bytes rest, link.bytes(3, wait_for::greeting));
  nand_status.u8(kind).bytes(rest);
  greeting.flash.nand_status = ByteReader{nand_status.view()}.be<std::uint32_t>();
  MTK_TRY_LET(greeting.flash.nand_ids, read_nand_ids(link));
  MTK_TRY_LET(greeting.flash.emmc_status, link.field<std::uint32_t>(wait_for::greeting));
  MTK_TRY_LET(greeting.flash.emmc_id, link.bytes(16, wait_for::greeting, Content::withheld));
  link.set_numbering(numbering_of(greeting.flash.nand_status));

  MTK_TRY(link.send(ack));
  MTK_TRY_LET(greeting.version_major, link.byte(wait_for::greeting));
  MTK_TRY_LET(greeting.version_minor, link.byte(wait_for::greeting));
  MTK_TRY_LET(greeting.chip_id, link.byte(wait_for::greeting));
  return greeting;
}

}  // namespace

StatusKind numbering_of(std::uint32_t nand_status) {
  if (nand_status == device_not_found_v3) return StatusKind::legacy_v3;
  if (nand_status == device_not_found_v5) return StatusKind::legacy_v5;
  return StatusKind::legacy32;
}

Result<Greeting> read_greeting(AgentLink& link, Clock::Duration patience, OpContext& op) {
  return in(greeting(link, patience, op), "GREETING");
}

}  // namespace mtk::legacy
