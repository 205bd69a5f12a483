// SPDX-License-Identifier: Apache-2.0
// Digests, computed by OpenSSL. The only file that names it.
#pragma once

#include "base/bytes.h"

#include <memory>

namespace mtk {

enum class HashKind { md5, sha1, sha256 };

class Hasher {
 public:
  explicit Hasher(HashKind kind = HashKind::sha256);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void update(ByteView data);
  /// The digest of everything so far; the hasher starts anew afterwards.
  Bytes finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Bytes hash(HashKind kind, ByteView data);
inline Bytes sha256(ByteView data) { return hash(HashKind::sha256, data); }

/// CRC-32 as in zlib, GPT and sparse images. `before` chains calls.
std::uint32_t crc32(ByteView data, std::uint32_t before = 0);

}  // namespace mtk
