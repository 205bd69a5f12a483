// SPDX-License-Identifier: Apache-2.0
// For agents that take whole blocks only: an image with the rest of its last block behind it.
#pragma once

#include "base/source.h"

namespace mtk::legacy {

/// Another source with more bytes at its end.
class PaddedSource final : public Source {
 public:
  PaddedSource(Source& inner, Bytes padding) : inner_(inner), padding_(std::move(padding)) {}
  std::uint64_t size() const override { return inner_.size() + padding_.size(); }
  Result<> read(std::span<std::byte> into) override;
  Result<> rewind() override;

 private:
  Source& inner_;
  Bytes padding_;
  std::uint64_t position_ = 0;
};

}  // namespace mtk::legacy
