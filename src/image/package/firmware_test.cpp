// SPDX-License-Identifier: Apache-2.0
#include "image/package/firmware.h"

#include "image/oracle.h"
#include "image/package/flash_xml.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

const fs::path corpus = fs::path(MTK_SOURCE_DIR) / "tests/corpus";

/// A folder with files of the given names; each holds its own name.
fs::path folder_with(const std::string& name, const std::vector<std::string>& files) {
  const fs::path folder = oracle::folder("firmware/" + name);
  for (const std::string& file : files) {
    fs::create_directories((folder / file).parent_path());
    oracle::write(folder / file, to_bytes(file));
  }
  return folder;
}

void copy_scatter(const fs::path& folder, std::string_view from, std::string_view as) {
  fs::copy_file(corpus / "scatter" / from, folder / as);
}

std::string file_of(const Firmware& firmware, std::string_view partition) {
  const FirmwareImage* image = firmware.find(partition);
  return image == nullptr ? "" : image->path.filename().string();
}

/// A V2 scatter whose preloader and boot differ between storages.
std::string two_storages() {
  const auto section = [](std::string_view storage, std::string_view region, std::string_view preloader) {
    const auto entry = [&](std::string_view name, std::string_view file, std::string_view start) {
      return fmt::format(
          "  - partition_index: SYS0\n    partition_name: {}\n    file_name: {}\n    is_download: true\n"
          "    physical_start_addr: {}\n    partition_size: 0x1000\n    region: {}\n"
          "    operation_type: UPDATE\n",
          name, file, start, region);
    };
    return fmt::format("- storage_type: {}\n", storage) + entry("preloader", preloader, "0x0") +
           entry("boot", "boot.img", "0x1000");
  };
  return "- general: MTK_PLATFORM_CFG\n  info:\n    - config_version: V2.1.0\n      platform: MT6785\n" +
         section("EMMC", "EMMC_USER", "preloader_emmc.bin") + section("UFS", "UFS_LU2", "preloader_ufs.bin");
}

TEST(Firmware, a_brace_list_on_emmc_finds_its_files) {
  const fs::path folder =
      folder_with("brace_emmc", {"preloader_s960.bin", "MBR", "EBR1", "EBR2", "lk.bin", "BOOT.IMG",
                                 "recovery.img", "secro.img", "logo.bin", "system.img", "userdata.img"});
  copy_scatter(folder, "MT6589_lenovo_s960_brace.txt", "MT6589_Android_scatter_emmc.txt");
  const Firmware firmware = open_firmware(folder).value();
  EXPECT_EQ(file_of(firmware, "PRELOADER"), "preloader_s960.bin");
  EXPECT_EQ(file_of(firmware, "UBOOT"), "lk.bin");
  EXPECT_EQ(file_of(firmware, "BOOTIMG"), "BOOT.IMG");
  EXPECT_EQ(file_of(firmware, "ANDROID"), "system.img");
  // What the package does not hold is no fault of it; what is never downloaded has no image.
  EXPECT_EQ(firmware.find("CACHE"), nullptr);
  EXPECT_EQ(firmware.find("NVRAM"), nullptr);
  EXPECT_EQ(firmware.images.size(), 11u);
}

TEST(Firmware, a_brace_list_on_nand_finds_its_files) {
  const fs::path folder =
      folder_with("brace_nand", {"preloader.bin", "DSP_BL", "uboot_sdk.bin", "boot.img", "system.img"});
  copy_scatter(folder, "MT6573_sdk_brace.txt", "MT6573_Android_scatter.txt");
  const Firmware firmware = open_firmware(folder).value();
  EXPECT_EQ(file_of(firmware, "PRELOADER"), "preloader.bin");
  EXPECT_EQ(file_of(firmware, "DSP_BL"), "DSP_BL");
  EXPECT_EQ(file_of(firmware, "UBOOT"), "uboot_sdk.bin");
  EXPECT_EQ(file_of(firmware, "ANDROID"), "system.img");
}

