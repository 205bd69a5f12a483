// SPDX-License-Identifier: Apache-2.0
// Tests only: other people's tools as judges of what we write. A missing tool fails the test.
#pragma once

#include "base/file.h"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace mtk::oracle {

/// A fresh folder for one test.
inline std::filesystem::path folder(const std::string& name) {
  const std::filesystem::path path = std::filesystem::path(MTK_BINARY_DIR) / "tests/image" / name;
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path;
}

inline void write(const std::filesystem::path& path, ByteView content) {
  File file = File::create(path).value();
  MTK_ASSERT(file.write_at(0, content));
}

/// Exit status of a shell command; 127 when the program is missing. Administrators' tools are found too.
inline int run(const std::string& command) {
  const int status = std::system(("PATH=$PATH:/usr/sbin:/sbin; " + command).c_str());
  return status == -1 ? -1 : status >> 8;
}

}  // namespace mtk::oracle
