// SPDX-License-Identifier: Apache-2.0
// What went wrong, where in the run, and the phone's own word for it. Part of the public API.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mtk {

/// What kind of thing went wrong; callers decide by this and never by text.
enum class Errc : std::uint16_t {
  timeout,        ///< the phone stayed silent past the deadline
  disconnected,   ///< the link is gone: cable, power, or the phone left the bus
  not_found,      ///< a file or folder on the computer is not there
  io,             ///< the computer could not read or write a file or a port
  busy,           ///< the port exists and another program holds it
  denied,         ///< the port exists and this user may not open it
  protocol,       ///< the phone said something the protocol does not allow
  device_status,  ///< the phone refused; Error::device_status has its word
  unsupported,    ///< neither this phone nor this build can do it
  bad_image,      ///< a firmware, agent or other file is damaged or of the wrong kind
  refused,        ///< the planner will not write this
  verify,         ///< what the phone holds differs from what was written
  out_of_range,   ///< an address, size or count does not fit
  usage,          ///< the caller asked for something impossible
  cancelled,      ///< stopped by the user
  internal        ///< a fault of ours
};

/// Where in a run something happened. The names are those of the event stream.
enum class Stage : std::uint8_t {
  host,
  connect,
  brom,
  preloader,
  da1,
  dram,
  da2,
  backup,
  erase,
  write,
  verify,
  reboot
};

/// Which numbering a device status belongs to: the same number means different things in each.
enum class StatusKind : std::uint8_t {
  brom16,     ///< boot ROM and preloader status word
  legacy_v3,  ///< legacy agent, old numbering (greeting 0BC0)
  legacy_v5,  ///< legacy agent, new numbering (greeting 0BC4)
  legacy32,   ///< legacy agent, numbering unknown: show both meanings
  xflash32,   ///< XFlash agent
  xml_text    ///< XML agent, text only
};

struct DeviceStatus {
  StatusKind kind;
  std::uint32_t code = 0;
  std::string text = {};
};

struct [[nodiscard]] Error {
  Errc code;
  std::string what;                                ///< lower-case clause, no full stop
  std::optional<DeviceStatus> device_status = {};  ///< as the phone sent it
  Stage stage = Stage::host;
  std::vector<std::string> during = {};  ///< innermost step first

  /// Adds one step of the way up; every layer adds one and rephrases nothing.
  Error&& in(std::string step) && {
    during.push_back(std::move(step));
    return std::move(*this);
  }
};

/// `write boot: WRITE_DATA: timeout: phone silent for 5 s`
std::string to_string(const Error& error);
std::string_view to_string(Errc code);
std::string_view to_string(Stage stage);
std::string_view to_string(StatusKind kind);

}  // namespace mtk
