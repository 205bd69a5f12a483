// SPDX-License-Identifier: Apache-2.0
// Devices that are plugged in and do not make it onto the bus. No device node and no event tells of them;
// this looks where an ordinary user may: the kernel's log where that is readable, the state of every port
// (Linux 6.6 and later), how busy the computer's own hubs are, and the count of ports switched off.
#pragma once

#include "transport/fd.h"
#include "transport/sysfs.h"

#include <map>
#include <optional>

namespace mtk {

struct UsbTrouble {
  enum class Kind : std::uint8_t {
    not_described,  ///< the device does not answer when it is asked what it is
    bus_busy,       ///< a hub works as if something had come, and nothing has; where is not known
    over_current
  };
  Kind kind = Kind::not_described;
  std::string usb_path;  ///< `1-2.3`; of a busy bus its number
  unsigned errors = 1;   ///< at this place since a device there last told what it is

  bool operator==(const UsbTrouble&) const = default;
};

/// What a line of the kernel's log says: `usb 1-2: device descriptor read/64, error -71`. The count is 1.
std::optional<UsbTrouble> parse_kernel_line(std::string_view line);

class UsbTroubleWatch {
 public:
  /// What was in the log before does not count.
  explicit UsbTroubleWatch(const SystemRoots& roots);
  /// What has happened since the last call; at most one trouble per place and kind.
  /// \param devices  those that are there: their places are in order again
  std::vector<UsbTrouble> look(Clock::TimePoint now, const std::vector<UsbDevice>& devices);

 private:
  struct Port {
    std::optional<Clock::TimePoint> occupied_since;
    std::optional<std::uint64_t> over_currents;
  };
  struct Bus {
    std::vector<std::pair<std::string, std::uint16_t>> devices;  // place and number
    std::optional<std::uint64_t> requests;
    std::uint64_t burst = 0;
    int calm_looks = 0;
  };
  void read_log(std::vector<UsbTrouble>& seen);
  void look_at_ports(Clock::TimePoint now, const std::vector<UsbDevice>& devices,
                     std::vector<UsbTrouble>& seen);
  void look_at_hubs(const std::vector<UsbDevice>& devices, std::vector<UsbTrouble>& seen);

  SystemRoots roots_;
  UniqueFd log_;
  std::string unfinished_;  // a line of the log without its end
  std::map<std::string, Port> ports_;
  std::map<std::string, Bus> buses_;  // by number
  std::optional<Clock::TimePoint> looked_at_;
  std::map<std::string, unsigned> errors_;  // by place
};

}  // namespace mtk
