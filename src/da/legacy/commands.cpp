// SPDX-License-Identifier: Apache-2.0
#include "da/legacy/commands.h"

namespace mtk::legacy {
namespace {

constexpr std::uint8_t host_os_linux = 0x0c;
constexpr std::uint8_t erase_normally = 0;
constexpr std::uint8_t no_validation = 0;
constexpr std::uint8_t logical_address = 0;

}  // namespace

void ReadData::encode(ByteWriter& out) const { out.u8(host_os_linux).u8(storage).be(address).be(length); }

void WriteData::encode(ByteWriter& out) const {
  out.u8(storage).u8(part).be(address).be(length).be(packet_size);
}

void Format::encode(ByteWriter& out) const {
  out.u8(storage).u8(erase_normally).u8(no_validation).u8(logical_address).be(address).be(length);
}

void Reset::encode(ByteWriter& out) const { out.be(timeout).be(flags); }

}  // namespace mtk::legacy
