// SPDX-License-Identifier: Apache-2.0
#include <mtk/region.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace mtk {

namespace {
constexpr std::array<std::string_view, 18> area_names{"boot1", "boot2", "rpmb", "gp1", "gp2",  "gp3",
                                                      "gp4",   "user",  "lu0",  "lu1", "lu2",  "lu3",
                                                      "lu4",   "lu5",   "lu6",  "lu7", "nand", "nor"};
}  // namespace

std::string_view to_string(Area area) { return area_names.at(static_cast<std::size_t>(area)); }

std::optional<Area> parse_area(std::string_view text) {
  std::string name;
  for (const char c : text) {
    if (c != '_' && c != '-') name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  for (const std::string_view prefix : {"emmc", "ufs"}) {
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
  }
  if (name.starts_with("lua")) name.erase(2, 1);  // V6 read-back lists say UFS-LUA0
  const auto found = std::ranges::find(area_names, std::string_view{name});
  if (found == area_names.end()) return std::nullopt;
  return static_cast<Area>(found - area_names.begin());
}

std::string to_string(const Region& region) {
  return fmt::format("{}+0x{:x}:0x{:x}", to_string(region.area), region.offset, region.length);
}

}  // namespace mtk
