// SPDX-License-Identifier: Apache-2.0
#include "image/package/package.h"

#include "image/android/fixture.h"
#include "image/archive/fixture.h"
#include "image/archive/unpack.h"
#include "image/oracle.h"
#include "image/package/firmware.h"
#include "image/package/nature.h"
#include "image/sparse/sparse.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view scatter_file = "MT6580_Android_scatter.txt";

/// A small firmware in a folder `rom` of its own, and tools to pack it.
struct PackageTest : testing::Test {
  fs::path home =
      oracle::folder(std::string{"package/"} + testing::UnitTest::GetInstance()->current_test_info()->name());
  fs::path rom = home / "rom";
  PackageOptions options{.cache = home / "cache"};
  Observer nobody;
  OpContext quiet{{}, nobody};

  void SetUp() override {
    fs::create_directories(rom);
    fs::copy_file(fs::path(MTK_SOURCE_DIR) / "tests/corpus/scatter/MT6580_alcatel_pixi4_4034x.txt",
                  rom / scatter_file);
    oracle::write(rom / "boot.img", fixture::boot_image());
    oracle::write(rom / "lk.bin", fixture::mtk_image("lk", Bytes(300)));
  }
  void shell(const std::string& command) const {
    ASSERT_EQ(oracle::run("cd '" + home.string() + "' && " + command + " >/dev/null"), 0) << command;
  }
  Bytes content(const Firmware& firmware, std::string_view partition) const {
    const FirmwareImage* image = firmware.find(partition);
    return image == nullptr || !image->content ? Bytes{} : read_all(*image->content, 1 << 24).value();
  }
  std::size_t cache_entries() const {
    std::error_code none;
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(options.cache, none), {}));
  }
};

TEST_F(PackageTest, every_usual_archive_gives_the_same_firmware_as_the_folder) {
  struct Row {
    std::string file;
    std::string command;
    PackageForm form;
  };
  for (const Row& row : {Row{"a.zip", "zip -qr a.zip rom", PackageForm::zip},
                         Row{"s.zip", "zip -qr -0 s.zip rom", PackageForm::zip},
                         Row{"l.zip", "7z a -tzip -mm=LZMA l.zip rom", PackageForm::unpacked},
                         Row{"a.7z", "7z a -ms=on a.7z rom", PackageForm::unpacked},
                         Row{"a.tar", "tar cf a.tar rom", PackageForm::unpacked},
                         Row{"a.tgz", "tar czf a.tgz rom", PackageForm::unpacked},
                         Row{"a.tar.xz", "tar cJf a.tar.xz rom", PackageForm::unpacked}}) {
    shell(row.command);
    const auto firmware = open_firmware(home / row.file, {}, options);
    ASSERT_TRUE(firmware) << row.file << ": " << to_string(firmware.error());
    EXPECT_EQ(firmware->package->form(), row.form) << row.file;
    EXPECT_EQ(firmware->folder, "rom");
    EXPECT_EQ(firmware->scatter.platform, "MT6580");
    EXPECT_EQ(content(*firmware, "boot"), fixture::boot_image()) << row.file;
    EXPECT_EQ(firmware->scatter_file, home / row.file / "rom" / scatter_file);
  }
  // What was unpacked went away with its user.
  EXPECT_EQ(cache_entries(), 0u);
}

TEST_F(PackageTest, a_rar_archive_is_unpacked) {
  oracle::write(home / "a.rar", fixture::rar_archive("boot.img", fixture::boot_image()));
  const PackagePtr package = open_package(home / "a.rar", options).value();
  ASSERT_EQ(package->files().size(), 1u);
  EXPECT_EQ(package->files()[0].name, "boot.img");
  EXPECT_EQ(read_all(*package->open(0).value(), 1 << 20).value(), fixture::boot_image());
}

TEST_F(PackageTest, an_archive_in_an_archive_is_looked_into_once) {
  shell("7z a inner.7z rom && zip -q -0 outer.zip inner.7z && zip -q third.zip outer.zip");
  const auto firmware = open_firmware(home / "outer.zip", {}, options);
  ASSERT_TRUE(firmware) << to_string(firmware.error());
  EXPECT_EQ(content(*firmware, "boot"), fixture::boot_image());
  EXPECT_EQ(open_firmware(home / "third.zip", {}, options).error().code, Errc::bad_image);
  shell("mkdir dl && zip -q dl/a.zip -r rom");
  EXPECT_TRUE(open_firmware(home / "dl", {}, options));
  shell("cp dl/a.zip dl/b.zip");
  EXPECT_EQ(open_firmware(home / "dl", {}, options).error().code, Errc::usage);
}

