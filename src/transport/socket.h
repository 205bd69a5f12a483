// SPDX-License-Identifier: Apache-2.0
// A phone at the other end of a TCP or unix socket: the virtual phone, or a port shared over the network.
#pragma once

#include "transport/fd_stream.h"

namespace mtk {

struct TcpAddress {
  std::string host;  ///< name, IPv4 or IPv6 address, without brackets
  std::uint16_t port = 0;
};

class SocketTransport final : public Transport {
 public:
  /// Connects, trying again until somebody listens. The system's name lookup is not cut short by the
  /// deadline. Errors: timeout, usage (no such host, not a socket), busy (no permission), io, cancelled.
  static Result<std::unique_ptr<SocketTransport>> open(const TcpAddress& address, const Wait& wait);
  static Result<std::unique_ptr<SocketTransport>> open_unix(const std::string& path, const Wait& wait);

  Result<std::size_t> read_some(std::span<std::byte> into, const Wait& wait, Content content) override;
  using Transport::write;
  Result<> write(std::span<const ByteView> parts, const Wait& wait, Content content) override;
  /// The other end closes the connection when its phone leaves the bus; the next connection is the new
  /// device.
  Result<> reopen(UsbIdentity expected, const Wait& wait) override;
  Clock& clock() override { return clock_; }
  std::string name() const override { return name_; }

  /// One address to try; the bytes are a sockaddr of the family.
  struct Endpoint {
    int family;
    Bytes address;
  };

 private:
  SocketTransport(std::string name, std::vector<Endpoint> endpoints)
      : name_(std::move(name)), endpoints_(std::move(endpoints)) {}
  static Result<std::unique_ptr<SocketTransport>> open(std::string name, std::vector<Endpoint> endpoints,
                                                       const Wait& wait);
  Result<> connect_within(Clock::TimePoint deadline, const std::stop_token& stop);

  std::string name_;
  std::vector<Endpoint> endpoints_;
  SystemClock clock_;
  FdStream stream_{FdStream::Kind::socket};
};

}  // namespace mtk
