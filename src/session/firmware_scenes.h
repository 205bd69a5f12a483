// SPDX-License-Identifier: Apache-2.0
// For which scenes of the vendor's tool a firmware package is complete.
#pragma once

#include "image/scatter/scatter.h"

#include <mtk/firmware.h>

namespace mtk {

/// Download Only needs something to write; the others replace the whole system, so nothing that is marked for
/// download may be missing, and formatting everything needs a preloader to put back.
/// \param card  with its entries and problems
std::vector<SceneCard> scenes_of(const FirmwareCard& card, const Scatter& scatter);

}  // namespace mtk
