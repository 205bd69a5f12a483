// SPDX-License-Identifier: Apache-2.0
// What was seen on USB, told as a story: faces by their names, a phone that changes its face, and strangers
// only where a phone was before. No I/O.
#pragma once

#include "chip/usb_ids.h"
#include "transport/discover.h"

#include <mtk/session.h>

#include <map>

namespace mtk {

/// Every identity of data/usb_ids.toml, as the watcher of the ports wants it.
std::vector<KnownUsb> known_identities();

class BusTimeline {
 public:
  /// Nothing is told of a device that is of no interest.
  std::optional<BusEvent> appeared(const PortSeen& port);
  std::optional<BusEvent> left(const PortSeen& port, Clock::TimePoint now);
  std::optional<BusEvent> trouble(const UsbTrouble& trouble);

 private:
  struct Face {
    std::string name;
    std::optional<Clock::TimePoint> left_at;
  };
  std::map<std::string, Face> faces_;            // the last one told, by place
  std::map<std::string, unsigned> errors_told_;  // by place
};

}  // namespace mtk
