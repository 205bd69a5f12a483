// SPDX-License-Identifier: Apache-2.0
// What a scatter file says, told without a phone, and the same table in another form. Part of the public API.
#pragma once

#include <mtk/error.h>
#include <mtk/session.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mtk {

/// One partition of a scatter file. Addresses and sizes in bytes, as written.
struct ScatterRow {
  std::string name = {};
  std::string storage = {};  ///< `EMMC`; a file may hold one table per storage
  std::string region = {};   ///< `EMMC_USER` ...
  std::uint64_t linear_start = 0;
  std::uint64_t physical_start = 0;
  std::uint64_t size = 0;      ///< 0: what is left of the area
  std::string file = {};       ///< empty when none belongs to it; brace lists: the usual names
  std::string type = {};       ///< `NORMAL_ROM` ...
  std::string operation = {};  ///< `UPDATE` ...
  bool selected = false;       ///< marked for download
  bool reserved = false;
  bool identity = false;  ///< holds what makes a phone this phone
};

struct ScatterCard {
  std::filesystem::path file = {};
  std::string generation = {};  ///< `V1 text`, `V2 XML`, `brace` ...
  std::string version = {};     ///< of the format; empty in brace files
  std::string platform = {};
  std::string project = {};
  std::vector<std::string> storages = {};
  std::vector<ScatterRow> rows = {};
  std::vector<std::string> remarks = {};  ///< `file:line:column: warning: ...`
  std::optional<Error> error = {};        ///< io, bad_image, out_of_range: nothing else is set then
};
ScatterCard describe_scatter(const std::filesystem::path& file);

struct ScatterText {
  std::string text = {};
  std::optional<Error> error = {};  ///< `text` is empty then
};

/// A scatter file in another form.
/// \param form     `v1`, `v2` or `xml`
/// \param storage  `EMMC`, `UFS` ...: only that table; empty for all
/// Errors: io, bad_image, unsupported; usage (several tables in a form for one, unknown words).
ScatterText convert_scatter_file(const std::filesystem::path& file, std::string_view form,
                                 std::string_view storage);

/// A scatter of a phone's own table: every partition with `NAME.img` as its file and none marked for
/// download. \param chip        `MT6580`; may be empty \param partitions  as in PhoneCard Errors: usage
/// (unknown form); bad_image (no partitions, or names that no scatter can hold).
ScatterText scatter_of_phone(std::string_view chip, const std::vector<TableRow>& partitions,
                             std::string_view form);

}  // namespace mtk
