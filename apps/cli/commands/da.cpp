// SPDX-License-Identifier: Apache-2.0
// `mtkflash da`: for which chips an agent file holds agents.
#include "apps/cli/commands.h"
#include "apps/cli/firmware_page.h"

namespace mtk::cli {

int run_da(const Context& context) {
  const AgentCard card = describe_agent_file(context.run.arguments.front());
  if (card.error) return context.fail(*card.error, exit_bad_file);
  if (context.json()) context.console.out(context.events.agent_file(card, 0));
  context.print(agent_page(card, context.style()));
  return 0;
}

}  // namespace mtk::cli
