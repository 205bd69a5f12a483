// SPDX-License-Identifier: Apache-2.0
// How bytes come to the phone off USB: sockets and a pseudo-terminal. Connecting is plugging in.
#pragma once

#include "base/result.h"

#include <memory>
#include <optional>
#include <string>

namespace mtk::phone {

/// A file descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd();
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// `doing: reason`, with the system's reason. Errc::busy for what permission or another program forbids.
Error system_error(std::string doing);

class Carrier {
 public:
  virtual ~Carrier() = default;
  /// What a host connects to, real port number included: `tcp:127.0.0.1:4711`.
  virtual std::string address() const = 0;
  /// Readable when someone may be at the door.
  virtual int door() const = 0;
  /// Readable when the host may have closed the link in a way that the link itself does not show; -1 = it
  /// always does.
  virtual int exit() const { return -1; }
  virtual bool host_has_left() { return false; }
  /// Lets the one at the door in; the descriptor of the link does not block.
  virtual Result<std::optional<int>> let_in() = 0;
  /// The phone goes: ends the link once what was sent has had its chance to arrive.
  virtual Result<> drop() = 0;
  /// The host has gone: ready for the next one.
  virtual Result<> let_go() = 0;
};

/// `pty:LINK`, `tcp:HOST:PORT` (port 0 = any free one), `unix:PATH`. Errors: usage, io, busy.
Result<std::unique_ptr<Carrier>> listen_on(const std::string& address);
Result<std::unique_ptr<Carrier>> listen_on_pty(const std::string& link);

}  // namespace mtk::phone
