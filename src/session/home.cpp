// SPDX-License-Identifier: Apache-2.0
// The folders of base/home.h, for front ends.
#include "base/home.h"

#include <mtk/session.h>

namespace mtk {

HomeFolders home_folders() { return {.data = home_data_folder(), .logs = home_log_folder()}; }

}  // namespace mtk
