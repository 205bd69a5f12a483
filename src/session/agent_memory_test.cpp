// SPDX-License-Identifier: Apache-2.0
#include "session/agent_memory.h"

#include "base/file.h"

#include <gtest/gtest.h>

namespace mtk {
namespace {

class AgentMemoryTest : public ::testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove_all(folder); }
  std::filesystem::path folder = std::filesystem::path{::testing::TempDir()} / "mtk-agent-memory";
  Bytes agent = to_bytes("an agent file");
  Bytes other = to_bytes("another agent file");
};

TEST_F(AgentMemoryTest, remembers_an_agent_file_by_its_content) {
  AgentMemory memory{folder};
  EXPECT_FALSE(memory.takes_no_tail(agent));
  ASSERT_TRUE(memory.remember_no_tail(agent));
  ASSERT_TRUE(memory.remember_no_tail(agent));
  EXPECT_TRUE(AgentMemory{folder}.takes_no_tail(agent));
  EXPECT_FALSE(AgentMemory{folder}.takes_no_tail(other));
}

TEST_F(AgentMemoryTest, refuses_to_write_a_list_of_another_version) {
  std::filesystem::create_directories(folder);
  ASSERT_TRUE(
      write_file_atomically(folder / "agents-without-tail", to_bytes("# mtkflash agents-without-tail 2\n")));
  AgentMemory memory{folder};
  const auto remembered = memory.remember_no_tail(agent);
  ASSERT_FALSE(remembered);
  EXPECT_EQ(remembered.error().code, Errc::unsupported);
}

}  // namespace
}  // namespace mtk
