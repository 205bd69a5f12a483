// SPDX-License-Identifier: Apache-2.0
#include "models.h"

#include <fmt/format.h>

#include <cstdlib>
#include <vector>

namespace mtk::phone {

Result<std::filesystem::path> find_model(const std::string& name_or_path) {
  std::error_code ignored;
  if (name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".toml"))
    return std::filesystem::path{name_or_path};
  std::vector<std::filesystem::path> folders;
  if (const char* own = std::getenv("MTKFLASH_PHONES"); own != nullptr && *own != '\0')
    folders.emplace_back(own);
  folders.emplace_back(MTK_PHONE_MODELS);
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  folders.push_back(program.parent_path().parent_path() / "share/mtkflash/phones");
  for (const auto& folder : folders) {
    const auto file = folder / (name_or_path + ".toml");
    if (std::filesystem::exists(file, ignored)) return file;
  }
  return fail(Errc::usage, fmt::format("no phone is called {}", name_or_path));
}

}  // namespace mtk::phone
