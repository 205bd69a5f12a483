// SPDX-License-Identifier: Apache-2.0
#include "apps/cli/units.h"

#include <gtest/gtest.h>

#include <limits>

namespace mtk::cli {
namespace {

using namespace std::chrono_literals;

TEST(Units, amounts_are_readable) {
  EXPECT_EQ(human_bytes(0), "0 bytes");
  EXPECT_EQ(human_bytes(1023), "1023 bytes");
  EXPECT_EQ(human_bytes(1024), "1.0 KiB");
  EXPECT_EQ(human_bytes(8 << 20), "8.0 MiB");
  EXPECT_EQ(human_bytes(std::numeric_limits<std::uint64_t>::max()), "16.0 EiB");
  EXPECT_EQ(human_rate(12.5 * (1 << 20)), "12.5 MiB/s");
  EXPECT_EQ(human_rate(-1), "0 bytes/s");
}

TEST(Units, times_are_readable) {
  EXPECT_EQ(human_time(400ms), "0 s");
  EXPECT_EQ(human_time(59s), "59 s");
  EXPECT_EQ(human_time(65s), "1 min 5 s");
  EXPECT_EQ(human_time(2h + 3min), "2 h 3 min");
}

TEST(Units, control_characters_are_not_shown) {
  EXPECT_EQ(shown("a\x1b[1m\n\x7f\xc2\x9b"
                  "b"),
            "a?[1m???b");
  EXPECT_EQ(shown("Größe 分区"), "Größe 分区");
}

TEST(Units, columns_count_wide_characters_twice_and_colours_not_at_all) {
  EXPECT_EQ(columns("boot"), 4U);
  EXPECT_EQ(columns("分区"), 4U);
  EXPECT_EQ(columns("\x1b[38;5;71mok\x1b[0m"), 2U);
  EXPECT_EQ(columns("\xff\xff"), 2U);
}

TEST(Units, cut_text_ends_its_colour) {
  EXPECT_EQ(cut("\x1b[1mabcdef\x1b[0m", 3), "\x1b[1mabc\x1b[0m");
  EXPECT_EQ(cut("abc", 3), "abc");
  EXPECT_EQ(cut("分区", 3), "分");
}

TEST(Units, long_sentences_are_broken_at_blanks) {
  EXPECT_EQ(wrapped("one two three four", 9, "  "), "one two\n  three\n  four");
  EXPECT_EQ(wrapped("one two", 8, "  "), "one\n  two");
  EXPECT_EQ(wrapped("unbreakableword", 5, ""), "unbreakableword");
  EXPECT_EQ(wrapped("", 5, ""), "");
}

}  // namespace
}  // namespace mtk::cli
