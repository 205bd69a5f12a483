// SPDX-License-Identifier: Apache-2.0
// From the command line to the command.
#include "apps/cli/commands.h"
#include "apps/cli/help.h"
#include "apps/cli/units.h"

#include <algorithm>

namespace mtk::cli {

namespace {

bool is_one_of(const std::vector<std::string>& words, std::string_view a, std::string_view b) {
  return words.size() == 1 && (words.front() == a || words.front() == b);
}

int dispatch(const Context& context) {
  switch (context.run.command->id) {
    case Command::flash:
      return run_flash(context);
    case Command::plan:
      return run_plan(context);
    case Command::check:
      return run_check(context);
    case Command::info:
      return run_info(context);
    case Command::parts:
      return run_parts(context);
    case Command::read:
      return run_read(context);
    case Command::write:
      return run_write(context);
    case Command::erase:
      return run_erase(context);
    case Command::reboot:
      return run_reboot(context);
    case Command::wait:
      return run_wait(context);
    case Command::da:
      return run_da(context);
    case Command::scatter:
      return run_scatter(context);
    case Command::explain:
      return run_explain(context);
    case Command::doctor:
      return run_doctor(context);
    case Command::trace:
      return run_trace(context);
    case Command::report:
      return run_report(context);
    case Command::help:
      return run_help(context);
    case Command::completion:
      return run_completion(context);
    case Command::man:
      return run_man(context);
  }
  return exit_usage;
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, const Console& console, const Clock& clock) {
  if (is_one_of(arguments, "--help", "-h")) {
    console.out(program_help(console.out_style));
    return 0;
  }
  if (is_one_of(arguments, "--version", "-V")) {
    console.out("mtkflash " MTK_VERSION "\n");
    return 0;
  }
  const EventLines events{clock};
  const auto run = parse(arguments);
  if (!run) {
    if (std::ranges::find(arguments, "--json") != arguments.end())
      console.out(events.error(run.error(), exit_usage));
    console.err(fmt::format("mtkflash: {}\n{}\n", shown(run.error().what), text(Text::usage_see_help)));
    return exit_usage;
  }
  if (run->has(Option::help)) {
    console.out(command_help(*run->command, console.out_style));
    return 0;
  }
  const Context context{console, clock, events, *run};
  for (const auto& remark : run->remarks) context.advise(shown(remark) + "\n");
  return dispatch(context);
}

}  // namespace mtk::cli
