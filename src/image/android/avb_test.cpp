// SPDX-License-Identifier: Apache-2.0
#include "image/android/avb.h"

#include "image/android/fixture.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {

const Bytes content(5000, std::byte{0x42});

TEST(Avb, a_vbmeta_image_tells_signature_flags_and_what_it_covers) {
  const Bytes meta = fixture::vbmeta({.algorithm = 2,
                                      .flags = 3,
                                      .properties = {{"com.android.build.boot.os_version", "11"}},
                                      .partition = "boot",
                                      .image = content,
                                      .chained = "vbmeta_system"});
  const AvbInfo info = read_avb(*memory_image(meta)).value().value();
  EXPECT_EQ(info.algorithm, "SHA256_RSA4096");
  EXPECT_TRUE(info.is_signed);
  EXPECT_TRUE(info.hashtree_disabled);
  EXPECT_TRUE(info.verification_disabled);
  EXPECT_EQ(info.rollback_index, 7u);
  EXPECT_EQ(info.release, "avbtool 1.2.0");
  EXPECT_EQ(info.key_sha1, hex_compact(hash(HashKind::sha1, Bytes(16, std::byte{0x99}))));
  EXPECT_EQ(info.properties.at("com.android.build.boot.os_version"), "11");
  ASSERT_EQ(info.partitions.size(), 2u);
  EXPECT_EQ(info.partitions[0].name, "boot");
  EXPECT_EQ(info.partitions[0].image_size, 5000u);
  EXPECT_EQ(info.partitions[1].kind, AvbPartition::Kind::chain);
  EXPECT_EQ(info.partitions[1].name, "vbmeta_system");
  EXPECT_FALSE(info.original_size);
}

TEST(Avb, an_unsigned_vbmeta_is_told_as_such) {
  const AvbInfo info = read_vbmeta(fixture::vbmeta({.algorithm = 0})).value();
  EXPECT_FALSE(info.is_signed);
  EXPECT_EQ(info.algorithm, "NONE");
  EXPECT_EQ(info.key_sha1, "");
}

TEST(Avb, a_footer_leads_to_the_vbmeta_behind_an_image) {
  const Bytes file =
      fixture::with_footer(content, fixture::vbmeta({.partition = "recovery", .image = content}), 64 * 1024);
  const AvbInfo info = read_avb(*memory_image(file)).value().value();
  EXPECT_EQ(info.original_size, 5000u);
  ASSERT_EQ(info.partitions.size(), 1u);
  EXPECT_EQ(compare_avb(*memory_image(file), info.partitions[0]), AvbMatch::matches);
}

TEST(Avb, a_patched_image_differs_from_what_was_signed) {
  const AvbInfo info = read_vbmeta(fixture::vbmeta({.partition = "boot", .image = content})).value();
  Bytes patched = content;
  patched[77] ^= std::byte{1};
  EXPECT_EQ(compare_avb(*memory_image(patched), info.partitions[0]), AvbMatch::differs);
  patched.resize(100);
  EXPECT_EQ(compare_avb(*memory_image(patched), info.partitions[0]), AvbMatch::differs);
  AvbPartition tree = info.partitions[0];
  tree.kind = AvbPartition::Kind::hashtree;
  EXPECT_EQ(compare_avb(*memory_image(content), tree), AvbMatch::unchecked);
}

TEST(Avb, images_without_either_have_none) {
  EXPECT_FALSE(read_avb(*memory_image(content)).value());
  EXPECT_FALSE(read_avb(*memory_image({})).value());
}

TEST(Avb, sizes_that_point_outside_are_refused) {
  const Bytes meta = fixture::vbmeta({.partition = "boot", .image = content});
  // Authentication and auxiliary size, key and descriptor offset and size, each far too large.
  for (const std::size_t field : {12U, 20U, 64U, 72U, 96U, 104U}) {
    Bytes broken = meta;
    broken.at(field) = std::byte{0xff};
    EXPECT_EQ(read_vbmeta(broken).error().code, Errc::bad_image) << field;
  }
  for (std::size_t size = 0; size < meta.size(); ++size)
    EXPECT_FALSE(read_vbmeta(ByteView(meta).first(size))) << size;
  Bytes footer = fixture::with_footer(content, meta, 32 * 1024);
  footer.at(footer.size() - 64 + 20) = std::byte{0xff};
  EXPECT_EQ(read_avb(*memory_image(footer)).error().code, Errc::bad_image);
}

}  // namespace
}  // namespace mtk
