// SPDX-License-Identifier: Apache-2.0
// Questions that a running agent may be asked beyond its facts.
#include "da/xflash/session_script.h"

#include <gtest/gtest.h>

namespace mtk::xflash {
namespace {

TEST(XflashQueries, registers_are_read_and_written_by_address) {
  AgentBench bench{script({control_of("03 00 0E 00"), "H> 00 00 00 08 00*4\n D> 00 00 00 08 78 56 34 12\n",
                           ok, taken("09 00 02 00", "04 00 00 08 EF BE AD DE")})};
  EXPECT_EQ(bench.agent.read_register32(0x08000000, bench.op), 0x12345678u);
  EXPECT_TRUE(bench.agent.write_register32(0x08000004, 0xdeadbeef, bench.op));
  EXPECT_TRUE(bench.phone.finished()) << bench.phone.state();
}

TEST(XflashQueries, a_register_that_is_not_on_the_agents_list_is_refused) {
  AgentBench bench{script({control_of("09 00 02 00"), "H> 00*8\n D> 0D 00 04 C0\n", question})};
  const auto written = bench.agent.write_register32(0, 0, bench.op);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().device_status->code, 0xc004000du);
  EXPECT_TRUE(bench.still_answers()) << bench.phone.state();
}

TEST(XflashQueries, the_zone_that_is_written_once_is_told_where_there_is_one) {
  const auto told = [](std::string_view answer) {
    AgentBench bench{script({"H> 09 00 01 00\n", ok, "H> 0E 00 04 00\n", answer})};
    const auto facts = bench.agent.further_facts(bench.op);
    EXPECT_TRUE(facts) << bench.phone.state();
    return facts && !facts->empty() ? facts->front().second : std::string{};
  };
  EXPECT_EQ(told("D> 00*4\n D> 02 00 04 40\n"), "locked");
  EXPECT_EQ(told("D> 00*4\n D> 03 00 04 40\n"), "not locked");
  EXPECT_EQ(told("D> 04 00 01 C0\n"), "");
}

}  // namespace
}  // namespace mtk::xflash
