// SPDX-License-Identifier: Apache-2.0
#include "base/hash.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <limits>

namespace mtk {

struct Hasher::State {
  const EVP_MD* kind;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

namespace {
const EVP_MD* digest_of(HashKind kind) {
  switch (kind) {
    case HashKind::md5:
      return EVP_md5();
    case HashKind::sha1:
      return EVP_sha1();
    case HashKind::sha256:
      return EVP_sha256();
  }
  return EVP_sha256();
}
}  // namespace

Hasher::Hasher(HashKind kind) : state_(std::make_unique<State>(State{digest_of(kind)})) {
  MTK_ASSERT(state_->context && EVP_DigestInit_ex(state_->context.get(), state_->kind, nullptr) == 1);
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(ByteView data) {
  MTK_ASSERT(EVP_DigestUpdate(state_->context.get(), data.data(), data.size()) == 1);
}

Bytes Hasher::finish() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  MTK_ASSERT(EVP_DigestFinal_ex(state_->context.get(), digest, &size) == 1);
  MTK_ASSERT(EVP_DigestInit_ex(state_->context.get(), state_->kind, nullptr) == 1);
  const auto bytes = std::as_bytes(std::span{digest, size});
  return {bytes.begin(), bytes.end()};
}

Bytes hash(HashKind kind, ByteView data) {
  Hasher hasher{kind};
  hasher.update(data);
  return hasher.finish();
}

std::uint32_t crc32(ByteView data, std::uint32_t before) {
  uLong crc = before;
  while (!data.empty()) {
    const ByteView part = data.first(std::min<std::size_t>(data.size(), std::numeric_limits<uInt>::max()));
    crc = ::crc32(crc, static_cast<const Bytef*>(static_cast<const void*>(part.data())),
                  static_cast<uInt>(part.size()));
    data = data.subspan(part.size());
  }
  return static_cast<std::uint32_t>(crc);
}

}  // namespace mtk
