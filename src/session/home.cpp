// SPDX-License-Identifier: Apache-2.0
// Where the tool keeps what belongs to the user: MTKFLASH_HOME, else the XDG folders.
#include <mtk/session.h>

#include <cstdlib>

namespace mtk {

namespace {

std::filesystem::path from_environment(const char* name, const std::filesystem::path& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? std::filesystem::path{value} : otherwise;
}

}  // namespace

HomeFolders home_folders() {
  const auto own = from_environment("MTKFLASH_HOME", {});
  if (!own.empty()) return {.data = own / "data", .logs = own / "log"};
  const auto home = from_environment("HOME", ".");
  return {.data = from_environment("XDG_DATA_HOME", home / ".local/share") / "mtkflash",
          .logs = from_environment("XDG_STATE_HOME", home / ".local/state") / "mtkflash/log"};
}

}  // namespace mtk