TEST_F(PackageTest, agents_and_preloaders_of_a_zip_get_a_file_on_disk_while_it_is_used) {
  oracle::write(rom / "MTK_AllInOne_DA.bin", to_bytes("MTK_DOWNLOAD_AGENT and more"));
  shell("zip -qr a.zip rom");
  {
    const Firmware firmware = open_firmware(home / "a.zip", {}, options).value();
    ASSERT_EQ(firmware.agents.size(), 1u);
    EXPECT_EQ(read_file(firmware.agents[0], 100).value(), to_bytes("MTK_DOWNLOAD_AGENT and more"));
    EXPECT_EQ(cache_entries(), 1u);
  }
  EXPECT_EQ(cache_entries(), 0u);
}

TEST_F(PackageTest, what_a_crashed_run_left_in_the_cache_is_removed) {
  fs::create_directories(options.cache / "unpacked-999999999-abc/rom");
  fs::create_directories(options.cache / "something else");
  shell("7z a a.7z rom");
  static_cast<void>(open_package(home / "a.7z", options));
  EXPECT_FALSE(fs::exists(options.cache / "unpacked-999999999-abc"));
  EXPECT_TRUE(fs::exists(options.cache / "something else"));
}

TEST_F(PackageTest, hostile_names_reach_nothing_outside_and_are_told) {
  const Bytes zip = fixture::zip_archive({{.name = "../escape.txt", .packed = to_bytes("x")},
                                          {.name = "/tmp/mtk-escape", .packed = to_bytes("x")},
                                          {.name = "C:\\escape", .packed = to_bytes("x")},
                                          {.name = "link", .packed = to_bytes("/etc/passwd"), .mode = 0xa1ff},
                                          {.name = "rom/lk.bin", .packed = to_bytes("first")},
                                          {.name = "ROM/LK.BIN", .packed = to_bytes("second")}});
  oracle::write(home / "evil.zip", zip);
  const PackagePtr package = open_package(home / "evil.zip", options).value();
  ASSERT_EQ(package->files().size(), 1u);
  EXPECT_EQ(read_all(*package->open(0).value(), 10).value(), to_bytes("first"));
  EXPECT_EQ(package->remarks().size(), 5u);
  EXPECT_THAT(package->remarks().front(), HasSubstr("leads out of the archive"));
}

TEST_F(PackageTest, hostile_names_are_not_unpacked_either) {
  shell("mkdir -p t/sub && echo x > t/escape && ln -s /etc/passwd t/sub/link && ln t/escape t/sub/hard");
  shell("cd t/sub && tar cPf ../../evil.tar ../escape link hard");
  shell("tar rPf evil.tar rom/lk.bin");
  const PackagePtr package = open_package(home / "evil.tar", options).value();
  std::vector<std::string> names;
  for (const PackageFile& file : package->files()) names.push_back(file.name);
  EXPECT_THAT(names, ElementsAre("rom/lk.bin"));
  for (const auto& entry : fs::recursive_directory_iterator(options.cache)) {
    EXPECT_FALSE(entry.is_symlink()) << entry.path();
    EXPECT_NE(entry.path().filename(), "escape");
  }
}

TEST_F(PackageTest, an_archive_that_unpacks_to_far_more_than_its_size_is_refused) {
  shell("truncate -s 8M zeros && 7z a bomb.7z zeros && tar czf bomb.tgz zeros");
  for (const char* name : {"bomb.7z", "bomb.tgz"}) {
    fs::create_directories(home / "out");
    const auto unpacked = unpack_archive(open_raw_image(home / name).value(), name, home / "out", quiet,
                                         {.ratio = 100, .always = 1 << 16});
    ASSERT_FALSE(unpacked) << name;
    EXPECT_EQ(unpacked.error().code, Errc::bad_image);
    EXPECT_THAT(unpacked.error().what, HasSubstr("far more than its size"));
  }
}

