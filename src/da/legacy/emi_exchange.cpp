// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/emi_exchange.h"

#include "da/legacy/byte_sum.h"
#include "da/legacy/flash_ids.h"
#include "da/legacy/protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace mtk::legacy {
namespace {

constexpr std::uint8_t opcode_enable_dram = 0xe8;
constexpr std::uint32_t ram_error_v5 = 3011;
constexpr std::uint32_t ram_error_v3 = 3007;
constexpr std::uint32_t calibrate_and_dump = 0x80000001;
constexpr std::uint32_t version_of_development_builds = 0xffffffff;
constexpr std::size_t calibration_dump_size = 20;

/// How the settings of one version travel.
struct EmiForm {
  std::uint32_t version;
  bool flash_id_first;    ///< the agent sends 16 bytes of flash id before the record size
  bool with_length;       ///< the length of all records goes before them
  bool one_record;        ///< exactly one record, its first word replaced
  bool calibration_dump;  ///< five words follow success
};
constexpr std::array emi_forms{
    EmiForm{0, false, true, false, false},  EmiForm{10, true, false, false, false},
    EmiForm{11, true, false, false, false}, EmiForm{12, false, false, true, false},
    EmiForm{13, false, false, true, true},  EmiForm{15, false, true, false, false},
    EmiForm{16, false, true, false, false}, EmiForm{17, false, true, false, false},
    EmiForm{20, false, true, false, false}, EmiForm{21, false, true, false, false},
};
/// What replaces the first word of a single record.
constexpr std::array single_record_head{std::byte{0x00}, std::byte{0x00}, std::byte{0x01}, std::byte{0x00}};

std::string not_running(std::string_view why) {
  return fmt::format("phone memory did not start (4032): {}", why);
}

/// The bytes that go to the agent, from the file's records and the record size it announced.
Result<Bytes> payload_for(const EmiForm& form, const EmiSettings& settings, std::uint32_t record_size) {
  if (!form.one_record) return settings.payload;
  if (record_size < single_record_head.size() || record_size > settings.payload.size())
    return fail(Errc::bad_image,
                fmt::format("agent wants a record of {} bytes, the preloader file has {} in all", record_size,
                            settings.payload.size()));
  Bytes record(settings.payload.begin(), settings.payload.begin() + record_size);
  std::ranges::copy(single_record_head, record.begin());
  return record;
}

Result<> announce_version(AgentLink& link, std::uint32_t version) {
  ByteWriter request;
  request.u8(opcode_enable_dram).be(version == 0 ? version_of_development_builds : version);
  MTK_TRY(link.send(request.view()));
  MTK_TRY_LET(const std::uint8_t answer, link.byte(wait_for::command));
  if (answer == ack) return {};
  if (answer != nack) return fail(link.out_of_step(fmt::format("agent said {:02X} instead of 5A", answer)));
  // No code follows, and the agent stays inside the command.
  link.give_up();
  auto refusal = link.status_error(
      0, not_running(fmt::format("agent does not accept memory settings of version {}", version)));
  refusal.device_status->text = "A5";
  return fail(std::move(refusal));
}

Result<> send_records(AgentLink& link, const EmiForm& form, ByteView records, const EmiQuirks& quirks) {
  MTK_TRY(link.send(ack));
  if (form.with_length && quirks.sends_length) {
    ByteWriter length;
    length.be(static_cast<std::uint32_t>(records.size()));
    MTK_TRY(link.send(length.view()));
  }
  MTK_TRY(link.send(records));
  MTK_TRY_LET(const auto sum, link.field<std::uint16_t>(wait_for::command));
  if (sum == byte_sum(records)) return link.send(ack);
  MTK_TRY(link.send(nack));
  return fail(link.out_of_step(
      not_running(fmt::format("agent received other settings than were sent: sum {:04X} instead of {:04X}",
                              sum, byte_sum(records)))));
}

Result<MemoryFacts> start_memory(AgentLink& link, const EmiForm& form) {
  ByteWriter how;
  how.be(calibrate_and_dump);
  MTK_TRY(link.send(how.view()));
  MTK_TRY_LET(const auto status, link.field<std::uint32_t>(wait_for::status_with_calibration));
  if (status != 0) {
    link.give_up();
    return fail(link.status_error(status, not_running(fmt::format("agent says {}", status))));
  }
  MemoryFacts facts;
  MTK_TRY_LET(facts.type, link.byte(wait_for::command));
  MTK_TRY_LET(facts.chip_select, link.byte(wait_for::command));
  MTK_TRY_LET(facts.size, link.field<std::uint64_t>(wait_for::command));
  if (form.calibration_dump) MTK_TRY(link.bytes(calibration_dump_size, wait_for::command));
  return facts;
}

Result<MemoryFacts> exchange(AgentLink& link, const EmiSettings& settings, const EmiQuirks& quirks) {
  const auto form = std::ranges::find(emi_forms, settings.version, &EmiForm::version);
  if (form == emi_forms.end()) {
    return fail(
        Errc::unsupported,
        fmt::format("no way is known to give an agent memory settings of version {}", settings.version));
  }
  if (settings.payload.empty() || settings.payload.size() > std::numeric_limits<std::uint32_t>::max())
    return fail(Errc::bad_image, "preloader file has no memory settings");
  MTK_TRY(announce_version(link, settings.version));
  if (form->flash_id_first) MTK_TRY(link.bytes(16, wait_for::command, Content::withheld));
  MTK_TRY_LET(const auto record_size, link.field<std::uint32_t>(wait_for::command));
  MTK_TRY_LET(const Bytes records, payload_for(*form, settings, record_size));
  MTK_TRY(send_records(link, *form, records, quirks));
  return start_memory(link, *form);
}

Result<FlashIds> request(AgentLink& link) {
  FlashIds ids;
  MTK_TRY_LET(ids.emmc_status, link.field<std::uint32_t>(wait_for::greeting));
  MTK_TRY_LET(ids.emmc_id, link.bytes(16, wait_for::greeting, Content::withheld));
  MTK_TRY_LET(ids.nand_status, link.field<std::uint32_t>(wait_for::greeting));
  MTK_TRY_LET(ids.nand_ids, read_nand_ids(link));
  return ids;
}

}  // namespace

bool asks_for_memory_settings(std::uint32_t status) {
  return status == ram_error_v5 || status == ram_error_v3;
}

Result<FlashIds> read_memory_request(AgentLink& link) { return in(request(link), "MEMORY_REQUEST"); }

Result<MemoryFacts> enable_dram(AgentLink& link, const EmiSettings& settings, const EmiQuirks& quirks) {
  return in(exchange(link, settings, quirks), "ENABLE_DRAM");
}

}  // namespace mtk::legacy
