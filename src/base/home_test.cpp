// SPDX-License-Identifier: Apache-2.0
#include "base/home.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace mtk {
namespace {

/// Sets variables for one test and puts the old values back.
class Environment {
 public:
  ~Environment() {
    for (const auto& [name, value] : before_) {
      if (value.empty()) {
        unsetenv(name.c_str());
      } else {
        setenv(name.c_str(), value.c_str(), 1);
      }
    }
  }
  void set(const std::string& name, const std::string& value) {
    const char* old = std::getenv(name.c_str());
    before_.emplace_back(name, old == nullptr ? "" : old);
    setenv(name.c_str(), value.c_str(), 1);
  }

 private:
  std::vector<std::pair<std::string, std::string>> before_;
};

TEST(Home, one_variable_moves_everything) {
  Environment environment;
  environment.set("MTKFLASH_HOME", "/a");
  EXPECT_EQ(home_data_folder(), "/a/data");
  EXPECT_EQ(home_log_folder(), "/a/log");
}

TEST(Home, without_it_the_folders_are_those_of_the_desktop) {
  Environment environment;
  environment.set("MTKFLASH_HOME", "");
  environment.set("HOME", "/h");
  environment.set("XDG_DATA_HOME", "/x");
  environment.set("XDG_STATE_HOME", "");
  EXPECT_EQ(home_data_folder(), "/x/mtkflash");
  EXPECT_EQ(home_log_folder(), "/h/.local/state/mtkflash/log");
}

}  // namespace
}  // namespace mtk
