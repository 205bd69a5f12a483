// SPDX-License-Identifier: Apache-2.0
#include "image/firmware_folder.h"

#include "image/oracle.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {

namespace fs = std::filesystem;

fs::path folder_with(const std::string& name, const std::vector<std::string>& files) {
  const fs::path folder = oracle::folder(name);
  for (const std::string& file : files) oracle::write(folder / file, to_bytes({1}));
  return folder;
}

FirmwareFolder opened(const fs::path& folder, std::string_view below = "") {
  return FirmwareFolder{open_folder_package(folder).value(), below};
}

std::string name_of(const FirmwareFolder& folder, std::size_t index) {
  return folder.package().files().at(index).name;
}

std::string found(const fs::path& folder, std::string_view name) {
  const FirmwareFolder firmware = opened(folder);
  const auto image = firmware.find(name);
  return image ? name_of(firmware, image->file) : "";
}

TEST(FirmwareFolder, the_exact_name_wins_over_other_cases) {
  const fs::path folder = folder_with("case", {"LK.bin", "lk.bin", "Boot.IMG"});
  EXPECT_EQ(found(folder, "lk.bin"), "lk.bin");
  EXPECT_EQ(found(folder, "LK.bin"), "LK.bin");
  EXPECT_EQ(found(folder, "boot.img"), "Boot.IMG");
  EXPECT_EQ(found(folder, "logo.bin"), "");
  const FirmwareFolder firmware = opened(folder);
  const auto image = firmware.find("lk.bin");
  ASSERT_EQ(image->others.size(), 1u);
  EXPECT_EQ(name_of(firmware, image->others[0]), "LK.bin");
}

TEST(FirmwareFolder, a_signed_package_prefers_its_signed_images) {
  const fs::path folder =
      folder_with("signed", {"lk.bin", "lk-verified.bin", "boot.img", "logo-sign.bin", "MBR"});
  EXPECT_EQ(found(folder, "lk.bin"), "lk-verified.bin");
  EXPECT_EQ(found(folder, "boot.img"), "boot.img");
  EXPECT_EQ(found(folder, "logo.bin"), "logo-sign.bin");
  EXPECT_EQ(found(folder, "MBR"), "MBR");
  const FirmwareFolder firmware = opened(folder);
  const auto image = firmware.find("lk.bin");
  EXPECT_EQ(image->variant, ImageVariant::verified);
  ASSERT_EQ(image->others.size(), 1u);
  EXPECT_EQ(name_of(firmware, image->others[0]), "lk.bin");
}

TEST(FirmwareFolder, the_order_can_be_given) {
  const FirmwareFolder firmware = opened(folder_with("order", {"lk.bin", "lk-verified.bin"}));
  EXPECT_EQ(name_of(firmware, firmware.find("lk.bin", {ImageVariant::plain})->file), "lk.bin");
  EXPECT_TRUE(firmware.has_signed_images());
  EXPECT_FALSE(opened(folder_with("plain", {"lk.bin"})).has_signed_images());
}

TEST(FirmwareFolder, only_its_own_files_count) {
  const fs::path folder = oracle::folder("below");
  fs::create_directories(folder / "rom/tools");
  for (const char* name : {"lk.bin", "rom/boot.img", "rom/tools/logo.bin"})
    oracle::write(folder / name, to_bytes({1}));
  const FirmwareFolder firmware = opened(folder, "rom");
  EXPECT_TRUE(firmware.find("boot.img"));
  EXPECT_FALSE(firmware.find("lk.bin"));
  EXPECT_FALSE(firmware.find("logo.bin"));
}

TEST(FirmwareFolder, a_split_image_is_found_under_the_name_of_the_whole) {
  const FirmwareFolder firmware =
      opened(folder_with("split", {"super.img_sparsechunk.10", "super.img_sparsechunk.9",
                                   "super.img_sparsechunk.8", "other.1"}));
  auto image = firmware.find("super.img");
  ASSERT_TRUE(image);
  EXPECT_EQ(image->missing_part, "part 0 of super.img");
  ASSERT_EQ(image->parts.size(), 3u);
  EXPECT_EQ(name_of(firmware, image->parts[0]), "super.img_sparsechunk.8");
  EXPECT_EQ(name_of(firmware, image->parts[2]), "super.img_sparsechunk.10");
  const FirmwareFolder whole = opened(folder_with("whole", {"system.img_1", "system.img_2"}));
  EXPECT_EQ(whole.find("system.img")->missing_part, "");
  const FirmwareFolder gap = opened(folder_with("gap", {"system.img_0", "system.img_2"}));
  EXPECT_EQ(gap.find("system.img")->missing_part, "part 1 of system.img");
}

TEST(FirmwareFolder, a_pattern_finds_the_names_of_brace_files) {
  const fs::path folder =
      folder_with("pattern", {"Preloader_k80.bin", "preloader_k80.bin.txt", "uboot_x.bin"});
  const FirmwareFolder firmware = opened(folder);
  EXPECT_EQ(firmware.names_fitting("preloader*.bin"), std::vector<std::string>{"Preloader_k80.bin"});
  EXPECT_EQ(firmware.names_fitting("uboot*.bin"), std::vector<std::string>{"uboot_x.bin"});
  EXPECT_TRUE(firmware.names_fitting("DSP_BL*").empty());
  EXPECT_TRUE(firmware.names_fitting("uboot").empty());
}

TEST(FirmwareFolder, variants_of_one_name_fit_a_pattern_once) {
  const fs::path folder =
      folder_with("variants", {"preloader_a-sign.bin", "preloader_a.bin", "preloader_b.bin"});
  EXPECT_EQ(opened(folder).names_fitting("preloader*.bin"),
            (std::vector<std::string>{"preloader_a.bin", "preloader_b.bin"}));
}

TEST(FirmwareFolder, links_out_of_the_folder_and_folders_do_not_count) {
  const fs::path outside = folder_with("outside", {"secret"});
  const fs::path folder = folder_with("links", {"real.bin"});
  fs::create_symlink(outside / "secret", folder / "boot.img");
  fs::create_symlink(folder / "real.bin", folder / "alias.bin");
  fs::create_directory(folder / "lk.bin");
  EXPECT_EQ(found(folder, "boot.img"), "");
  EXPECT_EQ(found(folder, "lk.bin"), "");
  EXPECT_EQ(found(folder, "alias.bin"), "alias.bin");
}

TEST(FirmwareFolder, blanks_and_foreign_letters_in_paths_do_no_harm) {
  EXPECT_EQ(found(folder_with("my róm 固件", {"boot image.img"}), "Boot Image.img"), "boot image.img");
}

TEST(FirmwareFolder, a_missing_folder_is_an_io_error) {
  EXPECT_EQ(open_folder_package("/nonexistent").error().code, Errc::not_found);
}

}  // namespace
}  // namespace mtk
