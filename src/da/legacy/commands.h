// SPDX-License-Identifier: Apache-2.0
// The commands of a running legacy agent: one type each, knowing its bytes and nothing of the link. An opcode
// is not echoed; arguments follow it at once. All integers are big-endian.
// Source: docs/protocol/da-legacy.md#commands
#pragma once

#include "base/bytes.h"

#include <string_view>

namespace mtk::legacy {

/// Chooses the eMMC part that READ and FORMAT work on. The agent takes any number, so the host checks it.
struct SwitchPart {
  static constexpr std::uint8_t opcode = 0x60;
  static constexpr std::string_view name = "SWITCH_PART";
};

/// Source: docs/protocol/da-legacy.md#read
struct ReadData {
  static constexpr std::uint8_t opcode = 0xd6;
  static constexpr std::string_view name = "READ";
  std::uint8_t storage = 0;
  std::uint64_t address = 0;
  std::uint64_t length = 0;

  void encode(ByteWriter& out) const;
};

/// Source: docs/protocol/da-legacy.md#write
struct WriteData {
  static constexpr std::uint8_t opcode = 0x62;
  static constexpr std::string_view name = "WRITE_DATA";
  std::uint8_t storage = 0;  ///< numbered otherwise than in READ and FORMAT
  std::uint8_t part = 0;
  std::uint64_t address = 0;
  std::uint64_t length = 0;
  std::uint32_t packet_size = 0;

  void encode(ByteWriter& out) const;
};

/// Source: docs/protocol/da-legacy.md#format
struct Format {
  static constexpr std::uint8_t opcode = 0xd4;
  static constexpr std::string_view name = "FORMAT";
  std::uint8_t storage = 0;
  std::uint64_t address = 0;
  std::uint64_t length = 0;

  void encode(ByteWriter& out) const;
};

/// Restarts or switches off through the watchdog.
/// Source: docs/protocol/da-legacy.md#leave
struct Reset {
  static constexpr std::uint8_t opcode = 0xdb;
  static constexpr std::string_view name = "RESET";
  static constexpr std::uint32_t keep_clock = 8;
  std::uint16_t timeout = 0x40;  ///< in units of 15.6 ms
  std::uint32_t flags = keep_clock;

  void encode(ByteWriter& out) const;
};

struct ReadRegister32 {
  static constexpr std::uint8_t opcode = 0x7a;
  static constexpr std::string_view name = "READ_REG32";
  std::uint32_t address = 0;
  void encode(ByteWriter& out) const { out.be(address); }
};
struct WriteRegister32 {
  static constexpr std::uint8_t opcode = 0x7b;
  static constexpr std::string_view name = "WRITE_REG32";
  std::uint32_t address = 0;
  std::uint32_t value = 0;
  void encode(ByteWriter& out) const { out.be(address).be(value); }
};
struct ReadRegister16 {
  static constexpr std::uint8_t opcode = 0xd8;
  static constexpr std::string_view name = "READ_REG16";
  std::uint32_t address = 0;
  void encode(ByteWriter& out) const { out.be(address); }
};

/// A command that is its opcode only.
template <std::uint8_t Opcode>
struct Plain {
  static constexpr std::uint8_t opcode = Opcode;
  void encode(ByteWriter&) const {}
};
struct UsbStatus : Plain<0x72> {
  static constexpr std::string_view name = "USB_STATUS";
};
struct CardType : Plain<0x63> {
  static constexpr std::string_view name = "CARD_TYPE";
};
struct BatteryVoltage : Plain<0xd0> {
  static constexpr std::string_view name = "BATTERY_VOLTAGE";
};
struct SecureUsbState : Plain<0xb4> {
  static constexpr std::string_view name = "SECURE_USB_STATE";
};
struct ProjectId : Plain<0xef> {
  static constexpr std::string_view name = "PROJECT_ID";
};
struct BadBlocks : Plain<0xa3> {
  static constexpr std::string_view name = "BAD_BLOCKS";
};
struct ReadPmt : Plain<0xa5> {
  static constexpr std::string_view name = "READ_PMT";
};
struct Finish : Plain<0xd9> {
  static constexpr std::string_view name = "FINISH";
};
/// Leaves the bus and comes back at high speed.
struct UsbSetUp {
  static constexpr std::uint8_t opcode = 0x70;
  static constexpr std::string_view name = "USB_SET_UP";
  void encode(ByteWriter& out) const { out.u8(1); }
};
struct PcSecurityInfo {
  static constexpr std::uint8_t opcode = 0xe0;
  static constexpr std::string_view name = "PC_SECURITY_INFO";
  void encode(ByteWriter& out) const { out.be(std::uint32_t{0}); }
};

/// The opcode and its arguments as they travel.
template <class Command>
Bytes to_wire(const Command& command) {
  ByteWriter out;
  out.u8(Command::opcode);
  command.encode(out);
  return std::move(out).take();
}

}  // namespace mtk::legacy
