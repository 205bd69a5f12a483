// SPDX-License-Identifier: Apache-2.0
// The XML form of scatter files, V1.x and V2.x: the keys of the text form as elements.
#pragma once

#include "image/scatter/scatter.h"

namespace mtk {

/// \param text  UTF-8 without byte order mark
/// Errors: bad_image.
Result<Scatter> parse_xml_scatter(std::string_view text, std::string_view file_name);

}  // namespace mtk
