// SPDX-License-Identifier: Apache-2.0
// Which progress events are worth a line.
#include "apps/cli/json.h"

#include <fmt/format.h>

namespace mtk::cli {

void JsonView::progress(const Progress& progress) {
  constexpr std::chrono::milliseconds distance{100};
  const std::string item = fmt::format("{} {}", to_string(progress.stage), progress.item);
  const bool item_over = progress.done == progress.total;
  if (item == item_ && !item_over && last_ && clock_.now() - *last_ < distance) return;
  item_ = item;
  last_ = clock_.now();
  outbox_.put(lines_.progress(progress));
}

}  // namespace mtk::cli
