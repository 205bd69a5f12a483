// SPDX-License-Identifier: Apache-2.0
// A place on the phone's storage; shared by every layer that names one (scatter, plan, agent). Part of the
// public API.
#pragma once

#include <mtk/error.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mtk {

/// Hardware areas of eMMC, UFS, NAND and NOR.
enum class Area : std::uint8_t {
  boot1,
  boot2,
  rpmb,
  gp1,
  gp2,
  gp3,
  gp4,
  user,
  lu0,
  lu1,
  lu2,
  lu3,
  lu4,
  lu5,
  lu6,
  lu7,
  nand,
  nor
};

/// `boot1`, `user`, `lu2` ...
std::string_view to_string(Area area);
/// Where a boot ROM looks for the preloader.
inline bool is_boot_area(Area area) {
  return area == Area::boot1 || area == Area::boot2 || area == Area::lu0 || area == Area::lu1;
}
/// Understands our names and the vendor's (`EMMC_USER`, `EMMC_BOOT_1`, `EMMC_BOOT1`, `UFS_LU2`), any case.
/// Nothing when it is none of them.
std::optional<Area> parse_area(std::string_view text);

/// Offset and length in bytes, counted from the start of the area.
struct Region {
  Area area = Area::user;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  bool operator==(const Region&) const = default;
};

/// `user+0x1d80000:0x180000`
std::string to_string(const Region& region);

}  // namespace mtk
