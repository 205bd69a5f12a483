// SPDX-License-Identifier: Apache-2.0
// `mtkflash help`, and what packaging asks for: completion scripts and the man page.
#include "apps/cli/help.h"

#include "apps/cli/commands.h"
#include "apps/cli/completion.h"

namespace mtk::cli {

int run_help(const Context& context) {
  if (context.run.arguments.empty()) {
    context.print(program_help(context.style()));
    return 0;
  }
  const std::string& name = context.run.arguments.front();
  const CommandSpec* command = find_command(name);
  if (command == nullptr) {
    return context.fail(
        Error{.code = Errc::usage, .what = say(Text::usage_unknown_command, fmt::arg("word", name))},
        exit_usage);
  }
  context.print(command_help(*command, context.style()));
  return 0;
}

int run_completion(const Context& context) {
  context.print(completion(context.run.arguments.front()));
  return 0;
}

int run_man(const Context& context) {
  context.print(man_page());
  return 0;
}

}  // namespace mtk::cli
