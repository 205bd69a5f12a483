// SPDX-License-Identifier: Apache-2.0
// TCP and unix sockets.
#include "carrier.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

namespace mtk::phone {

namespace {

constexpr int socket_buffer = 1 << 20;
/// How long a host may take to notice that the phone has gone, before the link is torn down.
constexpr std::chrono::milliseconds farewell{200};

class SocketCarrier final : public Carrier {
 public:
  SocketCarrier(Fd door, std::string address, std::string file)
      : door_(std::move(door)), address_(std::move(address)), file_(std::move(file)) {}
  ~SocketCarrier() override {
    if (!file_.empty()) ::unlink(file_.c_str());
  }
  std::string address() const override { return address_; }
  int door() const override { return door_.get(); }

  Result<std::optional<int>> let_in() override {
    Fd link{::accept4(door_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!link) {
      if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return std::nullopt;
      return fail(system_error("accept"));
    }
    const int on = 1;
    ::setsockopt(link.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // refused by unix sockets, harmless
    ::setsockopt(link.get(), SOL_SOCKET, SO_SNDBUF, &socket_buffer, sizeof socket_buffer);
    link_ = std::move(link);
    return link_.get();
  }

  Result<> drop() override {
    if (!link_) return {};
    // Closing with unread bytes would reset the connection and take the phone's last answer along.
    ::shutdown(link_.get(), SHUT_WR);
    const auto end = std::chrono::steady_clock::now() + farewell;
    std::array<char, 4096> rest;
    while (true) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      pollfd wait{.fd = link_.get(), .events = POLLIN, .revents = 0};
      if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) break;
      if (::read(link_.get(), rest.data(), rest.size()) <= 0) break;
    }
    return let_go();
  }

  Result<> let_go() override {
    link_ = Fd{};
    return {};
  }

 private:
  Fd door_;
  Fd link_;
  std::string address_;
  std::string file_;
};

Result<std::unique_ptr<Carrier>> listen_on_unix(const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof name.sun_path)
    return fail(Errc::usage, fmt::format("\"{}\" is too long or too short for a unix socket", path));
  std::memcpy(name.sun_path, path.data(), path.size());
  struct stat old {};
  if (::stat(path.c_str(), &old) == 0 && S_ISSOCK(old.st_mode)) ::unlink(path.c_str());
  Fd door{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  // The C interface takes every kind of address through this one type.
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&name));
  if (!door || ::bind(door.get(), generic, sizeof name) != 0 || ::listen(door.get(), 1) != 0)
    return fail(system_error("listen on " + path));
  return std::make_unique<SocketCarrier>(std::move(door), "unix:" + path, path);
}

Result<std::unique_ptr<Carrier>> listen_on_tcp(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  if (const int problem = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list); problem != 0)
    return fail(Errc::usage, fmt::format("{}:{}: {}", host, port, ::gai_strerror(problem)));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> keep{list, &::freeaddrinfo};
  Fd door{::socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  const int on = 1;
  if (door) ::setsockopt(door.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (!door || ::bind(door.get(), list->ai_addr, list->ai_addrlen) != 0 || ::listen(door.get(), 1) != 0)
    return fail(system_error(fmt::format("listen on {}:{}", host, port)));
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(door.get(), static_cast<sockaddr*>(static_cast<void*>(&bound)), &size);
  std::array<char, NI_MAXSERV> real_port{};
  ::getnameinfo(static_cast<const sockaddr*>(static_cast<const void*>(&bound)), size, nullptr, 0,
                real_port.data(), real_port.size(), NI_NUMERICSERV);
  return std::make_unique<SocketCarrier>(std::move(door), fmt::format("tcp:{}:{}", host, real_port.data()),
                                         "");
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

Error system_error(std::string doing) {
  const int reason = errno;
  const bool busy = reason == EACCES || reason == EPERM || reason == EADDRINUSE || reason == EBUSY;
  return Error{.code = busy ? Errc::busy : Errc::io,
               .what = fmt::format("cannot {}: {}", doing, std::generic_category().message(reason))};
}

Result<std::unique_ptr<Carrier>> listen_on(const std::string& address) {
  const auto colon = address.find(':');
  const std::string kind = address.substr(0, colon);
  const std::string rest = colon == std::string::npos ? std::string{} : address.substr(colon + 1);
  if (kind == "unix") return listen_on_unix(rest);
  if (kind == "pty") return listen_on_pty(rest);
  if (const auto last = rest.rfind(':'); kind == "tcp" && last != std::string::npos)
    return listen_on_tcp(rest.substr(0, last), rest.substr(last + 1));
  return fail(Errc::usage,
              fmt::format("\"{}\" is not pty:LINK, tcp:HOST:PORT, unix:PATH or usbredir:PATH", address));
}

}  // namespace mtk::phone
