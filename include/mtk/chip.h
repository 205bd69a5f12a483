// SPDX-License-Identifier: Apache-2.0
// What is known about one MediaTek chip, and how to find it. Part of the public API.
// The table is made from data/chips at build time; docs/format/chip.md explains every field.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace mtk {

/// Which family of download agent the chip runs.
enum class DaProtocol : std::uint8_t { legacy, xflash, xml };

/// How well something is known to work: on a phone, against a recorded conversation, not at all, or not.
enum class Evidence : std::uint8_t { untested, trace, device, broken };

/// Whether something is so; single reports leave it open.
enum class Known : std::uint8_t { unknown, no, yes };

/// What a legacy agent reads after the 18 common configuration bytes.
enum class TailKind : std::uint8_t {
  none,
  zero4,  ///< one word, big-endian
  tlc24,  ///< the list of SLC shares of TLC NAND, one entry
  tlc28   ///< a zero word, then the list
};
struct ConfigTail {
  TailKind kind = TailKind::none;
  std::uint32_t word = 0;  ///< the word of zero4
  bool operator==(const ConfigTail&) const = default;
};

/// The register that stops the reset timer. address 0: not known.
struct Watchdog {
  std::uint32_t address = 0;
  std::uint32_t value = 0;
  std::uint8_t bits = 0;           ///< width of the access, 16 or 32
  bool write = true;               ///< false: known hosts leave this chip's watchdog alone
  std::uint32_t also_address = 0;  ///< a second register to get the same value; 0: none
  bool operator==(const Watchdog&) const = default;
};

/// Registers that make a preloader restart into the boot ROM. All 0: not known.
struct UsbDownloadRegisters {
  std::uint32_t lock_key = 0;
  std::uint32_t flag = 0;
  std::uint32_t reset_control = 0;
  bool operator==(const UsbDownloadRegisters&) const = default;
};

/// What differs between chips in the legacy agent family.
struct LegacyFacts {
  ConfigTail tail = {};
  std::optional<ConfigTail> other_tail = {};  ///< seen with other agent builds or other hosts
  Known report_extra_u32 = Known::unknown;    ///< a word more between RAM part and end of the report
  bool emi_sends_length = true;               ///< ENABLE_DRAM carries the length of the records
  std::uint8_t calibration_words = 0;         ///< may follow status 0 when stage 1 calibrated memory itself
  bool emi_v13_skips_more = false;  ///< version 13 settings start 0x16 instead of 0x0c after the text
  std::uint8_t bmt_flag = 0;        ///< configuration values for raw NAND
  std::uint32_t bmt_pool_bytes = 0;
  bool operator==(const LegacyFacts&) const = default;
};

/// What differs between chips and builds in the XFlash agent family. The defaults are those of the agents of
/// 2019; what newer ones do was seen by single hosts only.
struct XflashFacts {
  bool large_read_packets = false;   ///< the agent is told to read in packets of 2 MiB instead of 64 KiB
  bool joined_acks = false;          ///< header and word of an acknowledgement must be one transfer
  std::uint8_t shutdown_bytes = 24;  ///< 24 or 32; an agent that takes 24 ignores 32
  std::uint8_t checksum_bits = 16;   ///< 16 or 32 bits of the byte sum are sent with a packet
  bool odd_checksum_adds_ff = true;  ///< the sum of a packet of odd length is 0xff higher
  bool refused_format_ends = false;  ///< FORMAT is over after a refusal; else it erases all the same
  /// DA_STOR_LIFE_CYCLE_CHECK sends a word before its result; asked only where this is known.
  Known life_check_sends_value = Known::unknown;
  bool announces_downloads = false;  ///< START_DL_INFO and END_DL_INFO stand around all writes
  std::uint8_t nand_section = 0;     ///< how a read names the whole of a NAND: 0, or 8 as on eMMC
  std::uint8_t nand_operation = 1;   ///< 1 reads pages without their spare bytes, 3 with error correction
  std::uint8_t sla_challenge_offset = 4;  ///< of the login challenge in the answer to GET_DEV_FW_INFO
  std::uint8_t sla_challenge_bytes = 16;  ///< its length
  bool operator==(const XflashFacts&) const = default;
};

