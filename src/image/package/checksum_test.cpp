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
  const fs::path folder = fs::temp_directory_path() / ("mtk-checksum-" + test);
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
  const fs::path folder = folder_of("sum");
  write(folder / "small.bin", "\x01\x02\x03");
  write(folder / "large.bin", std::string(3'000'001, '\xff'));
  write(folder / "empty.bin", "");
  EXPECT_EQ(byte_sum(folder / "small.bin"), 6);
  EXPECT_EQ(byte_sum(folder / "large.bin"), (3'000'001ULL * 0xff) & 0xffff);
  EXPECT_EQ(byte_sum(folder / "empty.bin"), 0);
  const auto missing = byte_sum(folder / "missing.bin");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::not_found);
}

TEST(Checksums, the_list_of_a_folder_is_found_in_any_case_and_may_be_missing) {
  const fs::path folder = folder_of("folder");
  const auto none = load_checksums(folder);
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  write(folder / "CHECKSUM.INI", small_list);
  const auto some = load_checksums(folder);
  ASSERT_TRUE(some);
  ASSERT_TRUE(*some);
  EXPECT_EQ((*some)->expected("lk"), 0x5ffb);
}

}  // namespace
}  // namespace mtk
