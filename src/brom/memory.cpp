// SPDX-License-Identifier: Apache-2.0
// Reading and writing the phone's memory and registers.
// Source: docs/protocol/brom.md#memory
#include "brom/boot_rom.h"
#include "brom/timing.h"

namespace mtk::brom {
namespace {

constexpr std::uint8_t opcode_read16 = 0xd0;
constexpr std::uint8_t opcode_read32 = 0xd1;
constexpr std::uint8_t opcode_write16 = 0xd2;
constexpr std::uint8_t opcode_write32 = 0xd4;
constexpr std::size_t max_count = 65536;

Arguments header(std::uint32_t address, std::size_t count) {
  Arguments arguments;
  arguments.be(address).be(static_cast<std::uint32_t>(count));
  return arguments;
}

Result<> check_count(std::size_t count) {
  if (count == 0 || count > max_count) return fail(Errc::out_of_range, "count is 0 or above 65536");
  return {};
}

}  // namespace

/// A refusal is one status word and nothing more; otherwise data stand between two.
template <class Word>
Result<std::vector<Word>> BootRom::read_words(std::uint8_t opcode, std::uint32_t address, std::uint32_t count,
                                              OpContext& op) {
  MTK_TRY(check_count(count));
  MTK_TRY(start(opcode, header(address, count), op));
  MTK_TRY(success(answer_time, op));
  MTK_TRY_LET(const Bytes raw, link_.read_bytes(count * sizeof(Word), Wait{answer_time, op.stop}));
  MTK_TRY(success(answer_time, op));
  ByteReader in{raw};
  std::vector<Word> values;
  for (std::uint32_t i = 0; i < count; ++i) values.push_back(in.be<Word>());
  return values;
}

template <class Word>
Result<> BootRom::write_words(std::uint8_t opcode, std::uint32_t address, std::span<const Word> values,
                              OpContext& op) {
  MTK_TRY(check_count(values.size()));
  MTK_TRY(start(opcode, header(address, values.size()), op));
  MTK_TRY(success(answer_time, op));
  for (const Word value : values) {
    ByteWriter item;
    item.be(value);
    MTK_TRY(echoed(item.view(), op));
  }
  return success(answer_time, op);
}

Result<std::vector<std::uint32_t>> BootRom::read32(std::uint32_t address, std::uint32_t count,
                                                   OpContext& op) {
  return named(read_words<std::uint32_t>(opcode_read32, address, count, op), "READ32");
}

Result<std::vector<std::uint16_t>> BootRom::read16(std::uint32_t address, std::uint32_t count,
                                                   OpContext& op) {
  return named(read_words<std::uint16_t>(opcode_read16, address, count, op), "READ16");
}

Result<> BootRom::write32(std::uint32_t address, std::span<const std::uint32_t> values, OpContext& op) {
  return named(write_words(opcode_write32, address, values, op), "WRITE32");
}

Result<> BootRom::write16(std::uint32_t address, std::span<const std::uint16_t> values, OpContext& op) {
  return named(write_words(opcode_write16, address, values, op), "WRITE16");
}

Result<WatchdogResult> BootRom::turn_watchdog_off(const WatchdogOff& watchdog, OpContext& op) {
  const std::uint32_t wide = watchdog.value;
  const auto narrow = static_cast<std::uint16_t>(watchdog.value);
  auto written = watchdog.width_bits == 16 ? write16(watchdog.address, {&narrow, 1}, op)
                                           : write32(watchdog.address, {&wide, 1}, op);
  if (written) return WatchdogResult::off;
  if (written.error().code == Errc::device_status) return WatchdogResult::refused;
  return fail(std::move(written.error()));
}

}  // namespace mtk::brom
