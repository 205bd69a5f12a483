// SPDX-License-Identifier: Apache-2.0
#include "session/bus_timeline.h"

#include "base/text.h"

#include <algorithm>

namespace mtk {
namespace {

using fmt::arg;
using namespace std::chrono_literals;

/// Whoever comes to a place so soon after a phone left it is that phone, or what it has become. Android takes
/// this long to show itself.
constexpr auto same_phone = 60s;
/// One error may be followed by success; the kernel asks again.
constexpr unsigned errors_that_count = 2;

UsbIdentity identity_of(UsbRole role) {
  switch (role) {
    case UsbRole::brom:
      return UsbIdentity::brom;
    case UsbRole::preloader:
      return UsbIdentity::preloader;
    case UsbRole::agent:
      return UsbIdentity::agent;
    default:
      return UsbIdentity::unknown;
  }
}

/// What Android calls itself on USB, under whatever ids a maker chose.
std::optional<UsbRole> role_of(const std::vector<InterfaceKind>& interfaces) {
  constexpr std::array android{std::pair{InterfaceKind{0xff, 0x42, 0x03}, UsbRole::fastboot},
                               std::pair{InterfaceKind{0xff, 0x42, 0x01}, UsbRole::adb},
                               std::pair{InterfaceKind{0x06, 0x01, 0x01}, UsbRole::mtp}};
  for (const auto& [kind, role] : android)
    if (std::ranges::find(interfaces, kind) != interfaces.end()) return role;
  return std::nullopt;
}

Text name_of(UsbRole role) {
  if (role == UsbRole::fastboot) return Text::bus_fastboot;
  return role == UsbRole::adb ? Text::bus_phone_with_adb : Text::bus_phone_with_files;
}

BusEvent event_of(const PortSeen& port) {
  BusEvent event{
      .when = std::chrono::system_clock::now(), .port = port.name, .vendor = port.vid, .product = port.pid};
  const std::string ids = fmt::format("{:04x}:{:04x}", port.vid, port.pid);
  if (const UsbId* id = find_usb_id(port.vid, port.pid)) {
    event.face = to_string(id->role);
    event.name = id->name;
  } else if (const auto role = role_of(port.interfaces)) {
    event.face = to_string(*role);
    event.name = say(name_of(*role), arg("id", ids));
  } else {
    event.name = say(Text::bus_other, arg("id", ids));
  }
  return event;
}

}  // namespace

std::vector<KnownUsb> known_identities() {
  std::vector<KnownUsb> known;
  for (const UsbId& id : usb_ids()) {
    known.push_back({id.vendor, id.product, identity_of(id.role), is_download_port(id.role)});
  }
  return known;
}

std::optional<BusEvent> BusTimeline::appeared(const PortSeen& port) {
  BusEvent event = event_of(port);
  const auto before = faces_.find(port.usb_path);
  const bool follows = before != faces_.end() && before->second.left_at &&
                       port.since - *before->second.left_at < Clock::Duration{same_phone};
  if (event.face.empty() && !follows) return std::nullopt;
  if (follows && before->second.name != event.name) {
    event.kind = BusEvent::Kind::changed;
    event.before = before->second.name;
    event.text =
        say(Text::bus_changed, arg("name", event.name), arg("port", event.port), arg("before", event.before));
  } else {
    event.text = say(Text::bus_appeared, arg("name", event.name), arg("port", event.port));
  }
  faces_[port.usb_path] = {event.name, std::nullopt};
  return event;
}

std::optional<BusEvent> BusTimeline::left(const PortSeen& port, Clock::TimePoint now) {
  const auto face = faces_.find(port.usb_path);
  if (face == faces_.end() || face->second.left_at) return std::nullopt;
  face->second.left_at = now;
  BusEvent event = event_of(port);
  event.kind = BusEvent::Kind::left;
  event.stayed = std::chrono::duration_cast<std::chrono::milliseconds>(now - port.since);
  const double seconds = std::chrono::duration<double>(event.stayed).count();
  event.text = say(Text::bus_left, arg("name", event.name), arg("port", event.port),
                   arg("seconds", fmt::format("{:.1f}", seconds)));
  return event;
}

std::optional<BusEvent> BusTimeline::trouble(const UsbTrouble& trouble) {
  BusEvent event{
      .when = std::chrono::system_clock::now(), .port = "usb:" + trouble.usb_path, .errors = trouble.errors};
  if (trouble.kind == UsbTrouble::Kind::over_current) {
    event.kind = BusEvent::Kind::over_current;
    event.text = say(Text::bus_over_current, arg("port", event.port));
    return event;
  }
  event.kind = BusEvent::Kind::failed;
  if (trouble.kind == UsbTrouble::Kind::bus_busy) {
    event.text = say(Text::bus_busy, arg("bus", trouble.usb_path));
    return event;
  }
  // The kernel asks again and again; one line for each of its attempts tells no more.
  unsigned& told = errors_told_[trouble.usb_path];
  if (trouble.errors < told) told = 0;
  if (trouble.errors < std::max(errors_that_count, 2 * told)) return std::nullopt;
  told = trouble.errors;
  event.text = say(Text::bus_failed, arg("port", event.port), arg("count", event.errors));
  return event;
}

}  // namespace mtk
