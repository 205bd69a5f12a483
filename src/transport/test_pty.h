// SPDX-License-Identifier: Apache-2.0
// For tests: a pseudo terminal behind a link, as the virtual phone offers one, and a folder that goes away.
#pragma once

#include "transport/fd.h"

#include "base/bytes.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace mtk::test {

class TempFolder {
 public:
  TempFolder() {
    std::string name =
        (std::filesystem::temp_directory_path() / ("mtk-test-" + std::string(6, 'X'))).string();
    path_ = mkdtemp(name.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The phone's end blocks, so a test that waits for bytes needs no clock.
class PtyPhone {
 public:
  explicit PtyPhone(std::filesystem::path link) : link_(std::move(link)) { plug_in(); }
  ~PtyPhone() { unplug(); }

  void plug_in() {
    master_ = UniqueFd{posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    ASSERT_TRUE(master_);
    ASSERT_EQ(grantpt(master_.get()), 0);
    ASSERT_EQ(unlockpt(master_.get()), 0);
    std::array<char, 64> name{};
    ASSERT_EQ(ptsname_r(master_.get(), name.data(), name.size()), 0);
    std::filesystem::create_symlink(name.data(), link_);
  }
  void unplug() {
    std::filesystem::remove(link_);
    master_.close();
  }
  void say(ByteView data) {
    EXPECT_EQ(::write(master_.get(), data.data(), data.size()), static_cast<ssize_t>(data.size()));
  }
  Bytes hear(std::size_t size) {
    Bytes data(size);
    for (std::size_t have = 0; have < size;) {
      const ssize_t got = ::read(master_.get(), data.data() + have, size - have);
      if (got <= 0) return {data.begin(), data.begin() + static_cast<std::ptrdiff_t>(have)};
      have += static_cast<std::size_t>(got);
    }
    return data;
  }
  std::string path() const { return link_.string(); }

 private:
  std::filesystem::path link_;
  UniqueFd master_;
};

}  // namespace mtk::test
