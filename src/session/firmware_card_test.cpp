// SPDX-License-Identifier: Apache-2.0
#include <mtk/firmware.h>

#include "base/hash.h"
#include "image/android/fixture.h"
#include "image/da_file/da_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace mtk {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view head =
    "- general: MTK_PLATFORM_CFG\n  info:\n    - config_version: V1.1.2\n      platform: MT6580\n      "
    "project: demo\n"
    "      storage: EMMC\n      boot_channel: MSDC_0\n      block_size: 0x20000\n";

std::string entry(int index, std::string_view name, std::string_view file, std::uint64_t start,
                  std::uint64_t size) {
  return fmt::format(
      "- partition_index: SYS{}\n  partition_name: {}\n  file_name: {}\n  is_download: {}\n  type: "
      "NORMAL_ROM\n"
      "  linear_start_addr: {:#x}\n  physical_start_addr: {:#x}\n  partition_size: {:#x}\n  region: "
      "EMMC_USER\n"
      "  storage: HW_STORAGE_EMMC\n  boundary_check: true\n  is_reserved: false\n  operation_type: UPDATE\n"
      "  reserve: 0x00\n\n",
      index, name, file, file == "NONE" ? "false" : "true", start, start, size);
}

struct Folder : testing::Test {
  fs::path path;

