// SPDX-License-Identifier: Apache-2.0
// Tests only: Android images made up from the documented layouts.
#pragma once

#include "base/hash.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace mtk::fixture {

inline void pad(ByteWriter& out, std::size_t unit) { out.fill((unit - out.size() % unit) % unit); }

/// Android 11.0.2 with the patch level of May 2021.
inline constexpr std::uint32_t os_version = ((11U << 14 | 2U) << 11) | (21U << 4 | 5U);

struct Boot {
  std::uint32_t version = 2;
  Bytes kernel = Bytes(5000, std::byte{0x4b});
  Bytes ramdisk = Bytes(3000, std::byte{0x52});
  std::string cmdline = "bootopt=64S3,32N2,64N2";
  std::uint32_t os = os_version;
};

inline Bytes boot_image(const Boot& parts = {}) {
  constexpr std::uint32_t page = 2048;
  ByteWriter out;
  out.text("ANDROID!", 8);
  const auto kernel = static_cast<std::uint32_t>(parts.kernel.size());
  const auto ramdisk = static_cast<std::uint32_t>(parts.ramdisk.size());
  if (parts.version >= 3) {
    out.le(kernel).le(ramdisk).le(parts.os).le(std::uint32_t{1580}).fill(16).le(parts.version);
    out.text(parts.cmdline, 1536);
    if (parts.version >= 4) out.le(std::uint32_t{0});
    pad(out, 4096);
    out.bytes(parts.kernel);
    pad(out, 4096);
    out.bytes(parts.ramdisk);
    return std::move(out).take();
  }
  const std::uint32_t header_size = parts.version == 0 ? 0x660 : parts.version == 1 ? 0x670 : 0x67c;
  const std::uint32_t dtb = parts.version == 2 ? 100 : 0;
  out.le(kernel).le(0x40008000U).le(ramdisk).le(0x45000000U).le(0U).le(0U).le(0x44000000U).le(page);
  out.le(parts.version).le(parts.os).text("CY-A100", 16).text(parts.cmdline.substr(0, 512), 512).fill(32);
  out.text(parts.cmdline.size() > 512 ? parts.cmdline.substr(512) : "", 1024);
  if (parts.version >= 1) out.le(std::uint32_t{0}).le(std::uint64_t{0}).le(header_size);
  if (parts.version >= 2) out.le(dtb).le(std::uint64_t{0});
  pad(out, page);
  out.bytes(parts.kernel);
  pad(out, page);
  out.bytes(parts.ramdisk);
  pad(out, page);
  out.fill(dtb, std::byte{0xd0});
  return std::move(out).take();
}

inline Bytes vendor_boot_image(std::uint32_t version = 4) {
  ByteWriter out;
  out.text("VNDRBOOT", 8).le(version).le(std::uint32_t{4096}).le(0U).le(0U).le(std::uint32_t{700});
  out.text("console=ttyS0", 2048).le(0U).text("k6833", 16).le(std::uint32_t{version >= 4 ? 2128U : 2112U});
  out.le(std::uint32_t{50}).le(std::uint64_t{0});
  if (version >= 4)
    out.le(std::uint32_t{108}).le(std::uint32_t{1}).le(std::uint32_t{108}).le(std::uint32_t{20});
  pad(out, 4096);
  out.fill(700, std::byte{1});
  pad(out, 4096);
  out.fill(50, std::byte{2});
  pad(out, 4096);
  if (version >= 4) {
    out.fill(108, std::byte{3});
    pad(out, 4096);
    out.fill(20, std::byte{4});
  }
  return std::move(out).take();
}

/// The 512-byte vendor header with content behind it.
inline Bytes mtk_image(std::string_view name, ByteView content, bool extended = false, bool last = true,
                       std::uint32_t type = 0) {
  ByteWriter out;
  out.le(0x58881688U).le(static_cast<std::uint32_t>(content.size())).text(name, 32);
  out.le(0x46000000U).le(0xffffffffU);
  if (extended) out.le(0x58891689U).le(512U).le(1U).le(type).le(std::uint32_t{last}).le(16U).le(0U).le(0U);
  out.fill(512 - out.size(), std::byte{0xff}).bytes(content);
  if (extended) pad(out, 16);
  return std::move(out).take();
}

struct Vbmeta {
  std::uint32_t algorithm = 1;
  std::uint32_t flags = 0;
  std::vector<std::pair<std::string, std::string>> properties = {};
  std::string partition = {};  ///< with a hash descriptor for `image` when set
  Bytes image = {};
  std::string chained = {};
};

