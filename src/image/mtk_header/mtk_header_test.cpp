// SPDX-License-Identifier: Apache-2.0
#include "image/mtk_header/mtk_header.h"

#include "image/android/fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Bytes joined(std::initializer_list<Bytes> parts, std::size_t padding = 0) {
  ByteWriter out;
  for (const Bytes& part : parts) out.bytes(part);
  out.fill(padding);
  return std::move(out).take();
}

TEST(MtkHeader, a_plain_file_has_one_image) {
  const Bytes file = fixture::mtk_image("lk", Bytes(1000, std::byte{7}));
  const MtkFile parsed = read_mtk_file(*memory_image(file)).value();
  ASSERT_EQ(parsed.images.size(), 1u);
  EXPECT_EQ(parsed.images[0].name, "lk");
  EXPECT_EQ(parsed.images[0].offset, 512u);
  EXPECT_EQ(parsed.images[0].size, 1000u);
  EXPECT_EQ(parsed.images[0].load_address, 0x46000000u);
  EXPECT_FALSE(parsed.is_signed());
}

TEST(MtkHeader, a_chain_with_certificates_is_signed) {
  const Bytes file = joined({fixture::mtk_image("lk", Bytes(1001, std::byte{7}), true, true),
                             fixture::mtk_image("cert1", Bytes(0x6ad, std::byte{1}), true, true, 0x02000000),
                             fixture::mtk_image("cert2", Bytes(0x3b1, std::byte{1}), true, true, 0x02000002)},
                            4096);
  const MtkFile parsed = read_mtk_file(*memory_image(file)).value();
  ASSERT_EQ(parsed.images.size(), 3u);
  EXPECT_EQ(parsed.images[2].name, "cert2");
  EXPECT_EQ(parsed.images[2].type, 0x02000002u);
  EXPECT_TRUE(parsed.has_certificates);
  EXPECT_TRUE(parsed.is_signed());
  EXPECT_EQ(parsed.trailing, 0u);
}

TEST(MtkHeader, bytes_behind_padding_are_an_old_style_signature) {
  const Bytes file =
      joined({fixture::mtk_image("logo", Bytes(100, std::byte{7})), Bytes(500), Bytes(256, std::byte{0x5a})});
  const MtkFile parsed = read_mtk_file(*memory_image(file)).value();
  EXPECT_EQ(parsed.trailing, 756u);
  EXPECT_TRUE(parsed.is_signed());
}

TEST(MtkHeader, a_cut_file_is_said_to_be_cut) {
  Bytes file = fixture::mtk_image("tee", Bytes(1000));
  file.resize(900);
  const auto first = read_mtk_file(*memory_image(file));
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().what, "cut short: tee has 1000 bytes by its header");
  Bytes chain = joined({fixture::mtk_image("md1rom", Bytes(64, std::byte{7}), true, false),
                        fixture::mtk_image("md1dsp", Bytes(4000), true, true)});
  chain.resize(chain.size() - 100);
  const MtkFile parsed = read_mtk_file(*memory_image(chain)).value();
  EXPECT_EQ(parsed.images.size(), 1u);
  EXPECT_THAT(parsed.warnings, ElementsAre(HasSubstr("cut short: md1dsp")));
}

TEST(MtkHeader, other_files_are_refused) {
  EXPECT_EQ(read_mtk_file(*memory_image(Bytes(600))).error().code, Errc::bad_image);
  EXPECT_EQ(read_mtk_file(*memory_image({})).error().code, Errc::bad_image);
}

TEST(MtkHeader, the_pictures_of_a_logo_are_counted) {
  ByteWriter logo;
  logo.le(3U).le(400U).fill(500);
  const Bytes file = fixture::mtk_image("logo", logo.view());
  const MtkFile parsed = read_mtk_file(*memory_image(file)).value();
  EXPECT_EQ(logo_pictures(*memory_image(file), parsed.images[0]).value(), 3u);
  const Bytes odd = fixture::mtk_image("logo", Bytes(100, std::byte{0xff}));
  EXPECT_FALSE(
      logo_pictures(*memory_image(odd), read_mtk_file(*memory_image(odd)).value().images[0]).value());
}

}  // namespace
}  // namespace mtk
