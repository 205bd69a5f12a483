// SPDX-License-Identifier: Apache-2.0
// What a firmware folder or an agent file holds, told without a phone. Part of the public API.
#pragma once

#include <mtk/error.h>
#include <mtk/plan.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mtk {

/// A chip a platform name or an agent may be for.
struct ChipName {
  std::string name = {};  ///< `MT6580`
  std::uint16_t hw_code = 0;
  std::string match = {};  ///< how the platform name fits: `exact`, `same number`, `seen`; empty for agents
};

struct AgentRegionCard {
  std::uint64_t offset = 0;  ///< in the file
  std::uint64_t length = 0;  ///< signature included
  std::uint64_t load_address = 0;
  std::uint64_t signature_length = 0;
};
struct AgentEntryCard {
  std::uint16_t hw_code = 0;  ///< the file's own key for the chip
  std::uint16_t hw_version = 0;
  std::uint16_t sw_version = 0;
  std::string family = {};  ///< `legacy`, `xflash`, `xml`; empty when no chip is known for it
  std::vector<ChipName> chips = {};
  std::vector<AgentRegionCard> regions = {};
};

/// A download-agent file.
struct AgentCard {
  std::filesystem::path file = {};
  std::string version = {};  ///< as the file says it
  std::string sha256 = {};
  std::vector<AgentEntryCard> entries = {};
  std::vector<std::string> remarks = {};
  std::optional<Error> error = {};  ///< io, bad_image, out_of_range: nothing else is set then
};
AgentCard describe_agent_file(const std::filesystem::path& file);

/// A preloader file: what it can start memory for.
struct PreloaderCard {
  std::filesystem::path file = {};
  std::string project = {};
  std::string form = {};                 ///< `bare`, `emmc boot` ...
  std::vector<std::string> memory = {};  ///< storage chips whose memory it knows, readable
  std::vector<std::string> remarks = {};
  std::optional<Error> error = {};
};
PreloaderCard describe_preloader(const std::filesystem::path& file);

enum class ChecksumVerdict : std::uint8_t { unchecked, matches, differs };
std::string_view to_string(ChecksumVerdict verdict);

/// One row of the scatter with the file behind it.
struct FirmwareEntry {
  std::string name = {};
  std::string storage = {};  ///< `EMMC`; a file may hold one table per storage
  std::string region = {};   ///< as written
  std::uint64_t start = 0;   ///< as written
  std::uint64_t size = 0;    ///< bytes; 0: what is left of the area
  bool selected = false;     ///< the firmware marks it for download
  bool identity = false;     ///< holds what makes a phone this phone
  std::string file = {};     ///< as named; empty when none belongs to it
  std::filesystem::path path = {};
  bool present = false;
  std::uint64_t bytes = 0;         ///< on the phone: sparse files expanded
  std::uint64_t stored_bytes = 0;  ///< in the folder
  std::string kind = {};           ///< `Android boot image` ...; empty without a file
  bool fits = true;
  ChecksumVerdict checksum = ChecksumVerdict::unchecked;
};

/// Everything about a firmware folder. `problems` is what would refuse a flash on any phone.
struct FirmwareCard {
  std::filesystem::path scatter = {};
  std::string generation = {};  ///< `V1`, `brace` ...
  std::string version = {};     ///< of the scatter format; empty in brace files
  std::string platform = {};
  std::string project = {};
  std::vector<std::string> storages = {};
  std::vector<ChipName> chips = {};  ///< best first
  std::vector<FirmwareEntry> entries = {};
  std::vector<AgentCard> agents = {};
  std::vector<PreloaderCard> preloaders = {};
  std::vector<Warning> remarks = {};
  std::vector<Warning> problems = {};
  std::optional<Error> error = {};  ///< not a firmware folder at all: nothing else is set then
};

/// Whether the images are summed and compared with Checksum.ini, which reads all of them.
enum class ReadImages : std::uint8_t { yes, no };
/// \param path  folder or scatter file
FirmwareCard describe_firmware(const std::filesystem::path& path, ReadImages images = ReadImages::yes);

}  // namespace mtk
