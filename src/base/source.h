// SPDX-License-Identifier: Apache-2.0
// Where the bytes of a write come from and where the bytes of a read go.
#pragma once

#include "base/bytes.h"

namespace mtk {

/// Bytes of a known size that are read forward and can be read again from the start: some agents ask for the
/// size first and may ask twice.
class Source {
 public:
  virtual ~Source() = default;
  virtual std::uint64_t size() const = 0;
  /// Fills `into` completely with the next bytes. Errors: io, bad_image (also past the end).
  virtual Result<> read(std::span<std::byte> into) = 0;
  virtual Result<> rewind() = 0;
};

class Sink {
 public:
  virtual ~Sink() = default;
  /// Takes the next bytes. Errors: io, verify.
  virtual Result<> write(ByteView data) = 0;
};

}  // namespace mtk
