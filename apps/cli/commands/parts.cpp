// SPDX-License-Identifier: Apache-2.0
// `mtkflash parts`: the partition table of the phone.
#include "apps/cli/cards.h"
#include "apps/cli/commands.h"

namespace mtk::cli {

int run_parts(const Context& context) {
  const Ended ended = run_on_phone(context, PartsJob{});
  if (!ended.outcome.error) context.print(partition_table(ended.outcome.phone, context.style()));
  return ended.outcome.exit_code;
}

}  // namespace mtk::cli
