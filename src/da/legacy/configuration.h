// SPDX-License-Identifier: Apache-2.0
// The 18 bytes every legacy agent is given, and the tail that some take.
// Source: docs/protocol/da-legacy.md#configuration
#pragma once

#include "base/wire.h"
#include "da/legacy/agent_link.h"

#include <mtk/chip.h>

namespace mtk::legacy {

/// What the agent does about charging while it works.
enum class ForceCharge : std::uint8_t { off = 0, on = 1, automatic = 2 };

struct Configuration {
  std::uint8_t brom_version = 0xff;  ///< answer of GET_VERSION
  std::uint8_t bl_version = 0xfe;    ///< answer of GET_BL_VER
  std::uint8_t nor_chip_select_1 = 0;
  std::uint8_t nor_chip_select_2 = 8;
  std::uint8_t nand_chip_select = 0;
  std::uint32_t nand_access_control = 0x7007ffff;
  std::uint8_t bmt_flag = 0;  ///< NAND only, as the next
  std::uint32_t bmt_pool_size = 0;
  std::uint8_t force_charge = 1;
  std::uint8_t reset_key = 1;
  std::uint8_t external_clock = 2;  ///< 26 MHz
  std::uint8_t boot_channel = 0;
};

/// What agents of a chip read after the 18 bytes, unless their build is an old one.
Bytes tail_bytes(const ConfigTail& tail);

/// The agent's answer to the configuration.
struct ConfigurationReply {
  std::uint32_t status = 0;
  bool tail_was_sent = false;
};

/// Sends the configuration and waits for the status word. A tail is sent only after a second of silence:
/// agents with and without one say the same version. `tail` is empty for those known to take none.
Result<ConfigurationReply> send_configuration(AgentLink& link, const Configuration& configuration,
                                              ByteView tail, Clock::Duration status_time);

/// What an agent may say between its good status and the header of stage 2.
struct AfterStatus {
  bool tail_was_sent = false;
  std::size_t calibration_words = 0;  ///< an agent that calibrated memory itself may send these
};
enum class TailTaken : std::uint8_t { yes, no };
/// `no` when the agent acknowledges what nobody sent: it took the tail for the header of stage 2, and only a
/// power cycle helps.
Result<TailTaken> settle_after_status(AgentLink& link, const AfterStatus& expected);

}  // namespace mtk::legacy

namespace mtk {
template <>
struct Wire<legacy::Configuration> {
  static constexpr auto order = std::endian::big;
  static constexpr auto fields =
      std::tuple{Field{"brom_version", &legacy::Configuration::brom_version},
                 Field{"bl_version", &legacy::Configuration::bl_version},
                 Field{"nor_chip_select_1", &legacy::Configuration::nor_chip_select_1},
                 Field{"nor_chip_select_2", &legacy::Configuration::nor_chip_select_2},
                 Field{"nand_chip_select", &legacy::Configuration::nand_chip_select},
                 Field{"nand_access_control", &legacy::Configuration::nand_access_control},
                 Field{"bmt_flag", &legacy::Configuration::bmt_flag},
                 Field{"bmt_pool_size", &legacy::Configuration::bmt_pool_size},
                 Field{"force_charge", &legacy::Configuration::force_charge},
                 Field{"reset_key", &legacy::Configuration::reset_key},
                 Field{"external_clock", &legacy::Configuration::external_clock},
                 Field{"boot_channel", &legacy::Configuration::boot_channel}};
};
static_assert(wire_size<legacy::Configuration>() == 18);
}  // namespace mtk
