// SPDX-License-Identifier: Apache-2.0
// The words and numbers of scatter files, read liberally: they are typed and edited by people.
#pragma once

#include "image/scatter/scatter.h"

namespace mtk {

/// Equal but for the case of ASCII letters.
bool same_word(std::string_view a, std::string_view b);

/// Line ends and the like, which no value may hold: it would break the line it is printed on.
bool has_control(std::string_view text);

/// Nothing when it is no word of the format.
std::optional<ScatterStorage> parse_scatter_storage(std::string_view text);  ///< also `HW_STORAGE_…`
std::optional<ScatterType> parse_scatter_type(std::string_view text);
std::optional<ScatterPolicy> parse_scatter_policy(std::string_view text);  ///< also `BOOTLOADER`
std::optional<bool> parse_scatter_bool(std::string_view text);
/// `0x` and hexadecimal digits, or decimal digits alone; up to 64 bits.
std::optional<std::uint64_t> parse_scatter_number(std::string_view text);

/// The choice that `text` is a slip of; empty when there is none.
std::string_view closest_word(std::string_view text, std::span<const std::string_view> choices);
/// `did you mean EMMC_USER?`; empty when nothing is close.
std::string suggest(std::string_view text, std::span<const std::string_view> choices);
/// What parse_scatter_region() and the others understand, for suggest().
std::span<const std::string_view> scatter_region_words();
std::vector<std::string_view> scatter_type_words();
std::vector<std::string_view> scatter_policy_words();

/// The areas a region word stands for.
struct RegionAreas {
  std::optional<Area> area;
  std::optional<Area> twin;
};
/// `NONE` is the whole of NAND or NOR storage. `_` and `-` are skipped, `UFS` and `EMMC` may be left out.
RegionAreas parse_scatter_region(std::string_view text, ScatterStorage storage);

}  // namespace mtk
