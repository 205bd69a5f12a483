// SPDX-License-Identifier: Apache-2.0
#include <mtk/trace.h>

#include "transport/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace mtk {
namespace {

using namespace std::chrono_literals;

std::filesystem::path written(std::string_view content) {
  const auto path = std::filesystem::path{::testing::TempDir()} / "mtk-trace-text.trace";
  std::ofstream{path, std::ios::binary} << content;
  return path;
}

TEST(TraceText, shows_time_direction_and_bytes) {
  std::string file = trace_head({{"chip", "MT6580"}});
  file += trace_line({TraceTransfer{Direction::to_phone, to_bytes({0xfd})}, 1500us, 0us});
  Bytes answer(18, std::byte{'A'});
  file += trace_line({TraceTransfer{Direction::to_host, answer}, 2s, 1ms});
  file += trace_line({TraceTransfer{Direction::to_host, WithheldBytes{64, Bytes(32), 7}}, 3s, 1ms});
  file += trace_line({TraceFailure{Direction::to_host, Errc::timeout}, 4s, 1s});
  file += trace_line({TraceNote{"the agent starts"}, 5s, 0us});
  std::vector<std::string> lines;
  const auto problem = print_trace(written(file), [&](std::string_view line) { lines.emplace_back(line); });
  ASSERT_FALSE(problem) << to_string(*problem);
  EXPECT_THAT(
      lines,
      testing::ElementsAre(
          "# chip: MT6580", "    0.001500 >      1  FD                                               .",
          "    2.000000 <     18  41 41 41 41 41 41 41 41 41 41 41 41 41 41 41 41  AAAAAAAAAAAAAAAA",
          "             <         41 41                                            AA",
          "    3.000000 <     64  withheld, sha256 " + std::string(64, '0'), "    4.000000 < timeout",
          "    5.000000 # the agent starts"));
}

TEST(TraceText, a_file_that_is_none_is_refused) {
  const auto problem = print_trace(written("hello"), [](std::string_view) { FAIL(); });
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->code, Errc::bad_image);
}

}  // namespace
}  // namespace mtk
