// SPDX-License-Identifier: Apache-2.0
// Keeps what is read, for the few blocks the agent's own code looks at.
#pragma once

#include "base/source.h"

namespace mtk {

class BytesSink final : public Sink {
 public:
  Result<> write(ByteView data) override {
    bytes.insert(bytes.end(), data.begin(), data.end());
    return {};
  }

  Bytes bytes;
};

}  // namespace mtk
