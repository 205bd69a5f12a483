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
/// By which way a phone is opened: the device itself, the serial port the system made of it, or the first of
/// the two that lets itself be opened.
enum class PortWay : std::uint8_t { either, usb, tty };
/// Any phone in download mode.
struct AnyAddress {
  PortWay way = PortWay::either;
  bool only_new = false;  ///< one that is there already does not count
};
using PortAddress = std::variant<TtyAddress, UnixAddress, TcpAddress, UsbAddress, BarePath, AnyAddress>;

/// Understands `tty:PATH`, `unix:PATH`, `tcp:HOST:PORT` (an IPv6 address in brackets), `usb:1-2.3`, `1-2.3`,
/// names of serial ports (`ttyACM0`), paths; `next`, `usb:` and `tty:` are any phone. Errors: usage.
Result<PortAddress> parse_port_address(std::string_view text);

}  // namespace mtk
