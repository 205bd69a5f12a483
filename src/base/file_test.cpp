// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mtk {

namespace {

/// A folder of its own for every test, removed afterwards.
class FileTest : public ::testing::Test {
 protected:
  FileTest() { std::filesystem::create_directories(folder_); }
  ~FileTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path in_folder(const char* name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_ =
      std::filesystem::path{::testing::TempDir()} /
      (std::string{"mtk-file-test-"} + ::testing::UnitTest::GetInstance()->current_test_info()->name() + "-" +
       std::to_string(::getpid()));
};

const Bytes abcd = to_bytes("abcd");

}  // namespace

TEST_F(FileTest, keeps_what_is_written_where_it_is_written) {
  auto file = File::create(in_folder("a")).value();
  ASSERT_TRUE(file.write_at(4, abcd));
  EXPECT_EQ(file.size().value(), 8u);
  EXPECT_EQ(read_file(in_folder("a"), 100).value(), to_bytes({0, 0, 0, 0, 'a', 'b', 'c', 'd'}));
}

TEST_F(FileTest, reading_past_the_end_is_an_error_and_not_a_short_read) {
  auto file = File::create(in_folder("a")).value();
  ASSERT_TRUE(file.write_at(0, abcd));
  Bytes into(3);
  EXPECT_TRUE(file.read_at(1, into));
  EXPECT_EQ(into, to_bytes("bcd"));
  EXPECT_EQ(file.read_at(2, into).error().code, Errc::io);
}

TEST_F(FileTest, a_missing_file_and_a_folder_are_errors_that_name_them) {
  const auto missing = File::open(in_folder("missing"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::not_found);
  EXPECT_NE(missing.error().what.find("missing"), std::string::npos);
  EXPECT_EQ(File::open(std::filesystem::temp_directory_path()).error().code, Errc::io);
}

TEST_F(FileTest, create_empties_and_open_or_create_keeps) {
  ASSERT_TRUE(File::create(in_folder("a")).value().write_at(0, abcd));
  EXPECT_EQ(File::open_or_create(in_folder("a")).value().size().value(), 4u);
  EXPECT_EQ(File::create(in_folder("a")).value().size().value(), 0u);
  EXPECT_EQ(File::open_or_create(in_folder("b")).value().size().value(), 0u);
}

TEST_F(FileTest, growing_takes_no_room_on_disk) {
  auto file = File::create(in_folder("a")).value();
  ASSERT_TRUE(file.resize(1ULL << 36));
  EXPECT_EQ(file.size().value(), 1ULL << 36);
  Bytes into(2, std::byte{0xff});
  ASSERT_TRUE(file.read_at((1ULL << 36) - 2, into));
  EXPECT_EQ(into, to_bytes({0, 0}));
  struct stat info {};
  ASSERT_EQ(::stat(in_folder("a").c_str(), &info), 0);
  EXPECT_LT(info.st_blocks, 1024);
}

TEST_F(FileTest, a_punched_hole_reads_as_zeros_and_keeps_its_surroundings) {
  auto file = File::create(in_folder("a")).value();
  ASSERT_TRUE(file.write_at(0, Bytes(3 * 4096, std::byte{0xaa})));
  ASSERT_TRUE(file.punch_hole(4096, 4096));
  Bytes all(3 * 4096);
  ASSERT_TRUE(file.read_at(0, all));
  Bytes expected(3 * 4096, std::byte{0xaa});
  std::fill_n(expected.begin() + 4096, 4096, std::byte{0});
  EXPECT_EQ(all, expected);
}

TEST_F(FileTest, read_file_refuses_more_than_the_limit) {
  ASSERT_TRUE(File::create(in_folder("a")).value().write_at(0, abcd));
  EXPECT_EQ(read_file(in_folder("a"), 4).value(), abcd);
  EXPECT_EQ(read_file(in_folder("a"), 3).error().code, Errc::out_of_range);
}

TEST_F(FileTest, an_atomic_write_replaces_the_file_and_leaves_no_draft) {
  ASSERT_TRUE(write_file_atomically(in_folder("a"), to_bytes("first")));
  ASSERT_TRUE(write_file_atomically(in_folder("a"), to_bytes("2nd")));
  EXPECT_EQ(read_file(in_folder("a"), 100).value(), to_bytes("2nd"));
  const auto entries = std::filesystem::directory_iterator{in_folder("")};
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST_F(FileTest, an_atomic_write_that_fails_is_an_error) {
  EXPECT_EQ(write_file_atomically(in_folder("no/such/folder"), abcd).error().code, Errc::not_found);
}

TEST_F(FileTest, a_moved_file_stays_open) {
  auto first = File::create(in_folder("a")).value();
  File second{std::move(first)};
  EXPECT_TRUE(second.write_at(0, abcd));
  EXPECT_EQ(second.path(), in_folder("a"));
}

}  // namespace mtk
