// SPDX-License-Identifier: Apache-2.0
// Where builds of XML agents differ, or what is known leaves two readings. The defaults are what the agents
// that were seen do.
// Source: docs/protocol/da-xml.md#open
#pragma once

#include "base/bytes.h"

namespace mtk::xml {

/// Agents of 2022 compare the low half of a packet's sum only and take both; later ones want all of it.
enum class SumWidth : std::uint8_t { bits16, bits32 };

/// What a login is computed over, before the agent's random bytes.
enum class ChallengeForm : std::uint8_t { random, hrid_random, socid_random };

/// How a file is called that a partition is written from. With an ending, the agent asks for two neighbours
/// of other names (a signature, a verified image); without one, it asks for the name itself and may fetch it
/// in the neighbour's place.
enum class PartitionFileName : std::uint8_t { with_ending, memory };

struct XmlFacts {
  /// Stage 1 is started in AArch64 state, by JUMP_DA64: only the boot ROMs of some 64-bit chips ask for it.
  bool starts_64bit = false;
  /// HOST-SUPPORTED-COMMANDS, which the library of 6.2228 does not send, goes to stage 1.
  bool stage1_takes_host_commands = true;
  /// And to stage 2, which refuses it where it was seen.
  bool stage2_takes_host_commands = true;
  SumWidth sum_width = SumWidth::bits32;
  PartitionFileName partition_file = PartitionFileName::with_ending;
  ChallengeForm challenge = ChallengeForm::random;
  /// After SWITCH-HIGHER-USB-SPEED the agent offers the next command on the new port as after any other.
  bool starts_again_after_speed_switch = true;

  bool operator==(const XmlFacts&) const = default;
};

}  // namespace mtk::xml
