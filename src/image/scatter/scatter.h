// SPDX-License-Identifier: Apache-2.0
// Scatter files: which image goes where. One value for every generation of the format.
// Source: docs/format/scatter.md
#pragma once

#include "base/bytes.h"
#include "image/scatter/diagnostic.h"

#include <mtk/region.h>

#include <filesystem>
#include <optional>
#include <utility>

namespace mtk {

enum class ScatterGeneration : std::uint8_t { brace, v1, v2, xml_v1, xml_v2 };
enum class ScatterStorage : std::uint8_t { unknown, emmc, ufs, nand, nor, sdmmc };
enum class ScatterType : std::uint8_t {
  none,
  raw,
  bootloader,
  yaffs,
  mbr,
  ubi,
  ext4,
  fat,
  f2fs,
  mntl,
  unknown
};
/// What the flashing scenes may do with an entry.
enum class ScatterPolicy : std::uint8_t {
  bootloaders,
  update,
  invisible,
  protected_area,
  reserved,
  binregion,
  keep_visible,
  need_resize,
  need_preload,
  unknown
};

/// Words of the format: `HW_STORAGE_EMMC`, `SV5_BL_BIN`, `BOOTLOADERS` ...
std::string_view to_string(ScatterGeneration generation);
std::string_view to_string(ScatterStorage storage);  ///< `EMMC`, as in a section
std::string_view to_string(ScatterType type);
std::string_view to_string(ScatterPolicy policy);

struct ScatterEntry {
  std::string label = {};      ///< `SYS3`; only a label, with gaps in real files
  std::string name = {};       ///< may be empty
  std::string file_name = {};  ///< base name; empty when no file belongs to it
  /// Brace files name no files: these are the usual ones, one `*` each at most.
  std::vector<std::string> file_patterns = {};
  bool is_download = false;
  ScatterType type = ScatterType::raw;
  std::uint64_t linear_start = 0;
  std::uint64_t physical_start = 0;
  std::uint64_t size = 0;         ///< 0: what is left of the area
  std::string region = {};        ///< as written
  std::optional<Area> area = {};  ///< nothing when `region` is unknown
  std::optional<Area> twin = {};  ///< written as well: boot2 of EMMC_BOOT1_BOOT2, lu1 of UFS_LU0_LU1
  ScatterStorage storage = ScatterStorage::unknown;
  bool boundary_check = false;
  bool is_reserved = false;
  ScatterPolicy policy = ScatterPolicy::unknown;
  bool is_upgradable = false;
  bool empty_boot_needed = false;
  bool combo_partsize_check = false;
  std::vector<std::pair<std::string, std::string>> more = {};  ///< every other key, as written
  std::uint32_t line = 0;

  bool operator==(const ScatterEntry&) const = default;
};

/// One storage's table. V1 and brace files have one, V2 files one per storage.
struct ScatterSection {
  ScatterStorage storage = ScatterStorage::unknown;
  std::string boot_channel = {};
  std::uint64_t block_size = 0;  ///< unit of addresses counted from the end
  /// How addresses of the user area are meant, found out from the whole table: place() applies it.
  bool use_linear = false;      ///< the physical column is all zero
  std::uint64_t user_base = 0;  ///< to be subtracted from user area addresses
  std::vector<ScatterEntry> entries = {};

  const ScatterEntry* find(std::string_view name) const;  ///< exact, else in any case; null when absent
};

struct Scatter {
  ScatterGeneration generation = ScatterGeneration::v1;
  std::string config_version = {};  ///< `V1.1.2`; empty in brace files
  std::string platform = {};        ///< `MT6757D`; from the file name in brace files
  std::string project = {};
  bool skip_pmt_operate = false;
  bool check_bootloaders_consistency = false;
  bool resize_check = false;
  std::vector<std::pair<std::string, std::string>> more = {};  ///< other keys of the general block
  std::vector<ScatterSection> sections = {};
  std::vector<Diagnostic> warnings = {};

  const ScatterSection* section(ScatterStorage storage) const;  ///< null when absent
};

/// Understands every generation, decided by content and never by the name's ending.
/// \param file_name  for messages, and for the platform of brace files
/// Errors: bad_image with `file:line:column: reason` (broken entries, and bare lists out of update packages).
Result<Scatter> parse_scatter(ByteView file, std::string_view file_name);
/// Errors: io, bad_image; out_of_range (larger than any scatter file).
Result<Scatter> load_scatter(const std::filesystem::path& path);

/// The file in the form of its generation: text or XML, V1.x or V2.x.
/// Errors: unsupported (brace files, see convert_scatter(); several tables in a V1 form; none).
Result<std::string> print_scatter(const Scatter& scatter);

struct Placement {
  Region region = {};             ///< bytes, in the area
  std::optional<Area> twin = {};  ///< same offset and length there
  bool from_end = false;
};
/// Where an entry really lies: counts from the end, rests and the quirks of old address columns resolved.
/// \param area_size  size of the entry's area in bytes; nothing when no phone was asked yet
/// Boot areas: the length is cut to the area, since old files state the linear base there.
/// Errors: unsupported (unknown region); out_of_range (outside the area, below the user area's base, or it
/// needs a size that is not known).
Result<Placement> place(const ScatterEntry& entry, const ScatterSection& section,
                        std::optional<std::uint64_t> area_size);
/// Whether an address column holds a distance from the end of the area: 0xFFFFnnnn.
bool is_from_end(std::uint64_t address);

/// `MT6757` for `MT6757D`, `mt6757`: the chip a platform text stands for. Letters that belong to a chip's own
/// name (MT6735M, MT6737T) stay.
std::string chip_of_platform(std::string_view platform);

}  // namespace mtk
