// SPDX-License-Identifier: Apache-2.0
#include "image/package/checksum.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

namespace mtk {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view small_list =
    "[VERSION]\r\nVERSION=V1\r\n[IsEnableChecksum]\r\nCHECKSUM_SWITCH=1\r\n"
    "[CheckSum]\r\nlk=0x5FFB\r\nsystem_a=0x886\r\ncache=0x0000\r\n";

fs::path folder_of(const std::string& test) {
  const fs::path folder = fs::path{::testing::TempDir()} / ("mtk-checksum-" + test);
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

void write(const fs::path& path, std::string_view content) {
  std::ofstream{path, std::ios::binary} << content;
}

TEST(Checksums, are_looked_up_by_partition_name_in_any_case) {
  const auto list = parse_checksums(small_list);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->expected("lk"), 0x5ffb);
  EXPECT_EQ(list->expected("LK"), 0x5ffb);
  EXPECT_EQ(list->expected("system_a"), 0x886);
}

TEST(Checksums, absent_and_zero_mean_unchecked) {
  const auto list = parse_checksums(small_list);
  ASSERT_TRUE(list);
  EXPECT_FALSE(list->expected("boot"));
  EXPECT_FALSE(list->expected("cache"));
}

TEST(Checksums, are_off_without_the_switch) {
  const auto off = parse_checksums("[IsEnableChecksum]\nCHECKSUM_SWITCH=0\n[CheckSum]\nlk=0x1\n");
  const auto absent = parse_checksums("[CheckSum]\nlk=0x1\n");
  ASSERT_TRUE(off && absent);
  EXPECT_FALSE(off->expected("lk"));
  EXPECT_FALSE(absent->expected("lk"));
}

TEST(Checksums, a_sum_that_is_none_is_named_by_its_line) {
  for (const std::string_view broken : {"0x10000", "zero", "", "0x12 0x13"}) {
    const auto list = parse_checksums(fmt::format("[CheckSum]\nlk={}\n", broken));
    ASSERT_FALSE(list) << broken;
    EXPECT_EQ(list.error().code, Errc::bad_image);
    EXPECT_EQ(list.error().what, "Checksum.ini:2: not a 16-bit sum after =");
  }
}

TEST(Checksums, real_lists_are_read_whole) {
  const fs::path corpus = fs::path{MTK_SOURCE_DIR} / "tests/corpus/package";
  for (const auto& [file, count] :
       {std::pair{"Checksum_mt6737m_x5511b.ini", 11U}, {"Checksum_mt8167_lx04.ini", 10U}}) {
    std::ifstream in{corpus / file};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    const auto list = parse_checksums(text);
    ASSERT_TRUE(list) << file;
    EXPECT_TRUE(list->enabled);
    EXPECT_EQ(list->sums.size(), count) << file;
  }
}

TEST(Checksums, the_sum_is_of_all_bytes_modulo_65536) {
  const auto sum = [](std::string_view content) {
    Observer nobody;
    return sum_content(*memory_image(to_bytes(content)), "x", {{}, nobody}, WithCrc::yes).value();
  };
  EXPECT_EQ(sum("\x01\x02\x03").byte_sum, 6);
  EXPECT_EQ(sum(std::string(3'000'001, '\xff')).byte_sum, (3'000'001ULL * 0xff) & 0xffff);
  EXPECT_EQ(sum("").byte_sum, 0);
  EXPECT_EQ(hex_compact(sum("abc").sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sum("123456789").crc, 0xcbf43926u);
}

TEST(Checksums, the_list_of_a_folder_is_found_in_any_case_and_may_be_missing) {
  const fs::path folder = folder_of("folder");
  const auto load = [&] { return load_checksums({open_folder_package(folder).value(), ""}); };
  EXPECT_FALSE(load().value());
  write(folder / "CHECKSUM.INI", small_list);
  EXPECT_EQ(load().value()->expected("lk"), 0x5ffb);
}

}  // namespace
}  // namespace mtk
