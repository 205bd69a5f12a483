// SPDX-License-Identifier: Apache-2.0
// What boot ROM or preloader said about the phone.
#pragma once

#include "base/bytes.h"

#include <optional>
#include <string>
#include <vector>

namespace mtk {

/// Who answered the handshake. Decided by GET_BL_VER, never by USB ids.
enum class BootStage : std::uint8_t { brom, preloader };

/// Answer of GET_TARGET_CONFIG. A preloader reports the first three bits only.
/// Source: docs/protocol/brom.md#target-config
struct TargetConfig {
  std::uint32_t flags = 0;

  bool sbc() const { return bit(0); }                      ///< the preloader image is verified
  bool sla() const { return bit(1); }                      ///< login needed before SEND_DA
  bool daa() const { return bit(2); }                      ///< the agent must be signed
  bool epp() const { return bit(3); }                      ///< EPP parameters present
  bool certificate_needed() const { return bit(4); }       ///< root certificate goes first
  bool memory_read_authorised() const { return bit(5); }   ///< reads need authorisation
  bool memory_write_authorised() const { return bit(6); }  ///< writes need authorisation
  bool secured() const { return sbc() || sla() || daa(); }

 private:
  bool bit(unsigned number) const { return ((flags >> number) & 1U) != 0; }
};

/// Answer of GET_PL_CAP, which preloaders of protocol version 3 know.
struct PreloaderCapabilities {
  std::uint32_t flags = 0;

  bool xflash() const { return (flags & 1U) != 0; }
  bool me_id() const { return (flags & 2U) != 0; }
  bool soc_id() const { return (flags & 4U) != 0; }
};

struct PhoneInfo {
  BootStage stage = BootStage::brom;
  std::uint16_t hw_code = 0;
  std::uint16_t hw_subcode = 0;
  std::uint16_t hw_version = 0;
  std::uint16_t sw_version = 0;
  std::uint8_t brom_version = 0xff;  ///< answer of GET_VERSION; FF from every preloader
  std::uint8_t bl_version = 0xfe;    ///< answer of GET_BL_VER; FE is the boot ROM
  TargetConfig target_config = {};
  std::optional<PreloaderCapabilities> capabilities = {};
  Bytes me_id = {};                     ///< identifies the phone: never in logs or recordings
  Bytes soc_id = {};                    ///< the same; empty when not asked for or not known
  std::vector<std::string> notes = {};  ///< questions the phone left open, for the log
};

}  // namespace mtk
