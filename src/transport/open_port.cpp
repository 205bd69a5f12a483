// SPDX-License-Identifier: Apache-2.0
// From what `--port` says to an open transport.
#include "transport/port_address.h"
#include "transport/retry.h"
#include "transport/serial.h"
#include "transport/socket.h"
#include "transport/usb/usb_place.h"

#include <filesystem>

namespace mtk {
namespace {

using Opened = Result<std::unique_ptr<Transport>>;

struct Open {
  const Wait& wait;

  Opened operator()(const TtyAddress& tty) const { return SerialTransport::open(tty.path, wait); }
  Opened operator()(const UnixAddress& socket) const { return SocketTransport::open_unix(socket.path, wait); }
  Opened operator()(const TcpAddress& tcp) const { return SocketTransport::open(tcp, wait); }
  Opened operator()(const BarePath& bare) const {
    const auto deadline = wait.deadline(SystemClock{}.now());
    std::error_code unknown;
    MTK_TRY(retry_until_there(
        [&]() -> Result<> {
          if (std::filesystem::exists(bare.path, unknown)) return {};
          return fail(Errc::disconnected, "no phone at " + bare.path);
        },
        deadline, wait.stop));
    if (std::filesystem::is_socket(bare.path, unknown)) return (*this)(UnixAddress{bare.path});
    return (*this)(TtyAddress{bare.path});
  }
  Opened operator()(const AnyAddress&) const { return fail(Errc::usage, "a port must be named here"); }
  Opened operator()(const UsbAddress& usb) const {
    const auto anyone = [](std::uint16_t, std::uint16_t) { return std::optional{UsbIdentity::unknown}; };
    return open_usb_place({.usb_path = usb.usb_path, .identify = anyone}, {}, wait);
  }
};

}  // namespace

Result<std::unique_ptr<Transport>> open_port(const std::string& port, const Wait& wait) {
  MTK_TRY_LET(const PortAddress address, parse_port_address(port));
  return std::visit(Open{wait}, address);
}

}  // namespace mtk
