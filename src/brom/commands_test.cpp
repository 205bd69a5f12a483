// SPDX-License-Identifier: Apache-2.0
// gtest comes before rapidcheck's glue.
#include <gtest/gtest.h>

#include "brom/commands.h"
#include "brom/xor16.h"

#include <rapidcheck/gtest.h>

namespace mtk::brom {
namespace {

template <class Command>
auto decoded(std::initializer_list<unsigned> bytes) {
  const Bytes data = to_bytes(bytes);
  ByteReader in{data};
  return Command::decode(in);
}

TEST(BromCommands, hw_code_comes_before_its_status) {
  const auto reply = decoded<GetHwCode>({0x65, 0x80, 0x10, 0x0c});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->hw_code, 0x6580);
  EXPECT_EQ(reply->status, 0x100c);
}

TEST(BromCommands, versions_come_in_the_order_of_the_wire) {
  const auto reply = decoded<GetHwSwVersion>({0x8a, 0x00, 0xca, 0x01, 0x00, 0x02, 0x00, 0x00});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->hw_subcode, 0x8a00);
  EXPECT_EQ(reply->hw_version, 0xca01);
  EXPECT_EQ(reply->sw_version, 0x0002);
  EXPECT_EQ(reply->status, 0);
}

TEST(BromCommands, target_config_flags_have_names) {
  const auto reply = decoded<GetTargetConfig>({0x00, 0x00, 0x00, 0xe5, 0x00, 0x00});
  ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->config.sbc());
  EXPECT_FALSE(reply->config.sla());
  EXPECT_TRUE(reply->config.daa());
  EXPECT_FALSE(reply->config.certificate_needed());
  EXPECT_TRUE(reply->config.memory_read_authorised());
  EXPECT_TRUE(reply->config.memory_write_authorised());
  EXPECT_TRUE(reply->config.secured());
  EXPECT_FALSE(TargetConfig{.flags = 0x78}.secured());
}

TEST(BromCommands, a_short_or_long_reply_is_refused) {
  EXPECT_EQ(decoded<GetHwCode>({0x65, 0x80, 0x00}).error().code, Errc::protocol);
  EXPECT_EQ(decoded<GetHwCode>({0x65, 0x80, 0x00, 0x00, 0x00}).error().code, Errc::protocol);
}

TEST(BromCommands, jump_da_carries_its_address_in_one_field) {
  Arguments out;
  JumpDa{.address = 0x00200000}.encode(out);
  ASSERT_EQ(out.fields().size(), 1u);
  EXPECT_EQ(out.fields()[0], to_bytes({0x00, 0x20, 0x00, 0x00}));
}

TEST(BromCommands, status_words_up_to_00ff_are_success) {
  EXPECT_TRUE(accept(0x0000));
  EXPECT_TRUE(accept(0x0001));
  EXPECT_TRUE(accept(0x00ff));
  const auto refused = accept(0x1d0d);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::device_status);
  EXPECT_EQ(refused.error().device_status->kind, StatusKind::brom16);
  EXPECT_EQ(refused.error().device_status->code, 0x1d0du);
}

TEST(Xor16, takes_little_endian_words_and_an_odd_last_byte_as_low_byte) {
  EXPECT_EQ(xor16(to_bytes("MTK_DA!")), 0x4a63);
  EXPECT_EQ(xor16(to_bytes({1, 2, 3, 4, 5, 6})), 0x0007);
  EXPECT_EQ(xor16({}), 0);
}

RC_GTEST_PROP(Xor16, of_data_followed_by_its_own_sum_is_zero, (const std::vector<std::uint8_t>& values)) {
  Bytes data;
  for (const auto value : values) data.push_back(static_cast<std::byte>(value));
  if (data.size() % 2 != 0) data.push_back(std::byte{0});
  ByteWriter sum;
  sum.le(xor16(data));
  data.insert(data.end(), sum.view().begin(), sum.view().end());
  RC_ASSERT(xor16(data) == 0);
}

}  // namespace
}  // namespace mtk::brom
