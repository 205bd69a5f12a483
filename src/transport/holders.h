// SPDX-License-Identifier: Apache-2.0
// Which programs run, and which of them have a port open. Reads /proc only, and opens no port.
#pragma once

#include "transport/sysfs.h"

#include <span>

namespace mtk {

struct Holder {
  int process = 0;
  std::string program;         ///< as the kernel names it, at most 15 characters
  std::filesystem::path node;  ///< what it has open; empty where nobody asked

  bool operator==(const Holder&) const = default;
};

struct Holders {
  std::vector<Holder> found;  ///< by process number; this program itself is left out
  bool all_seen = true;       ///< false: some processes belong to others, and only root may look into them
};

/// Who has one of these nodes of /dev open.
Holders holders_of(const SystemRoots& roots, std::span<const std::filesystem::path> nodes);
/// Every process of this name.
std::vector<Holder> running_programs(const SystemRoots& roots, std::string_view name);

/// `ModemManager (process 812) holds /dev/ttyACM0`, for the error of a port that is busy. Who cannot be seen
/// is `another program`; where ModemManager runs, it is the likeliest and is named as such.
std::string who_holds(const SystemRoots& roots, std::vector<std::filesystem::path> nodes);

}  // namespace mtk
