// SPDX-License-Identifier: Apache-2.0
// SEND_DA and JUMP_DA: the agent is judged by length, checksum and signature, whoever built it.
#include "base/hash.h"
#include "sim/commands.h"

#include <algorithm>

namespace mtk::sim {

namespace {

constexpr unsigned sla_required = 0x1d0d;
constexpr unsigned bad_jump_address = 0x1d0f;
constexpr unsigned da_too_big = 0x1d10;
constexpr unsigned length_zero = 0x1d13;
constexpr unsigned signature_longer = 0x1d14;
constexpr unsigned signature_missing = 0x1d15;
constexpr unsigned no_da = 0x1d16;
constexpr unsigned not_authorised = 0x1d17;
constexpr unsigned refused_old = 0x2001;
constexpr unsigned refused_new = 0x7024;
constexpr std::uint32_t size_limit_old = 0x30000;
constexpr std::uint32_t size_limit_new = 0x40000;
constexpr milliseconds assert_delay{20};

}  // namespace

std::uint16_t xor16(ByteView data) {
  std::uint16_t sum = 0;
  std::size_t i = 0;
  for (; i + 1 < data.size(); i += 2)
    sum = static_cast<std::uint16_t>(
        sum ^ (static_cast<unsigned>(data[i]) | static_cast<unsigned>(data[i + 1]) << 8));
  if (i < data.size()) sum = static_cast<std::uint16_t>(sum ^ static_cast<unsigned>(data[i]));
  return sum;
}

bool signature_fits(std::string_view key, ByteView data, ByteView signature) {
  Hasher hasher;
  hasher.update(to_bytes(key));
  hasher.update(data);
  const Bytes digest = hasher.finish();
  return signature.size() >= digest.size() && std::ranges::equal(digest, signature.first(digest.size()));
}

void Commands::send_da() {
  echoed({4, 4, 4}, [this](ByteView arguments) {
    next_command();
    ByteReader in{arguments};
    const auto address = in.be<std::uint32_t>();
    const auto total = in.be<std::uint32_t>();
    const auto signature = in.be<std::uint32_t>();
    const auto& security = board_.model.security;
    unsigned word = 0;
    if (total == 0) {
      word = length_zero;
    } else if (total > board_.model.brom.da_limit) {
      word = da_too_big;
    } else if (signature > total) {
      word = signature_longer;
    } else if (speaker_ == Speaker::rom && security.daa && signature == 0) {
      word = signature_missing;
    } else if (speaker_ == Speaker::rom && security.sla && !sla_passed_) {
      word = sla_required;
    } else if (speaker_ == Speaker::rom &&
               ((security.cert && !certified_) || (security.auth && !authorised_))) {
      word = not_authorised;
    }
    if (word != 0) {
      board_.log("{}: SEND_DA of 0x{:x} bytes, signature 0x{:x}: refused with {:04X}", name(), total,
                 signature, word);
      return status(word);
    }
    status(0);
    da_loaded_ = false;
    da_address_ = address;
    payload_.clear();
    take_da(total, signature);
  });
}

/// In pieces, so that memory grows with what arrives and not with what was announced.
void Commands::take_da(std::uint32_t total, std::uint32_t signature) {
  const std::uint32_t part = std::min<std::uint32_t>(total, 0x400);
  field(part, [this, total, part, signature](ByteView bytes) {
    payload_.insert(payload_.end(), bytes.begin(), bytes.end());
    if (total > part) return take_da(total - part, signature);
    finish_da(signature);
  });
}

void Commands::finish_da(std::uint32_t signature) {
  next_command();
  board_.send_be(xor16(payload_));
  const bool preloader = speaker_ == Speaker::preloader;
  const bool old = board_.model.preloader.generation == Generation::a;
  const auto& security = board_.model.security;
  if (security.daa) {
    const ByteView data = ByteView{payload_}.first(payload_.size() - signature);
    if (preloader && payload_.size() > (old ? size_limit_old : size_limit_new))
      return assert_after(da_too_big);
    if (!signature_fits(security.key, data, ByteView{payload_}.subspan(data.size())))
      return assert_after(preloader && !old ? refused_new : refused_old);
  }
  status(0);
  da_loaded_ = true;
  board_.log("{}: agent of 0x{:x} bytes taken", name(), payload_.size());
}

void Commands::assert_after(unsigned word) {
  board_.log("{}: the agent's signature or size is refused with {:04X}", name(), word);
  payload_.clear();
  status(word);
  if (speaker_ == Speaker::preloader) board_.leave(Exit::reset, assert_delay);
}

void Commands::jump_da() {
  echoed({4}, [this](ByteView address) {
    next_command();
    const bool old = board_.model.preloader.generation == Generation::a;
    const unsigned missing = speaker_ == Speaker::rom ? no_da : old ? refused_old : refused_new;
    jump(ByteReader{address}.be<std::uint32_t>(), missing);
  });
}

void Commands::jump(std::uint32_t address, unsigned missing) {
  if (!da_loaded_) {
    board_.log("{}: jump without an agent: {:04X}", name(), missing);
    status(missing);
    if (speaker_ == Speaker::preloader) board_.leave(Exit::reset, assert_delay);
    return;
  }
  if (speaker_ == Speaker::rom && address != da_address_) {
    board_.log("{}: jump to {:08X}, the agent is at {:08X}", name(), address, da_address_);
    return status(bad_jump_address);
  }
  status(0);
  board_.da1 = std::move(payload_);
  board_.from_preloader = speaker_ == Speaker::preloader;
  board_.leave(Exit::agent);
}

void Commands::jump_da64() {
  echoed({4, 1}, [this](ByteView arguments) {
    const auto address = ByteReader{arguments}.be<std::uint32_t>();
    if (!da_loaded_ || address != da_address_) {
      next_command();
      return jump(address, no_da);
    }
    status(0);
    echoed({1}, [this, address](ByteView) {
      next_command();
      jump(address, no_da);
    });
  });
}

}  // namespace mtk::sim
