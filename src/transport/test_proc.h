// SPDX-License-Identifier: Apache-2.0
// For tests: processes in a /proc of their own.
#pragma once

#include "transport/test_sysfs.h"

namespace mtk::test {

/// Far above what a kernel gives out, so that none of them is the test itself.
constexpr int first_process = 90'000'000;

/// \param open_files  what it has open
inline void add_process(const SystemRoots& roots, int number, const std::string& program,
                        const std::vector<std::filesystem::path>& open_files = {}) {
  const auto process = roots.proc / std::to_string(number);
  std::filesystem::create_directories(process / "fd");
  std::ofstream{process / "comm"} << program << '\n';
  int descriptor = 0;
  for (const auto& file : open_files)
    std::filesystem::create_symlink(file, process / "fd" / std::to_string(descriptor++));
}

}  // namespace mtk::test
