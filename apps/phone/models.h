// SPDX-License-Identifier: Apache-2.0
// Where phone descriptions are found by name.
#pragma once

#include "base/result.h"

#include <filesystem>
#include <string>

namespace mtk::phone {

struct FoundModel {
  std::filesystem::path file;
  std::string variant;  ///< empty: the phone as it is
};

/// A name is looked up in $MTKFLASH_PHONES, beside the sources, and in share/mtkflash/phones of the
/// installation; what has a slash or ends in .toml is a path. Either may end in `:VARIANT`. Errors: usage.
Result<FoundModel> find_model(const std::string& name_or_path);

}  // namespace mtk::phone
