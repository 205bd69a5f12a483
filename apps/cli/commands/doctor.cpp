// SPDX-License-Identifier: Apache-2.0
// `mtkflash doctor`: what on this computer stands between mtkflash and a phone, and its repair.
#include "apps/cli/commands.h"
#include "apps/cli/doctor_page.h"

namespace mtk::cli {

namespace {

int exit_for(RepairState state) {
  switch (state) {
    case RepairState::done:
    case RepairState::unchanged:
    case RepairState::not_here:
      return 0;
    case RepairState::needs_root:
      return exit_port;
    case RepairState::failed:
      return exit_host_file;
  }
  return exit_host_file;
}

int fix(const Context& context) {
  const Repair repair = repair_computer();
  const int exit = exit_for(repair.state);
  if (context.json()) context.console.out(context.events.repair(repair, exit));
  context.print(repair_page(repair, context.style()));
  return exit;
}

}  // namespace

int run_doctor(const Context& context) {
  if (context.run.has(Option::fix)) return fix(context);
  const Examination examination = examine_computer(MTK_VERSION);
  const int exit = examination.healthy() ? 0 : exit_port;
  if (context.json()) context.console.out(context.events.examination(examination, exit));
  context.print(doctor_page(examination, context.style()));
  return exit;
}

}  // namespace mtk::cli
