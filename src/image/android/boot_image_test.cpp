// SPDX-License-Identifier: Apache-2.0
#include "image/android/boot_image.h"

#include "image/android/fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> names(const BootImage& image) {
  std::vector<std::string> out;
  for (const BootPart& part : image.parts) out.push_back(part.name);
  return out;
}

TEST(BootImage, every_header_version_tells_android_and_its_parts) {
  for (std::uint32_t version = 0; version <= 4; ++version) {
    const Bytes file = fixture::boot_image({.version = version});
    const BootImage image = read_boot_image(*memory_image(file)).value();
    EXPECT_EQ(image.header_version, version);
    EXPECT_EQ(image.os_version, "11.0.2") << version;
    EXPECT_EQ(image.patch_level, "2021-05") << version;
    EXPECT_EQ(image.cmdline, "bootopt=64S3,32N2,64N2") << version;
    EXPECT_EQ(image.name, version < 3 ? "CY-A100" : "") << version;
    EXPECT_THAT(image.warnings, IsEmpty()) << version;
    ASSERT_NE(image.part("kernel"), nullptr);
    EXPECT_EQ(image.part("kernel")->size, 5000u);
    EXPECT_EQ(file.at(image.part("kernel")->offset), std::byte{0x4b});
    EXPECT_EQ(image.part("ramdisk")->size, 3000u);
    EXPECT_EQ(file.at(image.part("ramdisk")->offset + 2999), std::byte{0x52});
    EXPECT_EQ(image.part("dtb") != nullptr, version == 2);
    EXPECT_LE(image.end, file.size());
  }
}

TEST(BootImage, a_long_command_line_is_put_together) {
  const std::string cmdline(900, 'c');
  const Bytes file = fixture::boot_image({.version = 1, .cmdline = cmdline});
  EXPECT_EQ(read_boot_image(*memory_image(file)).value().cmdline, cmdline);
}

TEST(BootImage, vendor_boot_images_name_their_board) {
  const BootImage four = read_boot_image(*memory_image(fixture::vendor_boot_image(4))).value();
  EXPECT_TRUE(four.vendor);
  EXPECT_EQ(four.name, "k6833");
  EXPECT_EQ(four.cmdline, "console=ttyS0");
  EXPECT_THAT(names(four), ElementsAre("vendor_ramdisk", "dtb", "vendor_ramdisk_table", "bootconfig"));
  const BootImage three = read_boot_image(*memory_image(fixture::vendor_boot_image(3))).value();
  EXPECT_THAT(names(three), ElementsAre("vendor_ramdisk", "dtb"));
}

TEST(BootImage, an_image_that_does_not_say_its_android_leaves_it_empty) {
  const BootImage image =
      read_boot_image(*memory_image(fixture::boot_image({.version = 0, .os = 0}))).value();
  EXPECT_EQ(image.os_version, "");
  EXPECT_EQ(image.patch_level, "");
}

TEST(BootImage, the_vendor_headers_of_old_phones_are_stepped_over_and_named) {
  const Bytes kernel = fixture::mtk_image("KERNEL", Bytes(100, std::byte{0x4b}));
  const Bytes ramdisk = fixture::mtk_image("RECOVERY", Bytes(60, std::byte{0x52}));
  const Bytes file = fixture::boot_image({.version = 0, .kernel = kernel, .ramdisk = ramdisk, .os = 0});
  const BootImage image = read_boot_image(*memory_image(file)).value();
  EXPECT_EQ(image.part("kernel")->mtk_name, "KERNEL");
  EXPECT_EQ(image.part("kernel")->size, 100u);
  EXPECT_EQ(image.part("ramdisk")->mtk_name, "RECOVERY");
  EXPECT_EQ(file.at(image.part("ramdisk")->offset), std::byte{0x52});
}

TEST(BootImage, a_cut_file_is_said_to_be_cut) {
  Bytes file = fixture::boot_image();
  file.resize(9000);
  const BootImage image = read_boot_image(*memory_image(file)).value();
  EXPECT_THAT(names(image), ElementsAre("kernel"));
  EXPECT_THAT(image.warnings,
              ElementsAre(HasSubstr("cut short: ramdisk should reach to byte"), HasSubstr("cut short: dtb")));
}

TEST(BootImage, a_cut_header_or_another_file_is_refused_at_any_length) {
  const Bytes file = fixture::boot_image();
  for (std::size_t size = 0; size < 0x67c; size += 7) {
    const auto image =
        read_boot_image(*memory_image(Bytes(file.begin(), file.begin() + static_cast<long>(size))));
    if (image) continue;  // version 0 fields are complete before those of version 2
    EXPECT_EQ(image.error().code, Errc::bad_image) << size;
  }
  EXPECT_EQ(read_boot_image(*memory_image(Bytes(8192))).error().code, Errc::bad_image);
}

TEST(BootImage, impossible_page_sizes_are_refused) {
  for (const unsigned page : {0U, 3U, 511U, 0xffffffffU}) {
    Bytes file = fixture::boot_image();
    for (unsigned i = 0; i < 4; ++i) file.at(0x24 + i) = static_cast<std::byte>(page >> (8 * i));
    EXPECT_EQ(read_boot_image(*memory_image(file)).error().code, Errc::bad_image) << page;
  }
}

}  // namespace
}  // namespace mtk
