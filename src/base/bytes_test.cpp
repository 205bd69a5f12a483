// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mtk {

using ::testing::ElementsAreArray;

TEST(ByteReader, reads_both_byte_orders) {
  const Bytes data = to_bytes({0x01, 0x02, 0x03, 0x04, 0x04, 0x03, 0x02, 0x01, 0xff});
  ByteReader in{data};
  EXPECT_EQ(in.be<std::uint32_t>(), 0x01020304u);
  EXPECT_EQ(in.le<std::uint32_t>(), 0x01020304u);
  EXPECT_EQ(in.u8(), 0xffu);
  EXPECT_TRUE(in.done());
}

TEST(ByteReader, yields_zeros_after_the_first_read_past_the_end) {
  const Bytes data = to_bytes({0x01, 0x02, 0x03});
  ByteReader in{data, Errc::bad_image};
  EXPECT_EQ(in.be<std::uint16_t>(), 0x0102u);
  EXPECT_EQ(in.be<std::uint16_t>(), 0u);
  // One byte would still be there, but a parser that missed a field must not go on with the next one.
  EXPECT_EQ(in.u8(), 0u);
  ASSERT_FALSE(in.ok());
  EXPECT_EQ(in.ok().error().code, Errc::bad_image);
}

TEST(ByteReader, done_rejects_bytes_left_over_and_ok_accepts_them) {
  const Bytes data = to_bytes({1, 2});
  ByteReader in{data};
  in.u8();
  EXPECT_TRUE(in.ok());
  ASSERT_FALSE(in.done());
  EXPECT_EQ(in.done().error().code, Errc::protocol);
}

TEST(ByteReader, seeks_up_to_the_end_and_not_past_it) {
  const Bytes data = to_bytes({10, 20, 30});
  ByteReader in{data};
  in.seek(2);
  EXPECT_EQ(in.u8(), 30u);
  in.seek(3);
  EXPECT_TRUE(in.done());
  in.seek(std::numeric_limits<std::uint64_t>::max());
  EXPECT_TRUE(in.failed());
}

TEST(ByteReader, refuses_a_size_larger_than_what_is_left) {
  const Bytes data = to_bytes({1, 2, 3});
  ByteReader in{data};
  EXPECT_TRUE(in.bytes(std::numeric_limits<std::size_t>::max()).empty());
  EXPECT_TRUE(in.failed());
}

TEST(ByteReader, text_ends_at_the_first_nul_and_hides_what_is_not_printable) {
  const Bytes data = to_bytes({'l', 'k', 0, 'x', 'a', 0x1b, 0xff, 'b'});
  ByteReader in{data};
  EXPECT_EQ(in.text(4), "lk");
  EXPECT_EQ(in.text(4), "a??b");
}

TEST(ByteWriter, pads_and_cuts_text_fields) {
  ByteWriter out;
  out.text("lk", 4).text("preloader", 3).fill(1, std::byte{0xee});
  EXPECT_THAT(out.view(), ElementsAreArray(to_bytes({'l', 'k', 0, 0, 'p', 'r', 'e', 0xee})));
}

RC_GTEST_PROP(Bytes, what_is_written_is_read, (std::uint16_t a, std::uint32_t b, std::uint64_t c)) {
  ByteWriter out;
  out.be(a).le(a).be(b).le(b).be(c).le(c);
  ByteReader in{out.view()};
  RC_ASSERT(in.be<std::uint16_t>() == a);
  RC_ASSERT(in.le<std::uint16_t>() == a);
  RC_ASSERT(in.be<std::uint32_t>() == b);
  RC_ASSERT(in.le<std::uint32_t>() == b);
  RC_ASSERT(in.be<std::uint64_t>() == c);
  RC_ASSERT(in.le<std::uint64_t>() == c);
  RC_ASSERT(in.done().has_value());
}

RC_GTEST_PROP(Hex, both_forms_are_understood, (const std::vector<std::uint8_t>& values)) {
  Bytes data;
  for (const std::uint8_t value : values) data.push_back(static_cast<std::byte>(value));
  RC_ASSERT(parse_hex(hex(data)).value() == data);
  RC_ASSERT(parse_hex(hex_compact(data)).value() == data);
}

TEST(Hex, has_one_spelling_for_people_and_one_for_names) {
  const Bytes data = to_bytes({0x15, 0x01, 0x00, 0x4f});
  EXPECT_EQ(hex(data), "15 01 00 4F");
  EXPECT_EQ(hex_compact(data), "1501004f");
}

TEST(Hex, refuses_half_a_byte_and_other_letters) {
  for (const char* text : {"1", "15 0", "0x15", "1g", "zz"}) {
    const auto parsed = parse_hex(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Errc::out_of_range) << text;
  }
}

}  // namespace mtk
