// SPDX-License-Identifier: Apache-2.0
// `mtkflash explain`: what a code means and what to do about it, offline.
#include "apps/cli/cards.h"
#include "apps/cli/commands.h"

namespace mtk::cli {

int run_explain(const Context& context) {
  const CodeExplanation explanation = explain_code(context.run.arguments.front());
  const int exit = explanation.meanings.empty() ? exit_usage : 0;
  if (context.json()) context.console.out(context.events.explanation(explanation, exit));
  context.print(explanation_card(explanation, context.style()));
  return exit;
}

}  // namespace mtk::cli
