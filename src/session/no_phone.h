// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace mtk {

/// The step an error carries when no phone appeared at all, told apart from one that appeared and is silent.
inline constexpr std::string_view no_phone_step = "wait for the phone";

}  // namespace mtk