TEST_F(PackageTest, too_little_room_is_said_before_it_is_used_up) {
  shell("7z a a.7z rom");
  fs::create_directories(home / "out");
  const auto unpacked = unpack_archive(open_raw_image(home / "a.7z").value(), "a.7z", home / "out", quiet,
                                       {.leave_free = 1000, .free = 1500});
  ASSERT_FALSE(unpacked);
  EXPECT_EQ(unpacked.error().code, Errc::io);
  EXPECT_THAT(unpacked.error().what, HasSubstr("not enough room"));
}

TEST_F(PackageTest, unpacking_can_be_stopped) {
  shell("7z a a.7z rom");
  std::stop_source stop;
  stop.request_stop();
  const auto package = open_package(home / "a.7z", {.cache = options.cache, .stop = stop.get_token()});
  ASSERT_FALSE(package);
  EXPECT_EQ(package.error().code, Errc::cancelled);
  EXPECT_EQ(cache_entries(), 0u);
}

TEST_F(PackageTest, unpacking_tells_how_far_it_is) {
  struct Listener : Observer {
    std::vector<Progress> told;
    void progress(const Progress& progress) override { told.push_back(progress); }
  };
  Listener listener;
  oracle::write(rom / "random.bin", Bytes(3 << 20, std::byte{5}));
  shell("tar cf a.tar rom");
  options.observer = &listener;
  ASSERT_TRUE(open_package(home / "a.tar", options));
  ASSERT_GE(listener.told.size(), 5u);
  for (std::size_t i = 1; i < listener.told.size(); ++i)
    EXPECT_LE(listener.told[i - 1].done, listener.told[i].done);
  EXPECT_EQ(listener.told.back().item, "unpacking a.tar");
  EXPECT_EQ(listener.told.back().total, fs::file_size(home / "a.tar"));
  EXPECT_EQ(listener.told.back().done, listener.told.back().total);
}

TEST_F(PackageTest, readbacks_and_dumps_say_what_goes_where_and_how) {
  fs::create_directories(home / "back");
  Bytes bytes(1024);
  std::ranges::copy(to_bytes("EMMC_BOOT"), bytes.begin());
  oracle::write(home / "back/ROM_0", bytes);
  oracle::write(home / "back/ROM_9.bin", Bytes(1024));
  const auto areas = open_firmware(home / "back");
  EXPECT_THAT(areas.error().what, HasSubstr("ROM_0 (boot1), ROM_9.bin"));
  EXPECT_THAT(areas.error().what, HasSubstr("mtkflash write AREA FILE"));
  fs::create_directories(home / "rl");
  for (const char* name : {"boot.bin", "nvram.bin", "lk.bin"}) oracle::write(home / "rl" / name, bytes);
  const auto dumps = open_firmware(home / "rl");
  EXPECT_THAT(dumps.error().what, HasSubstr("boot, lk, nvram"));
  EXPECT_THAT(dumps.error().what, HasSubstr("never nvram"));
}

TEST_F(PackageTest, a_file_that_is_no_package_is_said_to_be_what_it_is) {
  const auto said = [&](const char* name) { return open_firmware(home / name, {}, options).error().what; };
  EXPECT_THAT(said("rom/boot.img"), HasSubstr("a single image (Android boot image)"));
  oracle::write(home / "page.html", to_bytes("<html><body>404</body></html>"));
  EXPECT_THAT(said("page.html"), HasSubstr("no firmware package, but: web page (HTML)"));
  oracle::write(home / "empty.txt", {});
  EXPECT_THAT(said("empty.txt"), HasSubstr("empty file"));
  oracle::write(home / "note.txt", to_bytes("see the forum\n"));
  EXPECT_THAT(said("note.txt"), HasSubstr("not a scatter file: 'see the forum'"));
  shell("xz -k rom/boot.img");
  EXPECT_THAT(said("rom/boot.img.xz"), HasSubstr("unpack it first"));
}

TEST_F(PackageTest, a_password_and_damage_are_told_apart) {
  shell("7z a -psecret p.7z rom && zip -q -P secret -r p.zip rom && 7z a d.7z rom");
  EXPECT_EQ(open_package(home / "p.zip", options).error().code, Errc::unsupported);
  EXPECT_EQ(open_package(home / "p.7z", options).error().code, Errc::unsupported);
  Bytes cut = read_file(home / "d.7z", 1 << 20).value();
  cut.resize(cut.size() / 2);
  oracle::write(home / "d.7z", cut);
  EXPECT_EQ(open_package(home / "d.7z", options).error().code, Errc::bad_image);
  oracle::write(home / "page.zip", to_bytes("<html>not found</html>"));
  const auto page = open_package(home / "page.zip", options);
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().what, HasSubstr("web page"));
}

