// SPDX-License-Identifier: Apache-2.0
#include "image/android/ota_payload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {
namespace {

using testing::ElementsAre;

Bytes field(unsigned number, ByteView content) {
  ByteWriter out;
  const unsigned key = number << 3 | 2;
  if (key < 0x80) {
    out.u8(static_cast<std::uint8_t>(key));
  } else {
    out.u8(static_cast<std::uint8_t>(key & 0x7f) | 0x80).u8(static_cast<std::uint8_t>(key >> 7));
  }
  out.u8(static_cast<std::uint8_t>(content.size())).bytes(content);
  return std::move(out).take();
}

Bytes payload(bool incremental) {
  ByteWriter manifest;
  manifest.u8(3 << 3).u8(0x80).u8(0x20);  // block size 4096
  for (const char* name : {"boot", "system"}) {
    ByteWriter partition;
    partition.bytes(field(1, to_bytes(name)));
    if (incremental) partition.bytes(field(6, to_bytes({0x08, 0x01})));
    manifest.bytes(field(13, partition.view()));
  }
  manifest.bytes(field(18, to_bytes("2021-05-05")));
  ByteWriter out;
  out.text("CrAU", 4)
      .be(std::uint64_t{2})
      .be(std::uint64_t{manifest.size()})
      .be(std::uint32_t{0})
      .bytes(manifest.view());
  return std::move(out).take();
}

TEST(OtaPayload, its_partitions_and_kind_are_told) {
  const OtaPayload full = read_ota_payload(*memory_image(payload(false))).value();
  EXPECT_THAT(full.partitions, ElementsAre("boot", "system"));
  EXPECT_EQ(full.security_patch, "2021-05-05");
  EXPECT_FALSE(full.incremental);
  EXPECT_TRUE(read_ota_payload(*memory_image(payload(true))).value().incremental);
}

TEST(OtaPayload, cut_and_twisted_ones_are_errors_and_nothing_worse) {
  const Bytes whole = payload(true);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cut = read_ota_payload(
        *memory_image(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))));
    EXPECT_FALSE(cut) << size;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes twisted = whole;
    twisted[at] ^= std::byte{0xff};
    static_cast<void>(read_ota_payload(*memory_image(twisted)));
  }
}

}  // namespace
}  // namespace mtk
