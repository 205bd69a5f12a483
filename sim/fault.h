// SPDX-License-Identifier: Apache-2.0
// Faults on demand: what goes wrong on the wire, and what the phone itself does wrong. How to ask for them:
// docs/howto/virtual-phone.md.
#pragma once

#include "sim/board.h"

namespace mtk::sim {

enum class Wire { both, host, phone };  ///< whose bytes are counted; `host` = sent by the host

struct WireFault {
  enum class Kind { cut, silence, flip };
  Kind kind = Kind::cut;
  Wire wire = Wire::both;
  std::uint64_t at = 0;  ///< the byte with this number, the first is 0
  bool spent = false;    ///< happens once
};

/// A phone that is not off when the cable goes in, or that has electrical trouble.
struct FaceFault {
  Bus bus = Bus::dead;
  UsbId id = {};  ///< of one that runs
};

struct Faults {
  std::vector<WireFault> wire;
  StageFaults stage;
  std::optional<Battery> battery;
  std::optional<milliseconds> battery_in_after;  ///< of a battery that is out, from the start of the agent
  std::optional<std::uint32_t> write_mib_s;
  std::optional<FaceFault> face;

  /// Adds one fault. Errors: usage, with what is not understood.
  Result<> add(std::string_view spec);
};

}  // namespace mtk::sim