TEST_F(PackageTest, a_split_super_image_is_one_image) {
  using Kind = SparseChunk::Kind;
  const Bytes one = build_sparse({{.kind = Kind::raw, .data = Bytes(4096, std::byte{1})},
                                  {.kind = Kind::dont_care, .blocks = 1}})
                        .value();
  const Bytes two = build_sparse({{.kind = Kind::dont_care, .blocks = 1},
                                  {.kind = Kind::raw, .data = Bytes(4096, std::byte{2})}})
                        .value();
  oracle::write(rom / "system.img_sparsechunk.0", one);
  oracle::write(rom / "system.img_sparsechunk.1", two);
  shell("zip -qr a.zip rom");
  for (const fs::path& path : {rom, home / "a.zip"}) {
    const Firmware firmware = open_firmware(path, {}, options).value();
    const FirmwareImage* system = firmware.find("system");
    ASSERT_TRUE(system != nullptr && system->content) << path;
    EXPECT_EQ(system->files.size(), 2u);
    EXPECT_EQ(system->content->size(), 8192u);
    EXPECT_EQ(content(firmware, "system").at(4096), std::byte{2});
  }
  fs::rename(rom / "system.img_sparsechunk.0", rom / "system.img_sparsechunk.3");
  const Firmware gap = open_firmware(rom, {}, options).value();
  ASSERT_TRUE(gap.find("system")->problem);
  EXPECT_EQ(gap.find("system")->problem->code, Errc::io);
}

struct NatureRow {
  std::vector<std::string> files;
  PackageNature nature;
  std::vector<std::string> places;
};
struct Nature : testing::TestWithParam<NatureRow> {};

TEST_P(Nature, is_told_by_what_a_package_holds) {
  const NatureRow& row = GetParam();
  const fs::path folder = oracle::folder("nature");
  for (const std::string& file : row.files) {
    fs::create_directories((folder / file).parent_path());
    Bytes bytes(1024);
    if (file.starts_with("ROM_0")) std::ranges::copy(to_bytes("EFI PART"), bytes.begin() + 512);
    if (file.starts_with("ROM_1")) std::ranges::copy(to_bytes("EMMC_BOOT"), bytes.begin());
    oracle::write(folder / file, bytes);
  }
  const PackageSight sight = recognise_package(*open_folder_package(folder).value());
  EXPECT_EQ(sight.nature, row.nature);
  std::vector<std::string> places;
  for (const PackageDump& dump : sight.dumps) places.push_back(dump.place);
  EXPECT_EQ(places, row.places);
  const auto opened = open_firmware(folder);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::bad_image);
  EXPECT_EQ(opened.error().what, explain_nature(sight, folder));
}

INSTANTIATE_TEST_SUITE_P(
    Packages, Nature,
    testing::Values(
        NatureRow{{"payload.bin", "META-INF/com/android/metadata"}, PackageNature::ota_payload, {}},
        NatureRow{{"system.new.dat.br", "system.transfer.list", "boot.img"}, PackageNature::ota_blocks, {}},
        NatureRow{{"META-INF/com/google/android/updater-script", "boot.img"}, PackageNature::ota_blocks, {}},
        NatureRow{{"boot.emmc.win", "boot.emmc.win.sha2", "system.ext4.win000"},
                  PackageNature::twrp_backup,
                  {"boot", "system"}},
        NatureRow{{"boot.bin", "nvram.bin", "gpt.bin", "lk_a.bin"},
                  PackageNature::partition_dumps,
                  {"boot", "lk_a", "nvram"}},
        NatureRow{{"ROM_0", "ROM_1", "ROM_2.bin"}, PackageNature::area_readbacks, {"user", "boot1", ""}},
        NatureRow{{"AP_A105.tar.md5"}, PackageNature::odin, {}},
        NatureRow{{"android-info.txt", "boot.img", "system.img"}, PackageNature::fastboot_images, {}},
        NatureRow{{"holiday.jpg"}, PackageNature::nothing, {}}));

}  // namespace
}  // namespace mtk
