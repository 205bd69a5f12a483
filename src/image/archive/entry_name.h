// SPDX-License-Identifier: Apache-2.0
// Which names inside an archive may become files: none that leads out of its folder, hides another, or means
// something else on another system.
#pragma once

#include "base/result.h"

#include <set>

namespace mtk {

/// `folder/lk.bin` out of `.\folder\lk.bin`: relative, `/` between, no `.` in it.
/// Errors: bad_image (absolute, a drive letter or stream, `..`, control characters, too long, empty).
Result<std::string> safe_entry_name(std::string_view name);

/// The names of one archive. A name that was there before, in whatever letter case, is refused: which of the
/// two files gets checked and which gets flashed must not depend on the file system.
class EntryNames {
 public:
  /// Errors: as safe_entry_name(); bad_image for a name that was there before.
  Result<std::string> take(std::string_view name);

 private:
  std::set<std::string> seen_;
};

}  // namespace mtk
