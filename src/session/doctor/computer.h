// SPDX-License-Identifier: Apache-2.0
// The seam between the checks and the system: tests make up folders and an account of their own.
#pragma once

#include "base/result.h"
#include "transport/sysfs.h"

#include <functional>
#include <span>

namespace mtk::doctor {

enum class Platform : std::uint8_t { gnu_linux, windows, macos };
/// The only place that asks what this program was built for.
Platform this_platform();

struct Account {
  unsigned uid = 0;
  std::string name;
  std::vector<unsigned> groups;  ///< of this login, the effective one included
};

struct Computer {
  SystemRoots roots;
  std::filesystem::path root = "/";  ///< where /etc, /run, /lib and /usr are
  std::filesystem::path data;        ///< the tool's own
  Account user;
  std::string kernel;  ///< release, as `uname -r` says it
  /// Whether this user may read and write a node; access lists count too.
  std::function<bool(const std::filesystem::path&)> may_open;
  /// Runs a program of the system. Errors: not_found (no such program), io (it failed).
  std::function<Result<>(std::span<const std::string>)> run;
};
Computer this_computer();

/// One line of a small file, without its end; empty when it cannot be read.
std::string first_line(const std::filesystem::path& file);

/// Phones in download mode that are plugged in, by place.
std::vector<UsbDevice> phones_of(const Computer& computer);
/// The nodes of /dev behind which a phone is opened, as far as they are there.
std::vector<std::filesystem::path> nodes_of(const Computer& computer, const UsbDevice& phone);

}  // namespace mtk::doctor
