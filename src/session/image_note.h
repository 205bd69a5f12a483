// SPDX-License-Identifier: Apache-2.0
// The sentence for a fact about an image.
#pragma once

#include <mtk/firmware.h>

namespace mtk {

/// \param id  of ImageFact; one without a sentence is told by its value
ImageNote image_note(std::string_view id, std::string_view value);

}  // namespace mtk
