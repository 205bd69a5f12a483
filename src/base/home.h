// SPDX-License-Identifier: Apache-2.0
// Where the tool keeps what belongs to the user: MTKFLASH_HOME, else the XDG folders.
#pragma once

#include <filesystem>

namespace mtk {

/// Kept partitions, journals, and the cache.
std::filesystem::path home_data_folder();
std::filesystem::path home_log_folder();

}  // namespace mtk
