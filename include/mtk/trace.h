// SPDX-License-Identifier: Apache-2.0
// A recorded conversation as text: `mtkflash trace FILE`. Part of the public API.
#pragma once

#include <mtk/error.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace mtk {

/// Gives every line of the recording to `line`, without an end of line: time, direction, size and bytes.
/// Errors: io; bad_image (not a recording, or a damaged one); out_of_range (too large).
std::optional<Error> print_trace(const std::filesystem::path& file,
                                 const std::function<void(std::string_view)>& line);

}  // namespace mtk
