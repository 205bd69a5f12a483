// SPDX-License-Identifier: Apache-2.0
#include "base/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mtk {

struct Sample {
  std::uint8_t kind;
  std::uint16_t count;
  std::array<std::byte, 3> tag;
  std::uint64_t offset;
  bool operator==(const Sample&) const = default;
};
struct BigSample {
  std::uint16_t count;
  std::uint32_t size;
};

template <>
struct Wire<Sample> {
  static constexpr auto order = std::endian::little;
  static constexpr auto fields = std::tuple{Field{"kind", &Sample::kind}, Field{"count", &Sample::count},
                                            Field{"tag", &Sample::tag}, Field{"offset", &Sample::offset}};
};
template <>
struct Wire<BigSample> {
  static constexpr auto order = std::endian::big;
  static constexpr auto fields =
      std::tuple{Field{"count", &BigSample::count}, Field{"size", &BigSample::size}};
};

namespace {

const Sample sample{.kind = 7,
                    .count = 0x0102,
                    .tag = {std::byte{'M'}, std::byte{'M'}, std::byte{'M'}},
                    .offset = 0x1122334455667788};
const Bytes sample_bytes =
    to_bytes({0x07, 0x02, 0x01, 'M', 'M', 'M', 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11});

TEST(Wire, size_is_the_sum_of_the_fields_without_padding) {
  EXPECT_EQ(wire_size<Sample>(), 14u);
  EXPECT_EQ(wire_size<BigSample>(), 6u);
}

TEST(Wire, encodes_in_the_declared_order_of_fields_and_bytes) {
  EXPECT_EQ(encode(sample), sample_bytes);
  EXPECT_EQ(encode(BigSample{.count = 0x0102, .size = 0x03040506}), to_bytes({1, 2, 3, 4, 5, 6}));
}

TEST(Wire, decodes_exactly_the_record) {
  EXPECT_EQ(decode<Sample>(sample_bytes).value(), sample);

  const auto cut = decode<Sample>(ByteView{sample_bytes}.first(13), Errc::bad_image);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, Errc::bad_image);

  Bytes longer = sample_bytes;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode<Sample>(longer));
}

TEST(Wire, reads_one_record_after_the_other) {
  const Bytes two = to_bytes({0, 1, 0, 0, 0, 2, 0, 3, 0, 0, 0, 4});
  ByteReader in{two};
  EXPECT_EQ(read<BigSample>(in).size, 2u);
  EXPECT_EQ(read<BigSample>(in).size, 4u);
  EXPECT_TRUE(in.done());
}

TEST(Wire, describes_a_record_by_the_names_of_its_fields) {
  EXPECT_EQ(describe(sample), "kind=0x7 count=0x102 tag=4d4d4d offset=0x1122334455667788");
}

RC_GTEST_PROP(Wire, decode_undoes_encode,
              (std::uint8_t kind, std::uint16_t count, std::uint8_t tag, std::uint64_t offset)) {
  const Sample before{.kind = kind, .count = count, .tag = {std::byte{tag}, {}, {}}, .offset = offset};
  RC_ASSERT(decode<Sample>(encode(before)).value() == before);
}

}  // namespace
}  // namespace mtk
