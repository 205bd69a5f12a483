// SPDX-License-Identifier: Apache-2.0
// `mtkflash write`: one file to one place on the phone, compared afterwards.
#include "apps/cli/cards.h"
#include "apps/cli/commands.h"

namespace mtk::cli {

int run_write(const Context& context) {
  const Ended ended = run_on_phone(context, write_job(context.run));
  if (!ended.outcome.error)
    context.print("\n" + success_card(ended.outcome, BootMode::off, ended.work, context.style()));
  return ended.outcome.exit_code;
}

}  // namespace mtk::cli
