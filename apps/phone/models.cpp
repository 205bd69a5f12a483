// SPDX-License-Identifier: Apache-2.0
#include "models.h"

#include <fmt/format.h>

#include <cstdlib>
#include <vector>

namespace mtk::phone {

Result<FoundModel> find_model(const std::string& name_or_path) {
  std::error_code ignored;
  std::string name = name_or_path;
  std::string variant;
  const auto colon = name.rfind(':');
  if (colon != std::string::npos && name.find('/', colon) == std::string::npos) {
    variant = name.substr(colon + 1);
    name.resize(colon);
  }
  if (name.find('/') != std::string::npos || name.ends_with(".toml"))
    return FoundModel{.file = name, .variant = variant};
  std::vector<std::filesystem::path> folders;
  if (const char* own = std::getenv("MTKFLASH_PHONES"); own != nullptr && *own != '\0')
    folders.emplace_back(own);
  folders.emplace_back(MTK_PHONE_MODELS);
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  folders.push_back(program.parent_path().parent_path() / "share/mtkflash/phones");
  for (const auto& folder : folders) {
    const auto file = folder / (name + ".toml");
    if (std::filesystem::exists(file, ignored)) return FoundModel{.file = file, .variant = variant};
  }
  return fail(Errc::usage, fmt::format("no phone is called {}", name_or_path));
}

}  // namespace mtk::phone
