// SPDX-License-Identifier: Apache-2.0
// Small questions, the partition list, and the change of USB speed.
// Source: docs/protocol/da-legacy.md#questions
#include "da/bytes_sink.h"
#include "da/legacy/agent.h"
#include "da/legacy/commands.h"

#include <fmt/format.h>

#include <algorithm>

namespace mtk::legacy {
namespace {

constexpr std::size_t project_id_size = 64;
constexpr std::uint8_t list_follows = 0x01;  // the 2015 agent's word where others say 5A
constexpr std::uint32_t max_list_size = 0x10000;
constexpr std::uint64_t gpt_offset = 512;
constexpr std::chrono::milliseconds rest_of_refusal{100};

}  // namespace

template <class Command>
Result<std::uint8_t> LegacyAgent::first_answer(const Command& command) {
  MTK_TRY(link_.send(to_wire(command)));
  MTK_TRY_LET(const auto answer, link_.byte_if_any(wait_for::command));
  if (!answer) return fail(Errc::unsupported, "this agent does not know the command");
  return *answer;
}

template <class Command>
Result<> LegacyAgent::acknowledged(const Command& command) {
  MTK_TRY_LET(const std::uint8_t answer, first_answer(command));
  if (answer == ack) return {};
  if (answer == nack) return fail(link_.refusal(wait_for::command));
  return fail(link_.out_of_step(fmt::format("agent said {:02X} instead of 5A", answer)));
}

template <std::unsigned_integral T, class Command>
Result<T> LegacyAgent::number(const Command& command) {
  MTK_TRY_LET(const std::uint8_t first, first_answer(command));
  MTK_TRY_LET(const Bytes rest, link_.bytes(sizeof(T) - 1, wait_for::command));
  ByteWriter value;
  value.u8(first).bytes(rest);
  return ByteReader{value.view()}.be<T>();
}

Result<UsbSpeed> LegacyAgent::usb_speed() {
  return guarded(Stage::da2, UsbStatus::name, [&]() -> Result<UsbSpeed> {
    MTK_TRY(acknowledged(UsbStatus{}));
    MTK_TRY_LET(const std::uint8_t speed, link_.byte(wait_for::command));
    facts_.usb_high_speed = speed != 0;
    return static_cast<UsbSpeed>(std::min<std::uint8_t>(speed, 2));
  });
}

Result<> LegacyAgent::raise_usb_speed(const std::stop_token& stop) {
  return guarded(Stage::da2, UsbSetUp::name, [&]() -> Result<> {
    MTK_TRY(acknowledged(UsbSetUp{}));
    auto back = link_.transport().reopen(UsbIdentity::agent, Wait{wait_for::new_usb_speed, stop});
    if (!back) {
      link_.give_up();
      back.error().what = "phone did not come back at high USB speed: " + back.error().what;
      return back;
    }
    MTK_TRY(usb_speed());
    return {};
  });
}

Result<std::uint32_t> LegacyAgent::card_type() {
  return guarded(Stage::da2, CardType::name, [&]() -> Result<std::uint32_t> {
    MTK_TRY(acknowledged(CardType{}));
    return link_.field<std::uint32_t>(wait_for::command);
  });
}

Result<std::uint32_t> LegacyAgent::battery_voltage() {
  return guarded(Stage::da2, BatteryVoltage::name, [&] { return number<std::uint32_t>(BatteryVoltage{}); });
}

Result<std::uint32_t> LegacyAgent::secure_usb_state() {
  return guarded(Stage::da2, SecureUsbState::name, [&] { return number<std::uint32_t>(SecureUsbState{}); });
}

Result<Bytes> LegacyAgent::project_id() {
  return guarded(Stage::da2, ProjectId::name, [&]() -> Result<Bytes> {
    MTK_TRY_LET(const auto status, number<std::uint32_t>(ProjectId{}));
    MTK_TRY_LET(Bytes id, link_.bytes(project_id_size, wait_for::command));
    if (status != 0) return fail(link_.status_error(status, fmt::format("agent refused with {}", status)));
    return id;
  });
}

Result<std::uint32_t> LegacyAgent::read_register32(std::uint32_t address) {
  return guarded(Stage::da2, ReadRegister32::name, [&]() -> Result<std::uint32_t> {
    MTK_TRY_LET(const auto value, number<std::uint32_t>(ReadRegister32{.address = address}));
    MTK_TRY(link_.expect_ack(wait_for::command));
    return value;
  });
}

Result<> LegacyAgent::write_register32(std::uint32_t address, std::uint32_t value) {
  return guarded(Stage::da2, WriteRegister32::name,
                 [&] { return acknowledged(WriteRegister32{.address = address, .value = value}); });
}

Result<std::uint16_t> LegacyAgent::read_register16(std::uint32_t address) {
  return guarded(Stage::da2, ReadRegister16::name, [&]() -> Result<std::uint16_t> {
    MTK_TRY_LET(const auto value, number<std::uint16_t>(ReadRegister16{.address = address}));
    MTK_TRY(link_.expect_ack(wait_for::command));
    return value;
  });
}

Result<> LegacyAgent::confirm_pc_security() {
  return guarded(Stage::da2, PcSecurityInfo::name, [&] { return acknowledged(PcSecurityInfo{}); });
}

Result<std::vector<BadBlock>> LegacyAgent::bad_blocks() {
  return guarded(Stage::da2, BadBlocks::name, [&]() -> Result<std::vector<BadBlock>> {
    MTK_TRY_LET(const std::uint8_t answer, first_answer(BadBlocks{}));
    if (answer == nack) {
      // Some agents refuse without a code.
      MTK_TRY_LET(const auto code, link_.byte_if_any(rest_of_refusal));
      if (code) MTK_TRY(link_.bytes(3, wait_for::command));
      return fail(Errc::unsupported, "this phone has no table of bad blocks");
    }
    if (answer != ack) return fail(link_.out_of_step(fmt::format("agent said {:02X} instead of 5A", answer)));
    MTK_TRY_LET(const std::uint8_t count, link_.byte(wait_for::command));
    MTK_TRY_LET(const Bytes raw, link_.bytes(std::size_t{count} * 4, wait_for::command));
    MTK_TRY(link_.send(ack));
    ByteReader in{raw};
    std::vector<BadBlock> blocks;
    for (unsigned i = 0; i < count; ++i)
      blocks.push_back({.block = in.be<std::uint16_t>(), .mapped_to = in.be<std::uint16_t>()});
    return blocks;
  });
}

Result<Bytes> LegacyAgent::read_pmt() {
  return guarded(Stage::da2, ReadPmt::name, [&]() -> Result<Bytes> {
    MTK_TRY_LET(const std::uint8_t answer, first_answer(ReadPmt{}));
    if (answer == nack) return fail(link_.refusal(wait_for::command));
    if (answer != ack && answer != list_follows)
      return fail(link_.out_of_step(fmt::format("agent said {:02X} instead of 01 or 5A", answer)));
    MTK_TRY_LET(const auto size, link_.field<std::uint32_t>(wait_for::command));
    if (size > max_list_size) {
      MTK_TRY(link_.send(nack));
      return fail(Errc::protocol, fmt::format("agent announces a partition list of {} bytes", size));
    }
    MTK_TRY(link_.send(ack));
    MTK_TRY_LET(Bytes list, link_.bytes(size, wait_for::read_packet));
    MTK_TRY(link_.send(ack));
    return list;
  });
}

Result<Bytes> LegacyAgent::partition_list(OpContext& op) {
  return guarded(Stage::da2, ReadPmt::name, [&]() -> Result<Bytes> {
    BytesSink start;
    MTK_TRY(read({.area = Area::user, .offset = gpt_offset, .length = 512}, start, "partition table", op));
    const ByteView signature = ByteView{start.bytes}.first(8);
    if (std::ranges::equal(signature, to_bytes("EFI PART")))
      return fail(Errc::refused, "phone has a GPT, which is read from its storage");
    return read_pmt();
  });
}

}  // namespace mtk::legacy
