// SPDX-License-Identifier: Apache-2.0
#include "transport/discover.h"

#include "transport/serial.h"
#include "transport/usb/usb_place.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/inotify.h>
#include <unistd.h>

namespace mtk {

namespace {
/// What no event announces, as a port of which a container sees nothing in /dev, is found this late.
constexpr std::chrono::milliseconds look_interval{250};
}  // namespace

Discovery::Discovery(std::span<const KnownUsb> known, SystemRoots roots, UniqueFd events)
    : known_(known.begin(), known.end()),
      roots_(std::move(roots)),
      events_(std::move(events)),
      troubles_(roots_) {}

Result<Discovery> Discovery::start(std::span<const KnownUsb> known, SystemRoots roots) {
  UniqueFd events{inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
  if (!events) return fail(Errc::io, system_error_text("watch the ports", errno));
  Discovery discovery{known, std::move(roots), std::move(events)};
  if (inotify_add_watch(discovery.events_.get(), discovery.roots_.dev.c_str(), IN_CREATE | IN_DELETE) < 0)
    return fail(Errc::io, system_error_text("watch " + discovery.roots_.dev.string(), errno));
  discovery.watch_folders();
  return discovery;
}

/// Nodes of all USB devices lie in a folder per bus. Where those are hidden, as in some containers, phones
/// are noticed by their serial ports alone. Watching a folder again changes nothing.
void Discovery::watch_folders() {
  std::error_code error;
  const auto buses = roots_.dev / "bus/usb";
  inotify_add_watch(events_.get(), buses.c_str(), IN_CREATE | IN_DELETE);
  for (std::filesystem::directory_iterator bus{buses, error}, end; !error && bus != end; bus.increment(error))
    inotify_add_watch(events_.get(), bus->path().c_str(), IN_CREATE | IN_DELETE);
}

const KnownUsb* Discovery::find(std::uint16_t vid, std::uint16_t pid) const {
  const auto found = std::ranges::find_if(
      known_, [&](const KnownUsb& known) { return known.vid == vid && known.pid == pid; });
  return found == known_.end() ? nullptr : &*found;
}

PortSeen Discovery::describe(const UsbDevice& device) const {
  const KnownUsb* known = find(device.vid, device.pid);
  PortSeen port{.name = "usb:" + device.usb_path,
                .path = device.tty.empty() ? "" : (roots_.dev / device.tty).string(),
                .usb_path = device.usb_path,
                .vid = device.vid,
                .pid = device.pid,
                .since = clock_.now()};
  if (known == nullptr) {
    port.interfaces = interfaces_at(roots_, device.usb_path);
    return port;
  }
  port.known = true;
  port.identity = known->identity;
  port.flashable = known->flashable;
  return port;
}

void Discovery::tell_who_left(const std::vector<UsbDevice>& devices, PortWatcher& watcher) {
  for (auto old = present_.begin(); old != present_.end();) {
    const auto same = [&](const UsbDevice& device) {
      return device.usb_path == old->first && device.number == old->second.number;
    };
    if (std::ranges::any_of(devices, same)) {
      ++old;
      continue;
    }
    watcher.left(old->second.port, clock_.now());
    old = present_.erase(old);
  }
}

void Discovery::tell_who_came(const std::vector<UsbDevice>& devices, PortWatcher& watcher) {
  for (const UsbDevice& device : devices) {
    if (const auto old = present_.find(device.usb_path); old != present_.end()) {
      old->second.port.path = device.tty.empty() ? "" : (roots_.dev / device.tty).string();
      continue;
    }
    PortSeen port = describe(device);
    // The interfaces of a device come a moment after it, and a stranger is known by them only.
    if (!port.known && port.interfaces.empty()) continue;
    watcher.appeared(port);
    present_.emplace(device.usb_path, Present{device.number, std::move(port)});
  }
}

void Discovery::look(PortWatcher& watcher) {
  watch_folders();
  const std::vector<UsbDevice> devices = list_usb_devices(roots_);
  tell_who_left(devices, watcher);
  tell_who_came(devices, watcher);
  for (const UsbTrouble& trouble : troubles_.look(clock_.now(), devices)) watcher.trouble(trouble);
  watcher.looked(clock_.now());
}

void Discovery::ignore_present() {
  for (auto& [place, present] : present_) present.ignored = true;
}

const PortSeen* Discovery::flashable(const std::string& usb_path) const {
  for (const auto& [place, present] : present_) {
    if (present.ignored || !present.port.flashable) continue;
    if (usb_path.empty() || usb_path == place) return &present.port;
  }
  return nullptr;
}

Result<> Discovery::wait_for_change(Clock::TimePoint deadline, const std::stop_token& stop) {
  MTK_TRY(wait_until(Readiness::readable, events_, deadline, stop));
  std::array<char, 4096> dropped{};  // what changed is read from /sys
  while (::read(events_.get(), dropped.data(), dropped.size()) > 0) {
  }
  return {};
}

Result<PortSeen> Discovery::wait_for_phone(const Wait& wait, PortWatcher& watcher,
                                           const std::string& usb_path) {
  const auto deadline = wait.deadline(clock_.now());
  for (;;) {
    look(watcher);
    if (const PortSeen* port = flashable(usb_path)) return *port;
    const auto now = clock_.now();
    auto changed = wait_for_change(std::min(deadline, now + Clock::Duration{look_interval}), wait.stop);
    if (changed || (changed.error().code == Errc::timeout && clock_.now() < deadline)) continue;
    if (changed.error().code == Errc::timeout) changed.error().what = "no phone appeared";
    return fail(std::move(changed.error()));
  }
}

Result<std::unique_ptr<Transport>> Discovery::open(const PortSeen& port, const Wait& wait,
                                                   PortWay way) const {
  const auto identify = [known = known_](std::uint16_t vid, std::uint16_t pid) -> std::optional<UsbIdentity> {
    for (const KnownUsb& id : known)
      if (id.flashable && id.vid == vid && id.pid == pid) return id.identity;
    return std::nullopt;
  };
  const UsbOptions options{.usb_path = port.usb_path, .identify = identify};
  if (way == PortWay::usb) {
    MTK_TRY_LET(auto usb, UsbTransport::open(system_usb(roots_), options, wait));
    return usb;
  }
  if (way == PortWay::tty) {
    MTK_TRY_LET(auto tty, SerialTransport::open(serial_port_at(options, roots_), wait));
    return tty;
  }
  return open_usb_place(options, roots_, wait);
}

}  // namespace mtk
