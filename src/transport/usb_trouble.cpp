// SPDX-License-Identifier: Apache-2.0
#include "transport/usb_trouble.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <set>

#include <fcntl.h>
#include <unistd.h>

namespace mtk {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Ports are many and change slowly.
constexpr auto port_interval = 1s;
/// Enumeration takes a third of a second; a port that is neither empty nor done for so long has failed.
constexpr auto enumeration_time = 2s;
constexpr std::size_t log_block = 8192;  // the longest record of the kernel's log
constexpr int log_blocks_at_once = 256;
/// What the kernel says of a device that does not enumerate. A single one may be followed by success.
constexpr std::array<std::string_view, 7> failures{
    "device descriptor read",    "device not accepting address", "Device not responding to setup address",
    "unable to enumerate",       "can't read configurations",    "can't set config",
    "Maybe the USB cable is bad"};
/// States of a port in which a device is there and not yet one of the system's.
constexpr std::array<std::string_view, 4> unfinished_states{"attached", "powered", "default", "addressed"};

/// Requests to a hub of the computer: 13 while a device enumerates, 8 when it leaves, 35 to 40 until the
/// kernel gives a silent one up (Linux 6.1, measured). A device that wakes up takes a handful.
constexpr std::uint64_t requests_of_a_failure = 24;
constexpr int looks_until_calm = 3;

bool is_place(std::string_view text) {
  return !text.empty() && text.find('-') != std::string_view::npos &&
         text.find_first_not_of("0123456789-.") == std::string_view::npos;
}

/// The place behind a port: `usb1-port2` is 1-2, `1-2-port3` is 1-2.3.
std::optional<std::string> place_of_port(std::string_view name) {
  const auto at = name.find("-port");
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view number = name.substr(at + 5);
  std::string_view hub = name.substr(0, at);
  const bool is_root = hub.starts_with("usb");
  if (is_root) hub.remove_prefix(3);
  const std::string place = std::string{hub} + (is_root ? "-" : ".") + std::string{number};
  return is_place(place) && !number.empty() ? std::optional{place} : std::nullopt;
}

std::string first_line(const fs::path& path) {
  std::string line;
  std::ifstream file{path};
  std::getline(file, line);
  return line;
}

template <class Visit>
void for_each_entry(const fs::path& folder, const Visit& visit) {
  std::error_code error;
  for (fs::directory_iterator entry{folder, error}, end; !error && entry != end; entry.increment(error))
    visit(entry->path());
}

}  // namespace

std::optional<UsbTrouble> parse_kernel_line(std::string_view line) {
  // A record of /dev/kmsg begins with `6,1234,5678,-;`.
  if (const auto head = line.find(';'); head != std::string_view::npos) line.remove_prefix(head + 1);
  if (!line.starts_with("usb ")) return std::nullopt;
  line.remove_prefix(4);
  const auto colon = line.find(": ");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view subject = line.substr(0, colon);
  const std::string_view message = line.substr(colon + 2);
  const auto place = is_place(subject) ? std::optional{std::string{subject}} : place_of_port(subject);
  if (!place) return std::nullopt;
  if (message.starts_with("over-current condition"))
    return UsbTrouble{UsbTrouble::Kind::over_current, *place, 1};
  const bool failed = std::ranges::any_of(
      failures, [&](std::string_view words) { return message.find(words) != std::string_view::npos; });
  return failed ? std::optional{UsbTrouble{UsbTrouble::Kind::not_described, *place, 1}} : std::nullopt;
}

