// SPDX-License-Identifier: Apache-2.0
#include "session/agent_choice.h"

#include "base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtk {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;

/// A folder of agent files for one chip each.
class AgentChoice : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  void add(const std::string& name, std::uint16_t hw_code, std::byte signature) {
    DaParts parts;
    parts.key.hw_code = hw_code;
    for (int i = 0; i < 3; ++i) {
      parts.key.regions.push_back({.load_address = 0x200000, .signature_length = i == 0 ? 0U : 0x100U});
      Bytes content(0x400, std::byte{7});
      if (i != 0) std::ranges::fill(std::span{content}.last(0x100), signature);
      parts.contents.push_back(std::move(content));
    }
    const auto file = build_da_file("MTK_AllInOne_DA_v3", {parts});
    ASSERT_TRUE(file);
    ASSERT_TRUE(write_file_atomically(folder / name, *file));
    paths.push_back(folder / name);
  }
  std::vector<std::string> chosen(AgentOrder order = AgentOrder::found) const {
    std::vector<std::string> names;
    const auto agents = agents_for(phone, *find_chip(0x6580), paths, order);
    if (!agents) return {std::string{to_string(agents.error().code)}};
    for (const auto& agent : *agents) names.push_back(agent.name);
    return names;
  }

  fs::path folder = fs::path{::testing::TempDir()} / "mtk-agent-choice";
  std::vector<fs::path> paths;
  PhoneInfo phone{.hw_code = 0x6580};
};

constexpr std::byte none{0};
constexpr std::byte some{0x5a};

TEST_F(AgentChoice, an_open_phone_gets_them_in_the_order_given) {
  add("plain", 0x6580, none);
  add("signed", 0x6580, some);
  EXPECT_THAT(chosen(), ElementsAre("plain", "signed"));
}

TEST_F(AgentChoice, a_phone_that_takes_signed_agents_only_gets_those_first) {
  add("plain", 0x6580, none);
  add("signed", 0x6580, some);
  add("other chip", 0x6572, some);
  phone.target_config.flags = 4;
  EXPECT_THAT(chosen(), ElementsAre("signed", "plain"));
  EXPECT_THAT(chosen(AgentOrder::chosen), ElementsAre("plain", "signed"));
}

TEST_F(AgentChoice, nothing_for_this_chip_is_refused_with_what_there_is) {
  EXPECT_THAT(chosen(), ElementsAre("usage"));
  add("other chip", 0x6572, none);
  EXPECT_THAT(chosen(), ElementsAre("unsupported"));
  const auto agents = agents_for(phone, *find_chip(0x6580), paths, AgentOrder::found);
  EXPECT_NE(agents.error().what.find("0x6572"), std::string::npos) << agents.error().what;
}

}  // namespace
}  // namespace mtk
