// SPDX-License-Identifier: Apache-2.0
// `mtkflash check`: what a firmware folder holds and what is wrong with it, without a phone.
#include "apps/cli/commands.h"
#include "apps/cli/firmware_page.h"

namespace mtk::cli {

namespace {

int exit_for(const Error& error) {
  if (error.code == Errc::usage) return exit_usage;
  return error.code == Errc::io || error.code == Errc::not_found ? exit_host_file : exit_bad_file;
}

}  // namespace

int run_check(const Context& context) {
  const FirmwareCard card = describe_firmware(context.run.arguments.front());
  if (card.error) return context.fail(*card.error, exit_for(*card.error));
  const int exit = card.problems.empty() ? 0 : exit_bad_file;
  if (context.json()) context.console.out(context.events.firmware(card, exit));
  context.print(firmware_page(card, context.style()));
  return exit;
}

}  // namespace mtk::cli
