// SPDX-License-Identifier: Apache-2.0
// The oldest scatter form: names and addresses, each with an empty pair of braces.
#pragma once

#include "image/scatter/scatter.h"

namespace mtk {

/// \param text  without byte order mark
/// Errors: bad_image, naming bare lists for what they are.
Result<Scatter> parse_brace_scatter(std::string_view text, std::string_view file_name);

}  // namespace mtk
