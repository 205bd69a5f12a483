// SPDX-License-Identifier: Apache-2.0
// For tests: everything a conversation needs besides the phone's script.
#pragma once

#include "brom/testing/scripted_phone.h"

#include <mtk/progress.h>

namespace mtk {

struct ScriptBench {
  explicit ScriptBench(std::string_view script) : phone(script) {}

  ScriptedPhone phone;
  FakeClock clock;
  MemoryTransport link{phone, clock};
  std::stop_source stop;
  Observer silent;
  OpContext op{stop.get_token(), silent};
};

}  // namespace mtk