UsbTroubleWatch::UsbTroubleWatch(const SystemRoots& roots)
    : roots_(roots), log_(::open((roots.dev / "kmsg").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
  if (log_ && ::lseek(log_.get(), 0, SEEK_END) < 0) log_.close();
  std::vector<UsbTrouble> earlier;
  look_at_ports(Clock::TimePoint{}, {}, earlier);
  for (auto& [place, port] : ports_) port.occupied_since.reset();
  looked_at_.reset();
}

void UsbTroubleWatch::read_log(std::vector<UsbTrouble>& seen) {
  if (!log_) return;
  std::array<char, log_block> block{};
  for (int i = 0; i < log_blocks_at_once; ++i) {
    const ssize_t got = ::read(log_.get(), block.data(), block.size());
    if (got < 0 && errno == EPIPE) continue;  // records were lost; the next read goes on behind them
    if (got <= 0) return;
    if (unfinished_.size() > log_block) unfinished_.clear();
    unfinished_.append(block.data(), static_cast<std::size_t>(got));
    for (auto end = unfinished_.find('\n'); end != std::string::npos; end = unfinished_.find('\n')) {
      if (auto trouble = parse_kernel_line(std::string_view{unfinished_}.substr(0, end)))
        seen.push_back(std::move(*trouble));
      unfinished_.erase(0, end + 1);
    }
  }
}

void UsbTroubleWatch::look_at_ports(Clock::TimePoint now, const std::vector<UsbDevice>& devices,
                                    std::vector<UsbTrouble>& seen) {
  if (looked_at_ && now - *looked_at_ < port_interval) return;
  looked_at_ = now;
  if (!log_) look_at_hubs(devices, seen);
  // Ports lie below the interface of their hub: usb1/1-0:1.0/usb1-port2, 1-2/1-2:1.0/1-2-port3.
  for_each_entry(roots_.sys / "bus/usb/devices", [&](const fs::path& hub) {
    if (hub.filename().string().find(":1.0") == std::string::npos) return;
    for_each_entry(hub, [&](const fs::path& folder) {
      const auto place = place_of_port(folder.filename().string());
      if (!place) return;
      Port& port = ports_[*place];
      const std::string state = first_line(folder / "state");
      const bool there =
          std::ranges::any_of(devices, [&](const UsbDevice& device) { return device.usb_path == *place; });
      if (there || std::ranges::find(unfinished_states, state) == unfinished_states.end()) {
        port.occupied_since.reset();
      } else if (!port.occupied_since) {
        port.occupied_since = now;
      } else if (now - *port.occupied_since >= Clock::Duration{enumeration_time}) {
        port.occupied_since = now;
        seen.push_back({UsbTrouble::Kind::not_described, *place, 2});
      }
      std::uint64_t count = 0;
      if (!(std::ifstream{folder / "over_current_count"} >> count)) return;
      if (port.over_currents && count > *port.over_currents)
        seen.push_back({UsbTrouble::Kind::over_current, *place, 1});
      port.over_currents = count;
    });
  });
}

void UsbTroubleWatch::look_at_hubs(const std::vector<UsbDevice>& devices, std::vector<UsbTrouble>& seen) {
  for_each_entry(roots_.sys / "bus/usb/devices", [&](const fs::path& hub) {
    const std::string name = hub.filename().string();
    std::uint64_t requests = 0;
    if (!name.starts_with("usb") || !(std::ifstream{hub / "urbnum"} >> requests)) return;
    const std::string number = name.substr(3);
    Bus& bus = buses_[number];
    decltype(bus.devices) there;
    for (const UsbDevice& device : devices)
      if (device.usb_path.starts_with(number + "-")) there.emplace_back(device.usb_path, device.number);
    const std::uint64_t more = bus.requests ? requests - *bus.requests : 0;
    bus.requests = requests;
    bus.calm_looks = more == 0 ? bus.calm_looks + 1 : 0;
    bus.burst = there != bus.devices || bus.calm_looks >= looks_until_calm ? 0 : bus.burst + more;
    bus.devices = std::move(there);
    if (bus.burst < requests_of_a_failure) return;
    bus.burst = 0;
    seen.push_back({UsbTrouble::Kind::bus_busy, number, 1});
  });
}

std::vector<UsbTrouble> UsbTroubleWatch::look(Clock::TimePoint now, const std::vector<UsbDevice>& devices) {
  std::vector<UsbTrouble> seen;
  read_log(seen);
  look_at_ports(now, devices, seen);
  std::vector<UsbTrouble> told;
  for (UsbTrouble& trouble : seen) {
    if (trouble.kind == UsbTrouble::Kind::not_described)
      trouble.errors = errors_[trouble.usb_path] += trouble.errors;
    const auto same = std::ranges::find_if(told, [&](const UsbTrouble& other) {
      return other.kind == trouble.kind && other.usb_path == trouble.usb_path;
    });
    if (same == told.end()) {
      told.push_back(std::move(trouble));
    } else {
      same->errors = std::max(same->errors, trouble.errors);
    }
  }
  for (const UsbDevice& device : devices) errors_.erase(device.usb_path);
  return told;
}

}  // namespace mtk
