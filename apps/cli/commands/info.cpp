// SPDX-License-Identifier: Apache-2.0
// `mtkflash info`: everything the phone says about itself.
#include "apps/cli/cards.h"
#include "apps/cli/commands.h"

namespace mtk::cli {

int run_info(const Context& context) {
  const Ended ended = run_on_phone(context, InfoJob{});
  if (!ended.outcome.error) context.print("\n" + phone_card(ended.outcome.phone, context.style()));
  return ended.outcome.exit_code;
}

}  // namespace mtk::cli
