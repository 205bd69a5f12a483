// SPDX-License-Identifier: Apache-2.0
#include "image/kind.h"

#include "image/oracle.h"
#include "image/preloader/fixture.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {

using namespace std::string_view_literals;

Bytes at(std::size_t offset, std::string_view magic) {
  Bytes out(offset, std::byte{1});
  const Bytes text = to_bytes(magic);
  out.insert(out.end(), text.begin(), text.end());
  out.resize(out.size() + 32, std::byte{1});
  return out;
}

TEST(FileKind, images_are_recognised_by_their_magic) {
  EXPECT_EQ(kind_of(at(0, "ANDROID!")), FileKind::android_boot);
  EXPECT_EQ(kind_of(at(0, "VNDRBOOT")), FileKind::vendor_boot);
  EXPECT_EQ(kind_of(at(0, "\x88\x16\x88\x58")), FileKind::mtk_header);
  EXPECT_EQ(kind_of(at(0, "\x3a\xff\x26\xed")), FileKind::sparse);
  EXPECT_EQ(kind_of(at(0x438, "\x53\xef")), FileKind::ext4);
  EXPECT_EQ(kind_of(at(0x400, "\x10\x20\xf5\xf2")), FileKind::f2fs);
  EXPECT_EQ(kind_of(at(0x400, "\xe2\xe1\xf5\xe0")), FileKind::erofs);
  EXPECT_EQ(kind_of(at(0x1000, "gDla")), FileKind::super_image);
  EXPECT_EQ(kind_of(at(512, "EFI PART")), FileKind::gpt);
  EXPECT_EQ(kind_of(at(4096, "EFI PART")), FileKind::gpt);
  EXPECT_EQ(kind_of(at(510, "\x55\xaa")), FileKind::mbr);
  EXPECT_EQ(kind_of(at(0, "AVB0")), FileKind::vbmeta);
  EXPECT_EQ(kind_of(at(0, "EMMC_BOOT")), FileKind::emmc_boot);
  EXPECT_EQ(kind_of(at(0, "MTK_DOWNLOAD_AGENT")), FileKind::da_container);
  EXPECT_EQ(kind_of(at(0, "PK\x03\x04")), FileKind::zip);
  EXPECT_EQ(kind_of(at(0, "\x1f\x8b")), FileKind::gzip);
  EXPECT_EQ(kind_of(fixture::emi_block()), FileKind::emi_block);
  EXPECT_EQ(kind_of({}), FileKind::empty);
  EXPECT_EQ(kind_of(Bytes(100)), FileKind::unknown);
}

TEST(FileKind, gfh_files_are_told_apart_by_their_type) {
  EXPECT_EQ(kind_of(fixture::gfh_image()), FileKind::gfh_preloader);
  EXPECT_EQ(kind_of(fixture::gfh_image({.file_type = 5})), FileKind::auth_file);
  EXPECT_EQ(kind_of(fixture::gfh_image({.file_type = 4})), FileKind::cert_file);
  EXPECT_EQ(kind_of(fixture::gfh_image({.file_type = 7})), FileKind::unknown);
}

TEST(FileKind, texts_are_told_apart) {
  const auto kind = [](std::string_view text) { return kind_of(to_bytes(text)); };
  EXPECT_EQ(kind("\r\n <!DOCTYPE html><html>"), FileKind::html);
  EXPECT_EQ(kind("\xef\xbb\xbf<HTML>"), FileKind::html);
  EXPECT_EQ(kind("<flash-mode>"), FileKind::xml);
  EXPECT_EQ(kind("<root><general name=\"MTK_PLATFORM_CFG\">"), FileKind::scatter);
  EXPECT_EQ(kind("# head\n- general: MTK_PLATFORM_CFG\n"), FileKind::scatter);
  EXPECT_EQ(kind("PRELOADER 0x0\n{\n}\n"), FileKind::scatter);
  EXPECT_EQ(kind("preloader 0x0\npgpt 0x0\n"), FileKind::bare_scatter);
  EXPECT_EQ(kind("just words"), FileKind::text);
  EXPECT_EQ(kind("  \n"), FileKind::text);
  EXPECT_EQ(kind("\xff\xfe<\0h\0t\0m\0l\0>\0"sv), FileKind::html);
}

TEST(FileKind, corpus_files_are_what_they_are) {
  const std::filesystem::path corpus = std::filesystem::path(MTK_SOURCE_DIR) / "tests/corpus";
  EXPECT_EQ(file_kind(corpus / "scatter/MT6580_mtk_android.txt").value(), FileKind::scatter);
  EXPECT_EQ(file_kind(corpus / "scatter/MT6573_sdk_brace.txt").value(), FileKind::scatter);
  EXPECT_EQ(file_kind(corpus / "scatter/OTA_meizu_m8_nobrace.txt").value(), FileKind::bare_scatter);
  EXPECT_EQ(file_kind(corpus / "scatter/MT6893_vivo_pd2135f_v2.xml").value(), FileKind::scatter);
  EXPECT_EQ(file_kind(corpus / "package/flash.xml").value(), FileKind::xml);
  EXPECT_EQ(file_kind(corpus / "nothing").error().code, Errc::not_found);
}

TEST(FileKind, archives_and_web_pages_belong_into_no_partition) {
  for (const FileKind kind : {FileKind::zip, FileKind::html, FileKind::da_container, FileKind::empty,
                              FileKind::scatter, FileKind::ota_payload}) {
    EXPECT_FALSE(is_partition_content(kind)) << to_string(kind);
  }
  for (const FileKind kind : {FileKind::ext4, FileKind::unknown, FileKind::sparse, FileKind::gfh_preloader}) {
    EXPECT_TRUE(is_partition_content(kind)) << to_string(kind);
  }
  EXPECT_TRUE(is_preloader(FileKind::emmc_boot));
  EXPECT_FALSE(is_preloader(FileKind::emi_block));
}

TEST(FileKind, every_kind_has_a_name_of_its_own) {
  for (int i = 0; i <= static_cast<int>(FileKind::text); ++i) {
    const auto kind = static_cast<FileKind>(i);
    EXPECT_EQ(to_string(kind) == "unknown content", kind == FileKind::unknown) << i;
  }
}

}  // namespace
}  // namespace mtk
