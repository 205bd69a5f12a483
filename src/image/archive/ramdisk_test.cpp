// SPDX-License-Identifier: Apache-2.0
#include "image/archive/ramdisk.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

namespace mtk {
namespace {

constexpr std::array<std::string_view, 2> wanted{"prop.default", "default.prop"};

std::string entry(const std::string& name, std::string_view content, unsigned mode = 0x81a4) {
  std::string out =
      fmt::format("070701{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}{:08X}", 1,
                  mode, 0, 0, 1, 0, content.size(), 0, 0, 0, 0, name.size() + 1, 0);
  out += name + '\0';
  out.resize((out.size() + 3) / 4 * 4);
  out += content;
  out.resize((out.size() + 3) / 4 * 4);
  return out;
}

Result<std::optional<Bytes>> read(std::string_view ramdisk, std::uint64_t limit = 100) {
  return read_ramdisk_file(memory_image(to_bytes(ramdisk)), wanted, limit);
}

const std::string whole = entry("init", "12345") + entry("system", "", 0x41ed) +
                          entry("default.prop", "", 0xa1ff) + entry("./prop.default", "a=1") +
                          entry("TRAILER!!!", "");

TEST(Ramdisk, the_first_regular_file_of_a_wanted_name_is_read) {
  EXPECT_EQ(read(whole).value().value(), to_bytes("a=1"));
  EXPECT_FALSE(read(entry("init", "x") + entry("TRAILER!!!", "") + entry("default.prop", "late")).value());
  EXPECT_EQ(read(whole, 2).error().code, Errc::out_of_range);
}

TEST(Ramdisk, a_cut_or_damaged_one_is_an_error_and_nothing_worse) {
  const std::size_t needed = whole.find("a=1") + 3;
  for (std::size_t size = 1; size < needed; ++size) EXPECT_FALSE(read(whole.substr(0, size))) << size;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
    static_cast<void>(read(damaged));
  }
}

TEST(Ramdisk, lengths_that_no_ramdisk_has_are_refused_before_anything_is_allocated) {
  std::string long_name = entry("init", "x");
  long_name.replace(6 + 11 * 8, 8, "7FFFFFFF");
  EXPECT_EQ(read(long_name).error().code, Errc::bad_image);
  std::string large = entry("init", "x");
  large.replace(6 + 6 * 8, 8, "FFFFFFFF");
  EXPECT_EQ(read(large).error().code, Errc::out_of_range);
  EXPECT_EQ(read("0707070000010000010000010000010000010000010000010000000000000000000000000000").error().code,
            Errc::bad_image);
}

}  // namespace
}  // namespace mtk
