// SPDX-License-Identifier: Apache-2.0
#include "flash/identity.h"

#include "base/ascii.h"

#include <algorithm>
#include <array>

namespace mtk {

namespace {

constexpr std::array<std::string_view, 10> identity_names{"nvram",    "nvdata",   "nvcfg",    "protect1",
                                                          "protect2", "protectf", "protects", "persist",
                                                          "proinfo",  "seccfg"};

/// `PRO_INFO`, `proinfo` and `proinfo_a` are one name.
std::string plain(std::string_view name) {
  if (name.ends_with("_a") || name.ends_with("_b")) name.remove_suffix(2);
  std::string text;
  for (const char c : name) {
    if (c != '_') text += to_lower(c);
  }
  return text;
}

}  // namespace

bool is_identity(std::string_view partition) {
  return std::ranges::find(identity_names, std::string_view{plain(partition)}) != identity_names.end();
}

bool IdentityConsent::covers(std::string_view partition) const {
  return std::ranges::any_of(partitions_, [&](const auto& name) { return plain(name) == plain(partition); });
}

}  // namespace mtk
