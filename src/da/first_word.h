// SPDX-License-Identifier: Apache-2.0
// Waiting for the first word of an agent that was just started. A phone without its battery is silent until
// that is put in, and then speaks as if nothing had been.
#pragma once

#include "base/result.h"
#include "transport/transport.h"

#include <mtk/progress.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace mtk {

namespace first_word {
/// An agent that runs speaks at once; so much later somebody should look at the phone.
inline constexpr std::chrono::seconds soon{5};
/// Long enough to find the battery and to put it in.
inline constexpr std::chrono::seconds patience{120};
}  // namespace first_word

/// Calls `ask(timeout)`, which yields nothing when the agent said nothing in that time. Silence is told to
/// the observer once and listened to until `patience` is over. Errors: timeout, those of `ask`.
template <class Ask>
auto await_first_word(const Ask& ask, Clock::Duration patience, OpContext& op)
    -> Result<typename decltype(ask(patience))::value_type::value_type> {
  const Clock::Duration soon = std::min<Clock::Duration>(first_word::soon, patience);
  MTK_TRY_LET(auto word, ask(soon));
  if (word) return std::move(*word);
  op.observer.silent(std::chrono::duration_cast<std::chrono::seconds>(soon));
  MTK_TRY_LET(word, ask(patience - soon));
  if (word) return std::move(*word);
  return fail(Errc::timeout, "agent says nothing");
}

}  // namespace mtk
