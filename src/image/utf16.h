// SPDX-License-Identifier: Apache-2.0
// UTF-16 as it occurs in partition tables and in text files saved by Windows editors.
#pragma once

#include <string>
#include <string_view>

namespace mtk {

/// A lone surrogate becomes U+FFFD.
std::string utf8_from_utf16(std::u16string_view text);
/// A byte that is not valid UTF-8 becomes U+FFFD.
std::u16string utf16_from_utf8(std::string_view text);

}  // namespace mtk
