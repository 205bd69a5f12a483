// SPDX-License-Identifier: Apache-2.0
// `mtkflash flash`: writes a firmware folder and compares it, or says what it would do.
#include "apps/cli/cards.h"
#include "apps/cli/commands.h"
#include "apps/cli/units.h"

namespace mtk::cli {

int run_flash(const Context& context) {
  const auto job = flash_job(context.run);
  if (!job) return context.fail(job.error(), exit_usage);
  if (job->dry_run) return run_plan(context);
  const Ended ended = run_on_phone(context, *job);
  if (!ended.outcome.error)
    context.print("\n" + success_card(ended.outcome, job->next, ended.work, context.style()));
  return ended.outcome.exit_code;
}

}  // namespace mtk::cli