inline Bytes vbmeta(const Vbmeta& parts) {
  ByteWriter descriptors;
  const auto add = [&](std::uint64_t tag, ByteWriter body) {
    pad(body, 8);
    descriptors.be(tag).be(std::uint64_t{body.size()}).bytes(body.view());
  };
  for (const auto& [key, value] : parts.properties) {
    ByteWriter body;
    body.be(std::uint64_t{key.size()}).be(std::uint64_t{value.size()});
    body.text(key, key.size() + 1).text(value, value.size() + 1);
    add(0, std::move(body));
  }
  if (!parts.partition.empty()) {
    const Bytes salt = to_bytes({1, 2, 3, 4});
    Hasher hasher;
    hasher.update(salt);
    hasher.update(parts.image);
    ByteWriter body;
    body.be(std::uint64_t{parts.image.size()}).text("sha256", 32);
    body.be(static_cast<std::uint32_t>(parts.partition.size())).be(std::uint32_t{4}).be(std::uint32_t{32});
    body.fill(64).text(parts.partition, parts.partition.size()).bytes(salt).bytes(hasher.finish());
    add(2, std::move(body));
  }
  if (!parts.chained.empty()) {
    ByteWriter body;
    body.be(std::uint32_t{1}).be(static_cast<std::uint32_t>(parts.chained.size())).be(std::uint32_t{8});
    body.fill(64).text(parts.chained, parts.chained.size()).fill(8, std::byte{0x77});
    add(4, std::move(body));
  }
  const std::uint64_t key_offset = descriptors.size();
  descriptors.fill(16, std::byte{0x99});
  const std::uint64_t authentication = 64;
  ByteWriter out;
  out.text("AVB0", 4).be(std::uint32_t{1}).be(std::uint32_t{0});
  out.be(authentication).be(std::uint64_t{descriptors.size()}).be(parts.algorithm);
  out.fill(4 * 8).be(key_offset).be(std::uint64_t{16}).fill(2 * 8);
  out.be(std::uint64_t{0}).be(key_offset);
  out.be(std::uint64_t{7}).be(parts.flags).be(std::uint32_t{0}).text("avbtool 1.2.0", 48).fill(80);
  out.fill(authentication, std::byte{0xaa}).bytes(descriptors.view());
  return std::move(out).take();
}

/// An image with its vbmeta behind it and the footer at the end of a partition of `size` bytes.
inline Bytes with_footer(ByteView image, const Bytes& meta, std::size_t size) {
  ByteWriter out;
  out.bytes(image);
  pad(out, 4096);
  const std::uint64_t at = out.size();
  out.bytes(meta).fill(size - 64 - out.size());
  out.text("AVBf", 4).be(std::uint32_t{1}).be(std::uint32_t{0});
  out.be(std::uint64_t{image.size()}).be(at).be(std::uint64_t{meta.size()}).fill(28);
  return std::move(out).take();
}

struct Logical {
  std::string name;
  Bytes content;  ///< a multiple of 512 bytes; stored in two extents where it is long enough
};

/// A super image with one slot and its backup.
inline Bytes super_image(const std::vector<Logical>& partitions) {
  constexpr std::uint32_t room = 65536;
  ByteWriter names;
  ByteWriter extents;
  ByteWriter data;
  const std::uint64_t first_data = 3 * 4096 + 2 * room;
  std::uint32_t extent_count = 0;
  for (const Logical& part : partitions) {
    const std::size_t half = part.content.size() / 1024 * 512;
    names.text(part.name, 36).le(std::uint32_t{1}).le(extent_count);
    std::uint32_t own = 0;
    for (const auto& [from, length] : {std::pair{std::size_t{0}, half}, {half, part.content.size() - half}}) {
      if (length == 0) continue;
      extents.le(std::uint64_t{length / 512}).le(std::uint32_t{0});
      extents.le(std::uint64_t{(first_data + data.size()) / 512}).le(std::uint32_t{0});
      data.bytes(ByteView(part.content).subspan(from, length)).fill(512, std::byte{0xee});  // not contiguous
      ++own;
    }
    names.le(own).le(std::uint32_t{0});
    extent_count += own;
  }
  ByteWriter tables;
  tables.bytes(names.view()).bytes(extents.view());
  tables.text("main", 36).le(0U).le(std::uint64_t{1} << 30);
  tables.le(std::uint64_t{2048}).le(0U).le(0U).le(std::uint64_t{1} << 30).text("super", 36).le(0U);
  const auto header_with = [&](ByteView sum) {
    ByteWriter header;
    header.le(0x414c5030U).le(std::uint16_t{10}).le(std::uint16_t{0}).le(128U).bytes(sum);
    header.le(static_cast<std::uint32_t>(tables.size())).bytes(sha256(tables.view()));
    const auto table = [&](std::size_t offset, std::size_t count, std::uint32_t entry) {
      header.le(static_cast<std::uint32_t>(offset)).le(static_cast<std::uint32_t>(count)).le(entry);
    };
    table(0, partitions.size(), 52);
    table(names.size(), extent_count, 24);
    table(names.size() + extents.size(), 1, 48);
    table(names.size() + extents.size() + 48, 1, 64);
    return std::move(header).take();
  };
  ByteWriter metadata;
  metadata.bytes(header_with(sha256(header_with(Bytes(32)))))
      .bytes(tables.view())
      .fill(room - 128 - tables.size());
  const auto geometry_with = [&](ByteView sum) {
    ByteWriter geometry;
    geometry.le(0x616c4467U).le(52U).bytes(sum).le(room).le(1U).le(4096U);
    return std::move(geometry).take();
  };
  const Bytes geometry = geometry_with(sha256(geometry_with(Bytes(32))));
  ByteWriter out;
  out.fill(4096).bytes(geometry).fill(4096 - geometry.size()).bytes(geometry).fill(4096 - geometry.size());
  out.bytes(metadata.view()).bytes(metadata.view()).bytes(data.view());
  return std::move(out).take();
}

}  // namespace mtk::fixture
