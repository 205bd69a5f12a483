// SPDX-License-Identifier: Apache-2.0
#include "image/preloader/preloader.h"

#include "image/preloader/fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {
namespace {

using testing::HasSubstr;

Bytes preloader_file() { return fixture::gfh_image({.code = fixture::code_with(fixture::emi_block())}); }

Bytes with_front(std::string_view text, std::size_t size) {
  ByteWriter out;
  out.text(text, size).bytes(preloader_file());
  return std::move(out).take();
}

void put(Bytes& file, std::size_t at, std::uint32_t value) {
  const Bytes word = std::move(ByteWriter().le(value)).take();
  std::copy(word.begin(), word.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
}

TEST(Preloader, a_packaged_file_is_taken_apart) {
  const Bytes file = preloader_file();
  const Preloader preloader = parse_preloader(file).value();
  EXPECT_EQ(preloader.form, PreloaderForm::bare);
  EXPECT_EQ(preloader.info.load_address, 0x200d00u);
  EXPECT_EQ(preloader.info.flash_device, 5);
  ASSERT_EQ(preloader.headers.size(), 2u);
  EXPECT_EQ(preloader.headers[1].type, 1);
  EXPECT_EQ(preloader.headers[1].offset, 0x38u);
  EXPECT_EQ(preloader.image().size(), file.size());
  EXPECT_EQ(preloader.code().size(), fixture::code_with(fixture::emi_block()).size());
  EXPECT_EQ(preloader.signature().size(), 0x20u);
  EXPECT_EQ(preloader.signature()[0], std::byte{0x51});
  EXPECT_EQ(preloader.project(), "k80_bsp");
}

TEST(Preloader, every_device_header_is_recognised) {
  struct Row {
    std::string_view text;
    std::size_t size;
    PreloaderForm form;
  };
  for (const Row& row :
       {Row{"EMMC_BOOT", 0x800, PreloaderForm::emmc_boot}, Row{"UFS_BOOT", 0x1000, PreloaderForm::ufs_boot},
        Row{"SDMMC_BOOT", 0x800, PreloaderForm::sdmmc_boot}, Row{"SF_BOOT", 0x800, PreloaderForm::sf_boot},
        Row{"BOOTLOADER!", 0x800, PreloaderForm::nand_boot},
        Row{"what", 0x300, PreloaderForm::other_header}}) {
    const Preloader preloader = parse_preloader(with_front(row.text, row.size)).value();
    EXPECT_EQ(preloader.form, row.form);
    EXPECT_EQ(preloader.image_offset, row.size);
    EXPECT_EQ(preloader.project(), "k80_bsp");
  }
}

TEST(Preloader, an_image_too_far_behind_is_not_found) {
  EXPECT_FALSE(strip_device_header(with_front("x", 0x2001)));
}

TEST(Preloader, memory_settings_alone_are_a_form_of_their_own) {
  const Preloader preloader = parse_preloader(fixture::emi_block()).value();
  EXPECT_EQ(preloader.form, PreloaderForm::emi_block);
  EXPECT_EQ(preloader.project(), "k80_bsp");
}

TEST(Preloader, an_image_without_memory_settings_says_why) {
  const Preloader preloader = parse_preloader(fixture::gfh_image()).value();
  EXPECT_FALSE(preloader.emi);
  EXPECT_THAT(preloader.emi_problem, HasSubstr("no memory settings"));
  EXPECT_EQ(preloader.project(), "");
}

TEST(Preloader, other_gfh_files_are_refused) {
  const auto refused = parse_preloader(fixture::gfh_image({.file_type = 5}));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("file type 5"));
}

TEST(Preloader, lengths_that_contradict_each_other_are_refused) {
  const auto with = [](std::size_t at, std::uint32_t value) {
    Bytes file = preloader_file();
    put(file, at, value);
    return parse_preloader(file).has_value();
  };
  EXPECT_FALSE(with(0x20, 0xffffffff));  // file length
  EXPECT_FALSE(with(0x20, 0));
  EXPECT_FALSE(with(0x28, 0));  // content offset
  EXPECT_FALSE(with(0x28, 0xffffffff));
  EXPECT_FALSE(with(0x2c, 0xffffffff));  // signature length
  EXPECT_FALSE(with(0x3c, 0x00010004));  // size of the second header
  EXPECT_FALSE(with(0x3c, 0x0001ffff));
  EXPECT_TRUE(with(0x34, 0));
}

TEST(Preloader, an_image_larger_than_its_own_limit_is_told) {
  Bytes file = preloader_file();
  put(file, 0x24, 0x100);
  EXPECT_EQ(parse_preloader(file).value().warnings.size(), 1u);
}

TEST(Preloader, truncation_at_every_byte_is_an_error_or_the_settings_alone) {
  const Bytes file = preloader_file();
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_FALSE(parse_preloader(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size))))
        << size;
  }
}