  void SetUp() override {
    path = fs::path{::testing::TempDir()} /
           fmt::format("mtk-card-{}", testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(path);
    fs::create_directories(path);
    write("MT6580_Android_scatter.txt", std::string{head} + entry(0, "nvram", "NONE", 0x80000, 0x1000) +
                                            entry(1, "para", "para.bin", 0x100000, 0x1000) +
                                            entry(2, "logo", "logo.bin", 0x200000, 0x1000));
    write("para.bin", std::string(16, 'p'));
    write("logo.bin", std::string(32, 'l'));
  }
  void write(const std::string& name, std::string_view content) {
    std::ofstream{path / name, std::ios::binary} << content;
  }
  static const FirmwareEntry& row(const FirmwareCard& card, std::string_view name) {
    return *std::ranges::find(card.entries, name, &FirmwareEntry::name);
  }
  void write(const std::string& name, const Bytes& content) {
    std::string text;
    for (const std::byte byte : content) text += static_cast<char>(byte);
    write(name, text);
  }
  static std::vector<std::string> notes(const FirmwareEntry& entry) {
    std::vector<std::string> out;
    for (const ImageNote& note : entry.notes) out.push_back(note.id);
    return out;
  }
  static std::vector<std::string> remarks(const FirmwareCard& card) {
    std::vector<std::string> out;
    for (const auto& remark : card.remarks) out.push_back(remark.id + " " + remark.subject);
    return out;
  }
  static std::vector<std::string> problems(const FirmwareCard& card) {
    std::vector<std::string> out;
    for (const auto& problem : card.problems) out.push_back(problem.id + " " + problem.subject);
    return out;
  }
};

TEST_F(Folder, a_good_one_is_described_without_problems) {
  const auto card = describe_firmware(path);
  ASSERT_FALSE(card.error);
  EXPECT_EQ(card.platform, "MT6580");
  EXPECT_EQ(card.project, "demo");
  EXPECT_EQ(card.version, "V1.1.2");
  EXPECT_THAT(card.storages, ElementsAre("EMMC"));
  ASSERT_FALSE(card.chips.empty());
  EXPECT_EQ(card.chips.front().name, "MT6580");
  EXPECT_EQ(card.chips.front().match, "exact");
  ASSERT_EQ(card.entries.size(), 3U);
  EXPECT_TRUE(row(card, "nvram").identity);
  EXPECT_FALSE(row(card, "nvram").selected);
  EXPECT_TRUE(row(card, "para").present);
  EXPECT_EQ(row(card, "para").bytes, 16U);
  EXPECT_TRUE(card.problems.empty()) << problems(card).front();
}

TEST_F(Folder, what_would_refuse_a_flash_is_a_problem) {
  fs::remove(path / "para.bin");
  write("logo.bin", std::string(0x1001, 'l'));
  const auto card = describe_firmware(path);
  EXPECT_THAT(problems(card), ElementsAre("missing_file para", "too_large logo"));
  EXPECT_FALSE(row(card, "para").present);
  EXPECT_FALSE(row(card, "logo").fits);
}

TEST_F(Folder, images_are_compared_with_their_sums) {
  write("Checksum.ini",
        fmt::format("[IsEnableChecksum]\nCHECKSUM_SWITCH=1\n[CheckSum]\npara=0x{:X}\nlogo=0x1\n", 16 * 'p'));
  const auto card = describe_firmware(path);
  EXPECT_EQ(row(card, "para").checksum, ChecksumVerdict::matches);
  EXPECT_EQ(row(card, "logo").checksum, ChecksumVerdict::differs);
  EXPECT_EQ(row(card, "nvram").checksum, ChecksumVerdict::unchecked);
  EXPECT_THAT(problems(card), ElementsAre("checksum logo"));
  EXPECT_THAT(card.problems.front().text, HasSubstr("logo.bin"));
}

TEST_F(Folder, a_file_system_that_cannot_be_read_is_told) {
  Bytes damaged(0x1000);
  damaged[0x438] = std::byte{0x53};
  damaged[0x439] = std::byte{0xef};
  write("para.bin", damaged);
  const auto card = describe_firmware(path);
  ASSERT_THAT(notes(row(card, "para")), ElementsAre("not_read"));
  EXPECT_THAT(row(card, "para").notes.front().text, HasSubstr("ext4 file system: the ext4 superblock"));
}

TEST_F(Folder, images_are_not_read_when_nobody_wants_sums) {
  write("Checksum.ini", "[IsEnableChecksum]\nCHECKSUM_SWITCH=1\n[CheckSum]\nlogo=0x1\n");
  const auto card = describe_firmware(path, ReadImages::no);
  EXPECT_EQ(row(card, "logo").checksum, ChecksumVerdict::unchecked);
  EXPECT_TRUE(card.problems.empty());
}

TEST_F(Folder, a_damaged_list_of_sums_is_a_problem) {
  write("Checksum.ini", "[CheckSum]\nlogo=many\n");
  EXPECT_THAT(problems(describe_firmware(path)), ElementsAre("checksum_file Checksum.ini"));
}

TEST_F(Folder, one_without_a_scatter_is_an_error) {
  fs::remove(path / "MT6580_Android_scatter.txt");
  const auto card = describe_firmware(path);
  ASSERT_TRUE(card.error);
  EXPECT_EQ(card.error->code, Errc::bad_image);
}

TEST_F(Folder, agents_are_told_with_their_chips) {
  const DaEntry key{.hw_code = 0x6580,
                    .hw_version = 0xca00,
                    .regions = {DaRegion{.load_address = 1}, DaRegion{.load_address = 2}}};
  const auto file = build_da_file("MTK_AllInOne_DA_test", {DaParts{key, {Bytes(8), Bytes(24)}}});
  ASSERT_TRUE(file);
  std::string text;
  for (const std::byte byte : *file) text += static_cast<char>(byte);
  write("agent.bin", text);
  const auto card = describe_firmware(path);
  ASSERT_EQ(card.agents.size(), 1U);
  const AgentCard& agent = card.agents.front();
  EXPECT_EQ(agent.version, "MTK_AllInOne_DA_test");
  EXPECT_EQ(agent.sha256.size(), 64U);
  ASSERT_EQ(agent.entries.size(), 1U);
  EXPECT_EQ(agent.entries[0].hw_code, 0x6580);
  EXPECT_EQ(agent.entries[0].family, "legacy");
  ASSERT_FALSE(agent.entries[0].chips.empty());
  EXPECT_EQ(agent.entries[0].chips[0].name, "MT6580");
  ASSERT_EQ(agent.entries[0].regions.size(), 2U);
  EXPECT_EQ(agent.entries[0].regions[1].length, 24U);
}

TEST_F(Folder, a_file_that_is_no_agent_is_said_to_be_none) {
  const auto card = describe_agent_file(path / "logo.bin");
  ASSERT_TRUE(card.error);
  EXPECT_EQ(card.error->code, Errc::bad_image);
  EXPECT_EQ(describe_agent_file(path / "nothing").error->code, Errc::not_found);
  EXPECT_EQ(describe_preloader(path / "logo.bin").error->code, Errc::bad_image);
}

TEST_F(Folder, images_tell_their_android_and_whether_they_were_changed) {
  write("MT6580_Android_scatter.txt", std::string{head} + entry(1, "boot", "boot.img", 0x100000, 0x100000) +
                                          entry(2, "vbmeta", "vbmeta.img", 0x300000, 0x10000));
  const Bytes boot = fixture::boot_image();
  const Bytes meta = fixture::vbmeta({.partition = "boot", .image = boot});
  Bytes image = fixture::with_footer(boot, meta, 64 * 1024);
  write("boot.img", image);
  write("vbmeta.img", fixture::vbmeta({.algorithm = 2, .flags = 2}));
  auto card = describe_firmware(path);
  EXPECT_EQ(card.build.android, "11.0.2");
  EXPECT_EQ(card.build.security_patch, "2021-05");
  ASSERT_TRUE(card.verified_boot);
  EXPECT_EQ(card.verified_boot->algorithm, "SHA256_RSA4096");
  EXPECT_TRUE(card.verified_boot->verification_disabled);
  EXPECT_EQ(row(card, "boot").is_signed, true);
  EXPECT_EQ(row(card, "boot").sha256, hex_compact(sha256(image)));
  EXPECT_THAT(notes(row(card, "boot")),
              testing::IsSupersetOf({"android", "patch", "cmdline", "signed", "intact"}));
  image.at(5000) ^= std::byte{1};
  write("boot.img", image);
  card = describe_firmware(path);
  EXPECT_THAT(notes(row(card, "boot")), testing::Contains("changed"));
  EXPECT_THAT(remarks(card), testing::Contains("changed_after_signing boot"));
}

TEST_F(Folder, a_cut_image_and_a_recovery_image_for_boot_are_problems) {
  write("MT6580_Android_scatter.txt", std::string{head} + entry(1, "boot", "boot.img", 0x100000, 0x100000) +
                                          entry(2, "recovery", "recovery.img", 0x300000, 0x100000));
  Bytes cut = fixture::boot_image();
  cut.resize(8500);
  write("recovery.img", cut);
  const Bytes ramdisk = fixture::mtk_image("RECOVERY", Bytes(100));
  write("boot.img", fixture::boot_image({.version = 0, .ramdisk = ramdisk}));
  EXPECT_THAT(problems(describe_firmware(path)),
              testing::IsSupersetOf({"image_damaged recovery", "recovery_for_boot boot"}));
}

TEST_F(Folder, a_sum_taken_over_the_other_file_of_a_pair_is_told_and_no_damage) {
  write("logo-verified.bin", "something else");
  write("Checksum.ini",
        fmt::format("[IsEnableChecksum]\nCHECKSUM_SWITCH=1\n[CheckSum]\nlogo={:#06x}\n", 32 * 'l'));
  const auto card = describe_firmware(path);
  EXPECT_EQ(row(card, "logo").path.filename(), "logo-verified.bin");
  EXPECT_EQ(row(card, "logo").checksum, ChecksumVerdict::unchecked);
  EXPECT_TRUE(card.problems.empty());
  EXPECT_THAT(remarks(card), testing::Contains("sum_of_other logo"));
}

TEST_F(Folder, what_it_can_serve_depends_on_what_is_there) {
  const auto possible = [](const FirmwareCard& card) {
    std::vector<std::string> out;
    for (const SceneCard& scene : card.scenes) {
      if (scene.possible) out.push_back(scene.id);
    }
    return out;
  };
  EXPECT_THAT(possible(describe_firmware(path)), ElementsAre("download-only", "firmware-upgrade"));
  fs::remove(path / "logo.bin");
  const auto card = describe_firmware(path);
  EXPECT_THAT(possible(card), ElementsAre("download-only"));
  EXPECT_EQ(card.scenes[1].reason, "these files are missing: logo.bin");
  EXPECT_TRUE(card.scenes[0].offered);
  fs::remove(path / "para.bin");
  EXPECT_THAT(possible(describe_firmware(path)), ElementsAre());
}

TEST_F(Folder, reading_it_tells_how_far_it_is_and_can_be_stopped) {
  struct Listener : Observer {
    std::vector<std::string> items;
    void progress(const Progress& progress) override {
      if (items.empty() || items.back() != progress.item) items.push_back(progress.item);
    }
  };
  Listener listener;
  EXPECT_FALSE(describe_firmware(path, ReadImages::yes, {{}, listener}).error);
  EXPECT_THAT(listener.items, ElementsAre("reading para.bin", "reading logo.bin"));
  const fs::path archive = path.parent_path() / (path.filename().string() + ".7z");
  fs::remove(archive);
  ASSERT_EQ(
      std::system(fmt::format("cd '{}' && 7z a '{}' . >/dev/null", path.string(), archive.string()).c_str()),
      0);
  listener.items.clear();
  EXPECT_FALSE(describe_firmware(archive, ReadImages::no, {{}, listener}).error);
  EXPECT_THAT(listener.items, ElementsAre("unpacking " + archive.filename().string()));
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = describe_firmware(path, ReadImages::yes, {stop.get_token(), listener});
  ASSERT_TRUE(stopped.error);
  EXPECT_EQ(stopped.error->code, Errc::cancelled);
}

TEST_F(Folder, what_this_tool_cannot_do_yet_is_not_promised) {
  const auto card = describe_firmware(path);
  for (const SceneCard& scene : card.scenes) EXPECT_EQ(scene.offered, offers_scene(scene.id)) << scene.id;
  EXPECT_TRUE(offers_scene("download-only"));
  EXPECT_FALSE(offers_scene("something-else"));
}

TEST_F(Folder, a_zip_that_was_damaged_is_found_by_its_own_checksums) {
  const fs::path zip = path.parent_path() / (path.filename().string() + ".zip");
  fs::remove(zip);
  ASSERT_EQ(std::system(fmt::format("cd '{}' && zip -q -0 -r '{}' .", path.string(), zip.string()).c_str()),
            0);
  auto card = describe_firmware(zip);
  EXPECT_EQ(card.form, "zip");
  EXPECT_TRUE(card.problems.empty());
  std::fstream file{zip, std::ios::in | std::ios::out | std::ios::binary};
  const std::string whole{std::istreambuf_iterator<char>{file}, {}};
  file.seekp(static_cast<std::streamoff>(whole.find("llll")));
  file << 'x';
  file.close();
  card = describe_firmware(zip);
  EXPECT_THAT(problems(card), testing::Contains("package_damaged logo"));
}

}  // namespace
}  // namespace mtk