TEST(Firmware, two_files_that_fit_one_pattern_are_for_the_user_to_choose_from) {
  const fs::path folder =
      folder_with("brace_two", {"preloader_a.bin", "preloader_b.bin", "lk-sign.bin", "lk.bin"});
  copy_scatter(folder, "MT6589_lenovo_s960_brace.txt", "MT6589_Android_scatter_emmc.txt");
  const Firmware firmware = open_firmware(folder).value();
  ASSERT_TRUE(firmware.find("PRELOADER")->problem);
  EXPECT_THAT(firmware.find("PRELOADER")->problem->what, HasSubstr("preloader_a.bin, preloader_b.bin"));
  EXPECT_EQ(file_of(firmware, "UBOOT"), "lk-sign.bin");
  const Firmware chosen = open_firmware(folder, {{"preloader", folder / "preloader_b.bin"}}).value();
  EXPECT_EQ(file_of(chosen, "PRELOADER"), "preloader_b.bin");
}

TEST(Firmware, each_storage_has_its_own_file) {
  const fs::path folder = folder_with("storages", {"preloader_emmc.bin", "preloader_ufs.bin", "boot.img"});
  oracle::write(folder / "scatter.txt", to_bytes(two_storages()));
  const Firmware firmware = open_firmware(folder).value();
  EXPECT_EQ(firmware.find("preloader", ScatterStorage::emmc)->path.filename(), "preloader_emmc.bin");
  EXPECT_EQ(firmware.find("preloader", ScatterStorage::ufs)->path.filename(), "preloader_ufs.bin");
  EXPECT_EQ(firmware.find("boot", ScatterStorage::emmc), firmware.find("boot", ScatterStorage::ufs));
  EXPECT_EQ(firmware.find("boot", ScatterStorage::nand), nullptr);
  EXPECT_EQ(firmware.images.size(), 3u);
}

TEST(Firmware, the_text_and_xml_scatter_of_one_table_are_one) {
  const fs::path folder = folder_with("twins", {"boot.img", "xml/readme"});
  copy_scatter(folder, "MT6893_vivo_pd2135f_v2.txt", "MT6893_Android_scatter.txt");
  copy_scatter(folder, "MT6893_vivo_pd2135f_v2.xml", "xml/MT6893_Android_scatter.xml");
  copy_scatter(folder, "OTA_meizu_m8_nobrace.txt", "scatter.txt");
  const auto firmware = open_firmware(folder);
  ASSERT_TRUE(firmware) << to_string(firmware.error());
  EXPECT_EQ(firmware->scatter_file.filename(), "MT6893_Android_scatter.txt");
  copy_scatter(folder, "MT6785_k85v1_64_v2.txt", "other.txt");
  EXPECT_EQ(open_firmware(folder).error().code, Errc::usage);
}

TEST(Firmware, of_many_scatters_a_few_are_named) {
  const fs::path folder = folder_with("many_scatters", {"boot.img"});
  copy_scatter(folder, "MT6785_k85v1_64_v2.txt", "scatter0.txt");
  for (int i = 1; i < 10; ++i)
    copy_scatter(folder, "MT6893_vivo_pd2135f_v2.txt", fmt::format("scatter{}.txt", i));
  const std::string what = open_firmware(folder).error().what;
  EXPECT_THAT(what, HasSubstr("10 scatter files, name one of them: "));
  EXPECT_THAT(what, HasSubstr("scatter7.txt and 2 more"));
  EXPECT_THAT(what, testing::Not(HasSubstr("scatter8.txt")));
}

TEST(Firmware, flash_xml_leads_to_scatter_and_agent) {
  const fs::path folder = folder_with("v6", {"download_agent/flash.xsd", "boot.img"});
  copy_scatter(folder, "MT6893_vivo_pd2135f_v2.xml", "MT6985_21135_Android_scatter.xml");
  fs::copy_file(corpus / "package/flash.xml", folder / "download_agent/flash.xml");
  oracle::write(folder / "download_agent/DA_BR.bin", to_bytes("MTK_DOWNLOAD_AGENT"));
  for (const fs::path& start : {folder, folder / "download_agent", folder / "download_agent/flash.xml"}) {
    const auto firmware = open_firmware(start);
    ASSERT_TRUE(firmware) << start << to_string(firmware.error());
    EXPECT_EQ(firmware->scatter_file.filename(), "MT6985_21135_Android_scatter.xml");
    ASSERT_EQ(firmware->agents.size(), 1u) << start;
    EXPECT_EQ(firmware->agents[0].filename(), "DA_BR.bin");
    EXPECT_EQ(file_of(*firmware, "boot"), "boot.img");
  }
}