/// What a login of an XML agent is computed over, before the agent's random bytes.
enum class XmlChallenge : std::uint8_t { random, hrid_random, socid_random };

/// How a file is called that a partition is written from. With an ending, the agent asks for two neighbours
/// of other names (a signature, a verified image); without one, it asks for the name itself and may fetch it
/// in the neighbour's place.
enum class XmlPartitionFile : std::uint8_t { with_ending, memory };

/// What differs between builds of the XML agent family, or is known in two readings. The defaults are what
/// the agents that were seen do.
struct XmlFacts {
  bool starts_64bit = false;               ///< stage 1 is started in AArch64 state, by JUMP_DA64
  bool stage1_takes_host_commands = true;  ///< HOST-SUPPORTED-COMMANDS goes to stage 1
  bool stage2_takes_host_commands = true;  ///< and to stage 2, which refuses it where it was seen
  std::uint8_t checksum_bits = 32;         ///< 16 or 32 bits of a packet's sum are sent
  XmlPartitionFile partition_file = XmlPartitionFile::with_ending;
  XmlChallenge challenge = XmlChallenge::random;
  bool starts_again_after_speed_switch = true;  ///< START stands before the next command on the new port
  bool operator==(const XmlFacts&) const = default;
};

struct Tested {
  Evidence handshake = Evidence::untested;
  Evidence agent = Evidence::untested;
  Evidence read = Evidence::untested;
  Evidence write = Evidence::untested;
  bool operator==(const Tested&) const = default;
};

/// One chip. The texts and lists live as long as the program, or as the ChipFile they came from.
struct Chip {
  std::uint16_t hw_code = 0;                             ///< the phone's answer to GET_HW_CODE
  std::string_view name = {};                            ///< the usual name, as in `MT6580`
  std::span<const std::string_view> names = {};          ///< every name of the same silicon, `name` included
  std::span<const std::string_view> scatter_names = {};  ///< further names its scatter files carry
  std::string_view marketing = {};
  DaProtocol da_protocol = DaProtocol::legacy;
  std::uint16_t da_entry_hw_code = 0;  ///< the id inside download-agent files; 0: not known
  Watchdog watchdog = {};
  std::uint32_t uart0 = 0;        ///< 0: not known
  std::uint32_t da1_address = 0;  ///< where stage 1 usually loads; the agent file decides
  std::uint32_t da1_address_forced_by_preloader = 0;
  std::uint8_t preloader_version = 0;  ///< the preloader's answer to GET_BL_VER; 0: not known
  std::uint8_t bbchip_id = 0;          ///< the chip number of the vendor's library; 0: not known
  UsbDownloadRegisters usb_download = {};
  bool is_iot = false;
  bool is_64bit = false;
  bool asks_soc_id = false;              ///< GET_SOC_ID is asked without being told to
  bool write_status_may_be_one = false;  ///< register writes answer status 1 for success
  LegacyFacts legacy = {};
  XflashFacts xflash = {};
  XmlFacts xml = {};
  Tested tested = {};
  std::span<const std::string_view> sources = {};
  std::string_view note = {};
};

/// Sorted by hw_code.
std::span<const Chip> all_chips();
/// nullptr when the table does not have it.
const Chip* find_chip(std::uint16_t hw_code);
/// What an unknown chip is taken for: the common watchdog, legacy first, the agent file decides.
/// hw_code and names are empty.
const Chip& default_chip();

/// How a platform name of a scatter file fits a chip, best first.
enum class NameMatch : std::uint8_t {
  exact,        ///< one of the chip's names
  same_number,  ///< only the letters behind the number differ, as in MT6757D and MT6757
  seen,         ///< scatter files for this chip are known to carry that name
  family,       ///< another chip that shares its download agent
  none
};
struct ChipMatch {
  const Chip* chip;
  NameMatch match;
};
/// All chips a platform name may mean, best first; never with NameMatch::none. Letter case is ignored.
std::vector<ChipMatch> chips_of_platform(std::string_view platform);
/// How well firmware for `platform` fits this chip.
NameMatch match_platform(const Chip& chip, std::string_view platform);

std::string_view to_string(DaProtocol protocol);
std::string_view to_string(Evidence evidence);
std::string_view to_string(NameMatch match);

}  // namespace mtk
