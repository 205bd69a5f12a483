// SPDX-License-Identifier: Apache-2.0
// `mtkflash reboot`: starts the phone, or switches it off.
#include "apps/cli/commands.h"

namespace mtk::cli {

int run_reboot(const Context& context) {
  const RebootJob job = reboot_job(context.run);
  const Ended ended = run_on_phone(context, job);
  if (!ended.outcome.error)
    context.print(
        fmt::format("{}\n", text(job.into == BootMode::off ? Text::card_switched_off : Text::card_starts)));
  return ended.outcome.exit_code;
}

}  // namespace mtk::cli