TEST(Firmware, a_download_list_selects_partitions_and_their_files) {
  const fs::path folder = folder_with("list", {"images/new boot.img", "logo.bin"});
  copy_scatter(folder, "MT6893_vivo_pd2135f_v2.xml", "scatter.xml");
  const std::string list =
      "<da><arg><source_file>scatter.xml</source_file><flash_list>"
      "<pt name=\"boot\">images\\new boot.img</pt></flash_list></arg></da>";
  oracle::write(folder / "list.xml", to_bytes(list));
  const auto firmware = open_firmware(folder / "list.xml");
  ASSERT_TRUE(firmware) << to_string(firmware.error());
  EXPECT_EQ(file_of(*firmware, "boot"), "new boot.img");
  for (const ScatterSection& section : firmware->scatter.sections) {
    for (const ScatterEntry& entry : section.entries) EXPECT_EQ(entry.is_download, entry.name == "boot");
  }
}

TEST(FlashXml, the_published_sample_is_read) {
  const auto text = read_file(corpus / "package/flash.xml", 4096).value();
  const auto about = parse_flash_xml(printable_text(text));
  ASSERT_TRUE(about) << to_string(about.error());
  EXPECT_EQ(about->project, "k6985v1_64");
  EXPECT_EQ(about->agent, "DA_BR.bin");
  EXPECT_EQ(about->scatter, "../MT6985_21135_Android_scatter.xml");
  EXPECT_EQ(about->build_time, "2023-03-03 22:42:50");
}

TEST(FlashXml, what_is_no_flash_xml_is_an_error) {
  for (const char* text :
       {"", "<a/>", "<flash-mode/>", "<flash-mode><scatter></scatter></flash-mode>", "<flash-mode>"}) {
    EXPECT_EQ(parse_flash_xml(text).error().code, Errc::bad_image) << text;
  }
}

TEST(FlashXml, a_list_keeps_its_order_and_refuses_half_items) {
  const auto list = parse_download_list(
      "<x><flash_list><pt name=\"b\">2.img</pt><pt name=\"a\">1.img</pt></flash_list></x>");
  ASSERT_TRUE(list);
  EXPECT_THAT(list->images, ElementsAre(std::pair{"b", "2.img"}, std::pair{"a", "1.img"}));
  for (const char* items : {"<pt>x</pt>", "<pt name=\"a\"/>", "<q name=\"a\">x</q>",
                            "<pt name=\"a\">1</pt><pt name=\"a\">2</pt>"}) {
    EXPECT_FALSE(parse_download_list(fmt::format("<flash_list>{}</flash_list>", items))) << items;
  }
}

TEST(FlashXml, paths_never_leave_the_package) {
  EXPECT_EQ(resolve_name("in.img", ""), "in.img");
  EXPECT_EQ(resolve_name("..\\images\\in.img", "download_agent"), "images/in.img");
  EXPECT_EQ(resolve_name("./a/../in.img", "x"), "x/in.img");
  for (const char* path : {"../out.img", "..\\out.img", "/etc/passwd", "C:\\in.img", "a/../../out.img", ""})
    EXPECT_EQ(resolve_name(path, "").error().code, Errc::bad_image) << path;
}

TEST(Firmware, a_link_out_of_the_package_is_no_file_of_it) {
  const fs::path outer = folder_with("escape", {"package/in.img", "out.img"});
  fs::create_symlink(outer / "out.img", outer / "package/boot.img");
  copy_scatter(outer / "package", "MT6893_vivo_pd2135f_v2.txt", "scatter.txt");
  const Firmware firmware = open_firmware(outer / "package").value();
  ASSERT_TRUE(firmware.find("boot")->problem);
  EXPECT_EQ(firmware.find("boot")->problem->code, Errc::io);
}

}  // namespace
}  // namespace mtk
