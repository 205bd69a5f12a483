// SPDX-License-Identifier: Apache-2.0
#include "base/home.h"

#include <cstdlib>

namespace mtk {

namespace {

namespace fs = std::filesystem;

fs::path from_environment(const char* name, const fs::path& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? fs::path{value} : otherwise;
}

/// A folder below MTKFLASH_HOME, or one of the XDG folders.
fs::path home_folder(const char* own_name, const char* xdg_name, const char* xdg_default) {
  const auto own = from_environment("MTKFLASH_HOME", {});
  if (!own.empty()) return own / own_name;
  return from_environment(xdg_name, from_environment("HOME", ".") / xdg_default) / "mtkflash";
}

}  // namespace

fs::path home_data_folder() { return home_folder("data", "XDG_DATA_HOME", ".local/share"); }

fs::path home_log_folder() {
  const bool own = !from_environment("MTKFLASH_HOME", {}).empty();
  const fs::path folder = home_folder("log", "XDG_STATE_HOME", ".local/state");
  return own ? folder : folder / "log";
}

}  // namespace mtk
