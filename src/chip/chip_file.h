// SPDX-License-Identifier: Apache-2.0
// Reads one chip record at run time (--chip-file), by the schema of docs/format/chip.md.
#pragma once

#include "base/result.h"

#include <mtk/chip.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace mtk {

/// A chip record and the texts it points to.
class ChipFile {
 public:
  /// `inherits` names a file below the folder of `path` itself, as in data/chips.
  /// Errors: io; bad_image with file and line (not TOML, unknown field, wrong type or range, missing field).
  static Result<ChipFile> load(const std::filesystem::path& path);

  /// Yields the text of the file an `inherits` names, as in `common/legacy`.
  using Parents = std::function<Result<std::string>(const std::string& name)>;
  /// `name` stands in messages for the file.
  static Result<ChipFile> parse(std::string_view text, const std::string& name, const Parents& parents);

  ~ChipFile();
  ChipFile(ChipFile&&) noexcept;
  ChipFile& operator=(ChipFile&&) noexcept;

  /// Valid as long as this object, moved or not.
  const Chip& chip() const;

 private:
  struct Record;
  explicit ChipFile(std::unique_ptr<const Record> record);
  std::unique_ptr<const Record> record_;
};

}  // namespace mtk
