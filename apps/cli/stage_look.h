// SPDX-License-Identifier: Apache-2.0
// How each stage looks: its word in the stage line, the text of its bar, and the colour users know it by.
#pragma once

#include "base/text.h"

#include <mtk/progress.h>

namespace mtk::cli {

struct StageLook {
  std::string_view word;  ///< in the stage line
  Text label;             ///< in the bar
  unsigned colour;        ///< of the 256-colour palette
  std::string_view sign;  ///< so that nobody needs the colour
  std::string_view plain_sign;
};

/// \param item  partition or file: writing a preloader has its own colour
StageLook look_of(Stage stage, std::string_view item = {});

}  // namespace mtk::cli
