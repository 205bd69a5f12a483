// SPDX-License-Identifier: Apache-2.0
// What fuzz targets of the virtual phone share: a folder for its flash and a host that says bytes.
#pragma once

#include "sim/phone.h"

#include <cstdlib>
#include <string>

namespace mtk::fuzz {

/// A folder that goes with the program.
class Folder {
 public:
  Folder() {
    if (::mkdtemp(name_.data()) == nullptr) std::abort();
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(name_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  /// The folder as of a phone that was never used.
  const std::string& fresh() const {
    std::filesystem::remove(name_ + "/model");
    return name_;
  }

 private:
  std::string name_ = (std::filesystem::temp_directory_path() / "mtk-fuzz-XXXXXX").string();
};

class Host {
 public:
  explicit Host(sim::Phone& phone) : phone_(phone) {}
  /// One transfer, and what comes back.
  Bytes say(ByteView bytes) {
    phone_.host_wrote(bytes, now_);
    return phone_.take_output(now_);
  }
  void wait(sim::Duration duration) {
    now_ += duration;
    phone_.advance(now_);
    phone_.take_output(now_);
  }
  void plug() { phone_.plug(now_); }
  void open() { phone_.open(now_); }
  void reach_commands() {
    say(to_bytes({0xa0}));
    say(to_bytes({0xa0}));
    say(to_bytes({0x0a}));
    say(to_bytes({0x50}));
    say(to_bytes({0x05}));
  }

 private:
  sim::Phone& phone_;
  sim::TimePoint now_{};
};

}  // namespace mtk::fuzz
