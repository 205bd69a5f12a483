// SPDX-License-Identifier: Apache-2.0
// What `--port` means, before anything is opened.
#pragma once

#include "transport/socket.h"

#include <variant>

namespace mtk {

struct TtyAddress {
  std::string path;
};
struct UnixAddress {
  std::string path;
};
/// A place in the tree of USB hubs, `1-2.3`: the same for every identity a phone takes on there.
struct UsbAddress {
  std::string usb_path;
};
/// A path without a prefix: what it is shows when it is opened.
struct BarePath {
  std::string path;
};
using PortAddress = std::variant<TtyAddress, UnixAddress, TcpAddress, UsbAddress, BarePath>;

/// Understands `tty:PATH`, `unix:PATH`, `tcp:HOST:PORT` (an IPv6 address in brackets), `usb:1-2.3`, `1-2.3`
/// and paths. Errors: usage.
Result<PortAddress> parse_port_address(std::string_view text);

}  // namespace mtk
