// SPDX-License-Identifier: Apache-2.0
// Watches what comes and goes on USB. Which identities are phones is the caller's knowledge.
#pragma once

#include "transport/fd.h"
#include "transport/port_address.h"
#include "transport/sysfs.h"
#include "transport/transport.h"
#include "transport/usb_trouble.h"

#include <map>

namespace mtk {

struct KnownUsb {
  std::uint16_t vid = 0;
  std::uint16_t pid = 0;
  UsbIdentity identity = UsbIdentity::unknown;
  /// Whether it is a download port; others (a running phone, fastboot) are only reported.
  bool flashable = true;
};

struct PortSeen {
  std::string name;  ///< `usb:1-2.3`, what `--port` takes
  std::string path;  ///< `/dev/ttyACM0`; empty while it has no serial port
  std::string usb_path;
  std::uint16_t vid = 0;
  std::uint16_t pid = 0;
  UsbIdentity identity = UsbIdentity::unknown;
  bool flashable = false;
  bool known = false;
  std::vector<InterfaceKind> interfaces = {};  ///< of what is not known by its identity
  Clock::TimePoint since{};                    ///< when it was first seen
};

/// Called on the thread that waits.
class PortWatcher {
 public:
  virtual ~PortWatcher() = default;
  /// A device is there. A serial port of it may come later, or never when no driver makes one.
  virtual void appeared(const PortSeen&) {}
  virtual void left(const PortSeen&, Clock::TimePoint) {}
  virtual void trouble(const UsbTrouble&) {}
  /// After every look at the ports, several times a second.
  virtual void looked(Clock::TimePoint) {}
};

class Discovery {
 public:
  /// Starts watching, so that a phone plugged in from now on is not missed. Errors: io.
  static Result<Discovery> start(std::span<const KnownUsb> known, SystemRoots roots = {});

  /// Looks at the ports once, without waiting, and tells what has changed.
  void look(PortWatcher& watcher);
  /// What is there now does not count from here on; a phone must come, or come again.
  void ignore_present();
  /// A flashable port that was there at the last look. \param usb_path  only this place; empty: any
  const PortSeen* flashable(const std::string& usb_path = {}) const;

  /// The first flashable port, one that is there already included; what comes and goes until then is told to
  /// `watcher`. Errors: timeout, cancelled, io.
  Result<PortSeen> wait_for_phone(const Wait& wait, PortWatcher& watcher, const std::string& usb_path = {});

  /// Opens what was found. reopen() finds the phone again by its place on USB, under any flashable identity
  /// and port number. Errors: timeout (it left meanwhile), busy, io, cancelled.
  Result<std::unique_ptr<Transport>> open(const PortSeen& port, const Wait& wait,
                                          PortWay way = PortWay::either) const;

 private:
  Discovery(std::span<const KnownUsb> known, SystemRoots roots, UniqueFd events);
  const KnownUsb* find(std::uint16_t vid, std::uint16_t pid) const;
  PortSeen describe(const UsbDevice& device) const;
  void watch_folders();
  void tell_who_left(const std::vector<UsbDevice>& devices, PortWatcher& watcher);
  void tell_who_came(const std::vector<UsbDevice>& devices, PortWatcher& watcher);
  Result<> wait_for_change(Clock::TimePoint deadline, const std::stop_token& stop);

  struct Present {
    std::uint16_t number;
    PortSeen port;
    bool ignored = false;
  };
  std::vector<KnownUsb> known_;
  SystemRoots roots_;
  UniqueFd events_;
  std::map<std::string, Present> present_;  // by place
  UsbTroubleWatch troubles_;
  SystemClock clock_;
};

}  // namespace mtk
