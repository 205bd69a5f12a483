// SPDX-License-Identifier: Apache-2.0
#include "transport/port_address.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace mtk {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// `1-2.3`: bus, then the port of every hub on the way.
bool is_usb_path(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos || !is_number(text.substr(0, dash))) return false;
  for (std::string_view rest = text.substr(dash + 1);;) {
    const auto dot = rest.find('.');
    if (!is_number(rest.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    rest.remove_prefix(dot + 1);
  }
}

/// `ttyACM0`, as everybody calls the ports of /dev.
bool is_tty_name(std::string_view text) {
  return text.starts_with("tty") && text.size() > 3 && text.find_first_of("/:") == std::string_view::npos;
}
std::string tty_path(std::string_view text) { return (is_tty_name(text) ? "/dev/" : "") + std::string{text}; }

Result<PortAddress> parse_tcp(std::string_view text) {
  const auto colon = text.rfind(':');
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  unsigned port = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (!is_number(digits) || parsed.ec != std::errc{} || port < 1 || port > 65535)
    return fail(Errc::usage, fmt::format("tcp:{}: the port number 1 to 65535 is missing", text));
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return fail(Errc::usage, fmt::format("tcp:{}: an IPv6 address goes in brackets, tcp:[::1]:5000", text));
  }
  if (host.empty()) return fail(Errc::usage, fmt::format("tcp:{}: the host is missing", text));
  return TcpAddress{std::string{host}, static_cast<std::uint16_t>(port)};
}

}  // namespace

Result<PortAddress> parse_port_address(std::string_view text) {
  const auto colon = text.find(':');
  const std::string_view kind = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const std::string_view rest = colon == std::string_view::npos ? text : text.substr(colon + 1);

  if (kind == "tcp") return parse_tcp(rest);
  if (text == "next") return AnyAddress{.only_new = true};
  if (text == "usb:") return AnyAddress{.way = PortWay::usb};
  if (text == "tty:") return AnyAddress{.way = PortWay::tty};
  if (kind == "unix" && rest.empty()) return fail(Errc::usage, fmt::format("{} needs a path", text));
  if (kind == "tty") return TtyAddress{tty_path(rest)};
  if (is_tty_name(text)) return TtyAddress{tty_path(text)};
  if (kind == "unix") return UnixAddress{std::string{rest}};
  if (kind == "usb" && !is_usb_path(rest))
    return fail(Errc::usage, fmt::format("{}: a USB place looks like usb:1-2.3", text));
  if (kind == "usb" || is_usb_path(text)) return UsbAddress{std::string{rest}};
  // A path may hold colons (/dev/serial/by-path/...), but a word before a colon would be a kind.
  if (text.find('/') < colon) return BarePath{std::string{text}};
  return fail(
      Errc::usage,
      fmt::format("port {} is not understood; ports are usb:1-2.3, tty:PATH, tcp:HOST:PORT, unix:PATH, next",
                  text.empty() ? "\"\"" : text));
}

}  // namespace mtk
