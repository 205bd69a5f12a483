// SPDX-License-Identifier: Apache-2.0
// An open port as a byte stream: what serial ports and sockets have in common.
#pragma once

#include "transport/fd.h"
#include "transport/transport.h"

namespace mtk {

/// Reads are buffered ahead, so that a phone's answer costs one system call however small the pieces are in
/// which it is asked for. Once the other end is gone, every call fails with Errc::disconnected.
class FdStream {
 public:
  enum class Kind : std::uint8_t { tty, socket };

  /// A stream that is not connected.
  explicit FdStream(Kind kind);
  /// Goes on with another descriptor, which must not block; unread bytes are dropped.
  void attach(UniqueFd fd);
  void close();
  const UniqueFd& fd() const { return fd_; }

  Result<std::size_t> read_some(std::span<std::byte> into, const Wait& wait);
  Result<> write(std::span<const ByteView> parts, const Wait& wait);
  /// Drops what arrives until the other end hangs up. Errors: timeout, cancelled, io.
  Result<> wait_until_gone(const Wait& wait);

 private:
  Result<std::size_t> read_now_or_wait(std::span<std::byte> into, const Wait& wait);
  Error failure(const char* action, int error);
  Error gone();

  Kind kind_;
  UniqueFd fd_;
  Bytes buffer_;
  std::size_t begin_ = 0;  // unread bytes are buffer_[begin_, end_)
  std::size_t end_ = 0;
};

}  // namespace mtk
