// SPDX-License-Identifier: Apache-2.0
// The start sequence A0 0A 50 05 as the phone's side judges it, byte by byte.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace mtk::sim {

/// What a wrong byte does to a sequence already begun.
enum class StartRule {
  plus_one,        ///< answered with itself plus one, the sequence starts from zero
  swallow_a0,      ///< as before, but an A0 is not answered and counts as the first byte
  restart_with_a0  ///< as before, but an A0 is answered 5F and counts as the first byte
};

class Handshake {
 public:
  explicit Handshake(StartRule rule) : rule_(rule) {}

  /// The answer to one byte, if there is one.
  std::optional<std::uint8_t> answer(std::uint8_t byte) {
    if (byte == sequence[index_]) {
      ++index_;
      return static_cast<std::uint8_t>(~byte);
    }
    if (byte == sequence[0] && index_ > 0 && rule_ != StartRule::plus_one) {
      index_ = 1;
      if (rule_ == StartRule::swallow_a0) return std::nullopt;
      return static_cast<std::uint8_t>(~byte);
    }
    index_ = 0;
    return static_cast<std::uint8_t>(byte + 1);
  }
  bool done() const { return index_ == sequence.size(); }
  std::uint8_t expected() const { return sequence[index_ % sequence.size()]; }
  void restart() { index_ = 0; }

 private:
  static constexpr std::array<std::uint8_t, 4> sequence = {0xa0, 0x0a, 0x50, 0x05};
  StartRule rule_;
  std::size_t index_ = 0;
};

}  // namespace mtk::sim
