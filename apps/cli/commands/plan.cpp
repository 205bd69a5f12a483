// SPDX-License-Identifier: Apache-2.0
// `mtkflash plan`: what a flash would do, step by step. Needs no phone; with --port it asks one.
#include "apps/cli/cards.h"
#include "apps/cli/commands.h"
#include "apps/cli/file_work.h"
#include "apps/cli/units.h"

namespace mtk::cli {

int run_plan(const Context& context) {
  auto job = flash_job(context.run);
  if (!job) return context.fail(job.error(), exit_usage);
  job->dry_run = true;
  Outcome outcome;
  if (context.run.has(Option::port)) {
    outcome = run_on_phone(context, *job).outcome;
  } else {
    run_on_files(context, [&](const OpContext& op) { outcome = plan_without_phone(*job, op); });
    if (context.json() && !outcome.error) context.console.out(context.events.plan(outcome.plan));
    if (context.json()) context.console.out(context.events.outcome(outcome));
    if (outcome.error) context.advise(failure_card(outcome, context.console.err_style));
  }
  if (outcome.error) return outcome.exit_code;
  context.print(to_string(outcome.plan) + plan_card(outcome, context.style()));
  return outcome.exit_code;
}

}  // namespace mtk::cli
