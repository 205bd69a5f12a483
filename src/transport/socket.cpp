// SPDX-License-Identifier: Apache-2.0
#include "transport/socket.h"

#include "transport/retry.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace mtk {
namespace {

using Endpoint = SocketTransport::Endpoint;

Bytes bytes_of(const void* data, std::size_t size) {
  Bytes bytes(size);
  std::memcpy(bytes.data(), data, size);
  return bytes;
}

Result<std::vector<Endpoint>> resolve(const TcpAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (error != 0)
    return fail(Errc::usage, fmt::format("host {} not found: {}", address.host, gai_strerror(error)));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list{found, &freeaddrinfo};
  std::vector<Endpoint> endpoints;
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next)
    endpoints.push_back({entry->ai_family, bytes_of(entry->ai_addr, entry->ai_addrlen)});
  return endpoints;
}

Result<Endpoint> unix_endpoint(const std::string& path) {
  sockaddr_un address{};
  if (path.empty() || path.size() >= sizeof(address.sun_path))
    return fail(Errc::usage, fmt::format("a socket's path has 1 to {} bytes, this one {}",
                                         sizeof(address.sun_path) - 1, path.size()));
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), address.sun_path);
  return Endpoint{AF_UNIX, bytes_of(&address, sizeof(address))};
}

/// The error of a failed connect; `disconnected` when trying again makes sense.
Error connect_error(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return {.code = Errc::denied, .what = "no permission to connect"};
    case ENOTSOCK:
    case EPROTOTYPE:
      return {.code = Errc::usage, .what = "not a stream socket"};
    case ENOENT:
    case ECONNREFUSED:
    case ECONNRESET:
    case EAGAIN:  // a unix socket whose queue is full
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH:
      return {.code = Errc::disconnected, .what = "nobody listens"};
    default:
      return {.code = Errc::io, .what = system_error_text("connect", error)};
  }
}

Result<UniqueFd> connect_to(const Endpoint& endpoint, Clock::TimePoint deadline,
                            const std::stop_token& stop) {
  UniqueFd fd{::socket(endpoint.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd) return fail(Errc::io, system_error_text("socket", errno));
  sockaddr_storage address{};
  MTK_ASSERT(endpoint.address.size() <= sizeof(address));
  std::memcpy(&address, endpoint.address.data(), endpoint.address.size());
  // The socket interface takes every family's address through a pointer to the common head.
  const auto* head = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  if (::connect(fd.get(), head, static_cast<socklen_t>(endpoint.address.size())) != 0) {
    if (errno != EINPROGRESS) return fail(connect_error(errno));
    MTK_TRY(wait_until(Readiness::writable, fd, deadline, stop));
    int error = 0;
    socklen_t size = sizeof(error);
    if (getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return fail(connect_error(error));
  }
  // Commands are small and answered at once: waiting to fill a packet would stall every one of them.
  const int on = 1;
  if (endpoint.family != AF_UNIX) setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return fd;
}

}  // namespace

Result<std::unique_ptr<SocketTransport>> SocketTransport::open(std::string name,
                                                               std::vector<Endpoint> endpoints,
                                                               const Wait& wait) {
  std::unique_ptr<SocketTransport> port{new SocketTransport{std::move(name), std::move(endpoints)}};
  MTK_TRY(port->connect_within(wait.deadline(port->clock_.now()), wait.stop));
  return port;
}

Result<std::unique_ptr<SocketTransport>> SocketTransport::open(const TcpAddress& address, const Wait& wait) {
  const bool is_ipv6 = address.host.find(':') != std::string::npos;
  const std::string host = is_ipv6 ? "[" + address.host + "]" : address.host;
  const std::string name = fmt::format("tcp:{}:{}", host, address.port);
  MTK_TRY_LET(auto endpoints, in(resolve(address), name));
  return open(name, std::move(endpoints), wait);
}

Result<std::unique_ptr<SocketTransport>> SocketTransport::open_unix(const std::string& path,
                                                                    const Wait& wait) {
  MTK_TRY_LET(Endpoint endpoint, in(unix_endpoint(path), "unix:" + path));
  return open("unix:" + path, {std::move(endpoint)}, wait);
}

Result<> SocketTransport::connect_within(Clock::TimePoint deadline, const std::stop_token& stop) {
  const auto try_each = [&]() -> Result<> {
    Error last{.code = Errc::disconnected, .what = "nobody listens"};
    for (const Endpoint& endpoint : endpoints_) {
      auto fd = connect_to(endpoint, deadline, stop);
      if (fd) {
        stream_.attach(std::move(*fd));
        return {};
      }
      last = std::move(fd.error());
      if (last.code == Errc::cancelled || last.code == Errc::timeout) break;
    }
    return fail(std::move(last));
  };
  return in(retry_until_there(try_each, deadline, stop), name_);
}

Result<std::size_t> SocketTransport::read_some(std::span<std::byte> into, const Wait& wait, Content) {
  return stream_.read_some(into, wait);
}

Result<> SocketTransport::write(std::span<const ByteView> parts, const Wait& wait, Content) {
  return stream_.write(parts, wait);
}

Result<> SocketTransport::reopen(UsbIdentity, const Wait& wait) {
  const auto deadline = wait.deadline(clock_.now());
  MTK_TRY(stream_.wait_until_gone(wait));
  return connect_within(deadline, wait.stop);
}

}  // namespace mtk
