// SPDX-License-Identifier: Apache-2.0
// For tests: the phone's end of a TCP or unix socket. Every call blocks, so no test needs a clock.
#pragma once

#include "transport/fd.h"

#include "base/bytes.h"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace mtk::test {

class Listener {
 public:
  explicit Listener(const std::string& unix_path) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    unix_path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    listen_at(&address, sizeof(address));
  }
  /// TCP on a free port of this computer.
  Listener() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listen_at(&address, sizeof(address));
  }
  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof(address);
    void* const head = &address;
    EXPECT_EQ(getsockname(fd_.get(), static_cast<sockaddr*>(head), &size), 0);
    return ntohs(address.sin_port);
  }
  UniqueFd accept() { return UniqueFd{::accept(fd_.get(), nullptr, nullptr)}; }

 private:
  void listen_at(const void* address, socklen_t size) {
    EXPECT_EQ(::bind(fd_.get(), static_cast<const sockaddr*>(address), size), 0);
    EXPECT_EQ(::listen(fd_.get(), 1), 0);
  }
  UniqueFd fd_;
};

inline Bytes hear(const UniqueFd& fd, std::size_t size) {
  Bytes data(size);
  const ssize_t got = ::recv(fd.get(), data.data(), size, MSG_WAITALL);
  data.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return data;
}

inline void say(const UniqueFd& fd, ByteView data) {
  EXPECT_EQ(::send(fd.get(), data.data(), data.size(), MSG_NOSIGNAL), static_cast<ssize_t>(data.size()));
}

}  // namespace mtk::test
