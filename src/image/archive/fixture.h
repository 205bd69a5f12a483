// SPDX-License-Identifier: Apache-2.0
// Tests only: zip archives, honest and hostile, and a RAR archive of one stored file.
#pragma once

#include "base/hash.h"

#include <string>
#include <vector>

namespace mtk::fixture {

struct ZipPart {
  std::string name;
  Bytes packed;  ///< as it lies in the archive
  std::uint16_t method = 0;
  std::uint64_t size = ~0ULL;  ///< claimed; by default what `packed` has
  std::uint32_t mode = 0;      ///< Unix mode: 0xa000 is a link
  std::uint16_t flags = 0;     ///< bit 0: encrypted
};

inline Bytes zip_archive(const std::vector<ZipPart>& parts) {
  ByteWriter out;
  ByteWriter list;
  for (const ZipPart& part : parts) {
    const auto at = static_cast<std::uint32_t>(out.size());
    const auto packed = static_cast<std::uint32_t>(part.packed.size());
    const auto size = part.size == ~0ULL ? packed : static_cast<std::uint32_t>(part.size);
    const auto name = static_cast<std::uint16_t>(part.name.size());
    const std::uint32_t crc = crc32(part.packed);
    out.le(0x04034b50U)
        .le(std::uint16_t{20})
        .le(part.flags)
        .le(part.method)
        .le(0U)
        .le(crc)
        .le(packed)
        .le(size);
    out.le(name).le(std::uint16_t{0}).text(part.name, name).bytes(part.packed);
    list.le(0x02014b50U)
        .le(std::uint16_t{0x0314})
        .le(std::uint16_t{20})
        .le(part.flags)
        .le(part.method)
        .le(0U);
    list.le(crc).le(packed).le(size).le(name).le(0U).le(0U).le(part.mode << 16).le(at);
    list.text(part.name, name);
  }
  const auto at = static_cast<std::uint32_t>(out.size());
  const auto count = static_cast<std::uint16_t>(parts.size());
  out.bytes(list.view()).le(0x06054b50U).le(0U).le(count).le(count);
  out.le(static_cast<std::uint32_t>(list.size())).le(at).le(std::uint16_t{0});
  return std::move(out).take();
}

/// The older RAR format, one stored file.
inline Bytes rar_archive(const std::string& name, ByteView content) {
  const auto block = [](std::uint8_t type, std::uint16_t flags, ByteView body) {
    ByteWriter head;
    head.u8(type).le(flags).le(static_cast<std::uint16_t>(body.size() + 7)).bytes(body);
    ByteWriter out;
    out.le(static_cast<std::uint16_t>(crc32(head.view()) & 0xffff)).bytes(head.view());
    return std::move(out).take();
  };
  const auto size = static_cast<std::uint32_t>(content.size());
  ByteWriter file;
  file.le(size).le(size).u8(3).le(crc32(content)).le(0U).u8(20).u8(0x30);
  file.le(static_cast<std::uint16_t>(name.size())).le(0x81a4U).text(name, name.size());
  ByteWriter out;
  out.bytes(to_bytes({0x52, 0x61, 0x72, 0x21, 0x1a, 0x07, 0x00}));
  out.bytes(block(0x73, 0, Bytes(6))).bytes(block(0x74, 0x8000, file.view())).bytes(content);
  out.bytes(block(0x7b, 0x4000, {}));
  return std::move(out).take();
}

}  // namespace mtk::fixture
