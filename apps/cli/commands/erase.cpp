// SPDX-License-Identifier: Apache-2.0
// `mtkflash erase`: empties partitions. The phone's identity is kept and refused.
#include "apps/cli/cards.h"
#include "apps/cli/commands.h"

namespace mtk::cli {

int run_erase(const Context& context) {
  const Ended ended = run_on_phone(context, erase_job(context.run));
  if (!ended.outcome.error)
    context.print("\n" + success_card(ended.outcome, BootMode::off, ended.work, context.style()));
  return ended.outcome.exit_code;
}

}  // namespace mtk::cli
