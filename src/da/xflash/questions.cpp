// SPDX-License-Identifier: Apache-2.0
#include "da/xflash/questions.h"

namespace mtk::xflash {
namespace {

/// Takes an optional answer apart where there is one.
template <class Read>
Result<> ask_for(AgentLink& link, const Code& code, Content content, Observer& log, Read read_answer) {
  MTK_TRY_LET(const auto answer, link.ask(code, log, content));
  if (answer) read_answer(ByteView{*answer});
  return {};
}

Result<> ask_number(AgentLink& link, const Code& code, std::optional<std::uint64_t>& into, Observer& log) {
  return ask_for(link, code, Content::open, log, [&](ByteView answer) { into = read_number(answer); });
}

Result<> ask_text(AgentLink& link, const Code& code, std::string& into, Observer& log) {
  return ask_for(link, code, Content::open, log, [&](ByteView answer) { into = printable_text(answer); });
}

/// A wrong guess about the form would leave the agent out of step.
Result<> ask_storage_life(AgentLink& link, std::optional<std::uint32_t>& into, Observer& log) {
  switch (link.chip().life_check_sends_value) {
    case Known::unknown:
      return {};
    case Known::yes:
      return ask_for(link, control::storage_life, Content::open, log,
                     [&](ByteView answer) { into = static_cast<std::uint32_t>(read_number(answer)); });
    case Known::no:
      break;
  }
  const auto result = link.result_of(control::storage_life, log);
  if (!result && !is_refusal(result.error())) return fail(result.error());
  if (result) into = *result;
  return {};
}

Result<> ask_storage(AgentLink& link, Answers& to, Observer& log) {
  // Card ids and serial numbers name a phone.
  MTK_TRY(ask_for(link, control::emmc_info, Content::withheld, log,
                  [&](ByteView answer) { to.emmc = read_emmc_info(answer); }));
  MTK_TRY(ask_for(link, control::nand_info, Content::withheld, log,
                  [&](ByteView answer) { to.nand = read_nand_info(answer); }));
  MTK_TRY(ask_for(link, control::nor_info, Content::open, log,
                  [&](ByteView answer) { to.nor = read_nor_info(answer); }));
  return ask_for(link, control::ufs_info, Content::withheld, log,
                 [&](ByteView answer) { to.ufs = read_ufs_info(answer); });
}

}  // namespace

Result<> ask_stage2(AgentLink& link, Answers& to, Observer& log) {
  MTK_TRY(ask_storage(link, to, log));
  MTK_TRY(ask_for(link, control::ram_info, Content::open, log,
                  [&](ByteView answer) { to.ram = read_ram_info(answer); }));
  MTK_TRY(ask_for(link, control::chip_id, Content::open, log,
                  [&](ByteView answer) { to.chip = read_chip_id(answer); }));
  MTK_TRY(ask_text(link, control::da_version, to.version, log));
  MTK_TRY(ask_for(link, control::random_id, Content::withheld, log,
                  [&](ByteView answer) { to.random_id.assign(answer.begin(), answer.end()); }));
  MTK_TRY(ask_for(link, control::hrid, Content::withheld, log,
                  [&](ByteView answer) { to.hardware_random_id.assign(answer.begin(), answer.end()); }));
  MTK_TRY_LET(const Bytes lengths, link.get(control::packet_length, log));
  to.packets = read_packet_lengths(lengths);
  if (to.packets.write == 0 || to.packets.read == 0)
    return fail(Error{.code = Errc::protocol, .what = "agent takes packets of no length"}.in(
        std::string{control::packet_length.name}));
  MTK_TRY(ask_number(link, control::partition_table_kind, to.partition_table_kind, log));
  MTK_TRY(ask_number(link, control::dram_type, to.dram_type, log));
  MTK_TRY(ask_number(link, control::rpmb_status, to.rpmb_status, log));
  MTK_TRY(ask_number(link, control::battery_voltage, to.battery_voltage, log));
  return ask_storage_life(link, to.storage_life, log);
}

}  // namespace mtk::xflash
