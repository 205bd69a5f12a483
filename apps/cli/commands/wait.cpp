// SPDX-License-Identifier: Apache-2.0
// `mtkflash wait`: until a phone appears; says what it is.
#include "apps/cli/cards.h"
#include "apps/cli/commands.h"

namespace mtk::cli {

int run_wait(const Context& context) {
  const Ended ended = run_on_phone(context, WaitJob{});
  if (!ended.outcome.error) context.print("\n" + phone_card(ended.outcome.phone, context.style()));
  return ended.outcome.exit_code;
}

}  // namespace mtk::cli
