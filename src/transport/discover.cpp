// SPDX-License-Identifier: Apache-2.0
#include "transport/discover.h"

#include "transport/usb/usb_place.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/inotify.h>
#include <unistd.h>

namespace mtk {

Discovery::Discovery(std::span<const KnownUsb> known, SystemRoots roots, UniqueFd events)
    : known_(known.begin(), known.end()), roots_(std::move(roots)), events_(std::move(events)) {}

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

PortSeen Discovery::describe(const UsbDevice& device, const KnownUsb& known) const {
  return {.name = "usb:" + device.usb_path,
          .path = device.tty.empty() ? "" : (roots_.dev / device.tty).string(),
          .usb_path = device.usb_path,
          .vid = device.vid,
          .pid = device.pid,
          .identity = known.identity,
          .flashable = known.flashable,
          .since = clock_.now()};
}

void Discovery::scan(PortWatcher& watcher) {
  const std::vector<UsbDevice> devices = list_usb_devices(roots_);
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
  for (const UsbDevice& device : devices) {
    const KnownUsb* known = find(device.vid, device.pid);
    if (known == nullptr) continue;
    PortSeen port = describe(device, *known);
    const auto [entry, is_new] = present_.try_emplace(device.usb_path, Present{device.number, port});
    entry->second.port.path = port.path;
    if (is_new) watcher.appeared(port);
  }
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
    watch_folders();
    scan(watcher);
    for (const auto& [place, present] : present_) {
      const PortSeen& port = present.port;
      if (port.flashable && (usb_path.empty() || usb_path == place)) return port;
    }
    auto changed = wait_for_change(deadline, wait.stop);
    if (changed) continue;
    if (changed.error().code == Errc::timeout) changed.error().what = "no phone appeared";
    return fail(std::move(changed.error()));
  }
}

Result<std::unique_ptr<Transport>> Discovery::open(const PortSeen& port, const Wait& wait) const {
  const auto identify = [known = known_](std::uint16_t vid, std::uint16_t pid) -> std::optional<UsbIdentity> {
    for (const KnownUsb& id : known)
      if (id.flashable && id.vid == vid && id.pid == pid) return id.identity;
    return std::nullopt;
  };
  return open_usb_place({.usb_path = port.usb_path, .identify = identify}, roots_, wait);
}

}  // namespace mtk
