// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mtk {

// Vectors of RFC 1321 and FIPS 180-4.
TEST(Hash, agrees_with_the_published_vectors) {
  const Bytes abc = to_bytes("abc");
  EXPECT_EQ(hex_compact(hash(HashKind::md5, abc)), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(hex_compact(hash(HashKind::sha1, abc)), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex_compact(sha256(abc)), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_compact(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hasher, starts_anew_after_a_digest) {
  Hasher hasher;
  hasher.update(to_bytes("something else"));
  hasher.finish();
  hasher.update(to_bytes("abc"));
  EXPECT_EQ(hasher.finish(), sha256(to_bytes("abc")));
}

TEST(Crc32, agrees_with_the_check_value_of_the_polynomial) {
  EXPECT_EQ(crc32(to_bytes("123456789")), 0xcbf43926u);
  EXPECT_EQ(crc32({}), 0u);
}

RC_GTEST_PROP(Hash, does_not_depend_on_how_the_data_was_cut,
              (const std::string& first, const std::string& second)) {
  const Bytes whole = to_bytes(first + second);
  Hasher hasher;
  hasher.update(to_bytes(first));
  hasher.update(to_bytes(second));
  RC_ASSERT(hasher.finish() == sha256(whole));
  RC_ASSERT(crc32(to_bytes(second), crc32(to_bytes(first))) == crc32(whole));
}

}  // namespace mtk
