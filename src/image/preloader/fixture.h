// SPDX-License-Identifier: Apache-2.0
// Tests only: preloaders and memory settings made up from the documented layouts.
#pragma once

#include "base/bytes.h"

#include <fmt/format.h>

namespace mtk::fixture {

struct Gfh {
  std::uint16_t file_type = 1;
  std::uint32_t content_offset = 0x44;
  std::uint32_t signature_length = 0x20;
  Bytes code = Bytes(0x180, std::byte{0xc0});
};

/// FILE_INFO, one more header of 0x0c bytes, code, signature.
inline Bytes gfh_image(const Gfh& parts = {}) {
  const auto length =
      static_cast<std::uint32_t>(parts.content_offset + parts.code.size() + parts.signature_length);
  ByteWriter out;
  out.text("MMM", 3).u8(1).le(std::uint16_t{0x38}).le(std::uint16_t{0}).text("FILE_INFO", 12);
  out.le(std::uint32_t{1}).le(parts.file_type).u8(5).u8(2);
  out.le(std::uint32_t{0x200d00}).le(length).le(std::uint32_t{0x40000});
  out.le(parts.content_offset)
      .le(parts.signature_length)
      .le(parts.content_offset)
      .le(std::uint32_t{0xc2600001});
  out.text("MMM", 3).u8(1).le(std::uint16_t{0xc}).le(std::uint16_t{1}).le(std::uint32_t{1});
  out.fill(parts.content_offset - out.size());
  out.bytes(parts.code).fill(parts.signature_length, std::byte{0x51});
  return std::move(out).take();
}

/// Identifier to count; records follow.
inline ByteWriter emi_head(unsigned version, std::uint32_t count, std::string_view project = "k80_bsp") {
  ByteWriter out;
  out.text(fmt::format("MTK_BLOADER_INFO_v{:02}", version), 0x1b);
  out.text(fmt::format("preloader_{}.bin", project), 0x3d);
  out.text("V116", 4).bytes(to_bytes({0x22, 0x88, 0x44, 0x33, 0x90, 0x00, 0x70, 0x00})).text("MTK_BIN", 8);
  out.le(count);
  return out;
}

/// A record of most versions: sub version, type, id length, firmware id length, id.
inline Bytes emi_record(std::size_t size, std::uint32_t type, ByteView id) {
  ByteWriter out;
  out.le(std::uint32_t{0}).le(type).le(static_cast<std::uint32_t>(id.size())).le(std::uint32_t{0});
  out.bytes(id);
  out.fill(size - out.size());
  return std::move(out).take();
}

inline const Bytes samsung_id = to_bytes({0x15, 0x01, 0x00, 0x51, 0x38, 0x32, 0x33, 0x4d, 0x42});
inline const Bytes hynix_id = to_bytes({0x90, 0x01, 0x4a, 0x48, 0x42, 0x47, 0x34, 0x61, 0x32});

/// Version 21 with two eMMC packages.
inline Bytes emi_block() {
  ByteWriter out = emi_head(21, 2);
  out.bytes(emi_record(188, 0x0203, samsung_id)).bytes(emi_record(188, 0x0203, hynix_id));
  return std::move(out).take();
}

/// Code that ends in the settings and their length, `padding` zeros behind.
inline Bytes code_with(ByteView block, std::size_t padding = 0) {
  ByteWriter out;
  out.fill(0x100, std::byte{0xc0}).bytes(block).le(static_cast<std::uint32_t>(block.size())).fill(padding);
  return std::move(out).take();
}

}  // namespace mtk::fixture