TEST(DeviceHeader, has_the_documented_bytes) {
  const Bytes bare = fixture::gfh_image({.code = Bytes(0x1cc00, std::byte{0xc0})});  // 0x1cc64 bytes
  const Bytes area = add_emmc_header(bare).value();
  ASSERT_EQ(area.size(), 0x1d600u);  // 0x800 + 0x1cc64, up to 0x200
  const auto part = [&](std::size_t at, std::size_t size) {
    return hex_compact(ByteView(area).subspan(at, size));
  };
  EXPECT_EQ(part(0, 0x14),
            "454d4d435f424f4f54000000"
            "01000000"
            "00020000");
  EXPECT_EQ(part(0x14, 4), "ffffffff");
  EXPECT_EQ(part(0x1fc, 4), "ffffffff");
  EXPECT_EQ(part(0x200, 0x14),
            "42524c5954000000"
            "01000000"
            "00080000"
            "00d60100");
  EXPECT_EQ(part(0x214, 0x14),
            "42424242"
            "05000100"
            "00080000"
            "00d60100"
            "01000000");
  EXPECT_EQ(part(0x228, 8), "0000000000000000");
  EXPECT_EQ(part(0x7fc, 4), "00000000");
  EXPECT_EQ(part(0x800, 4), "4d4d4d01");
  EXPECT_EQ(part(area.size() - 4, 4), "ffffffff");
}

TEST(DeviceHeader, sizes_round_as_measured) {
  for (const auto& [length, end] :
       {std::pair{0x1ce64U, 0x1d800U}, {0x392bcU, 0x39c00U}, {0x37f94U, 0x38800U}}) {
    const Bytes bare = fixture::gfh_image({.code = Bytes(length - 0x44 - 0x20)});
    ASSERT_EQ(bare.size(), length);
    EXPECT_EQ(add_emmc_header(bare).value().size(), end);
  }
}

TEST(DeviceHeader, padding_behind_the_image_does_not_get_into_the_area) {
  Bytes bare = preloader_file();
  const Bytes area = add_emmc_header(bare).value();
  bare.resize(bare.size() + 5000);
  EXPECT_EQ(add_emmc_header(bare).value(), area);
}

TEST(DeviceHeader, what_was_put_in_front_comes_off_again) {
  const Bytes bare = preloader_file();
  EXPECT_EQ(strip_device_header(add_emmc_header(bare).value()).value(), bare);
  EXPECT_EQ(strip_device_header(bare).value(), bare);
  EXPECT_EQ(parse_preloader(add_emmc_header(bare).value()).value().form, PreloaderForm::emmc_boot);
}

TEST(DeviceHeader, is_never_put_in_front_of_a_device_header) {
  const Bytes area = add_emmc_header(preloader_file()).value();
  EXPECT_EQ(add_emmc_header(area).error().code, Errc::bad_image);
  EXPECT_EQ(strip_device_header(Bytes(5000)).error().code, Errc::bad_image);
}

}  // namespace
}  // namespace mtk
