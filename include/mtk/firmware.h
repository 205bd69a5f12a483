// SPDX-License-Identifier: Apache-2.0
// What a firmware folder or an agent file holds, told without a phone. Part of the public API.
#pragma once

#include <mtk/error.h>
#include <mtk/plan.h>
#include <mtk/progress.h>

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
  std::string role = {};     ///< `helper`, `da1`, `da2`; `part` where the role is not known
  std::uint64_t offset = 0;  ///< in the file
  std::uint64_t length = 0;  ///< signature included
  std::uint64_t load_address = 0;
  std::uint64_t signature_length = 0;
};
struct AgentEntryCard {
  std::uint16_t hw_code = 0;  ///< the file's own key for the chip
  std::uint16_t hw_sub_code = 0;
  std::uint16_t hw_version = 0;
  std::uint16_t sw_version = 0;
  std::string problem = {};  ///< why no phone can run it; empty for a phone's agent
  std::string family = {};   ///< `legacy`, `xflash`, `xml`; empty when no chip is known for it
  std::vector<ChipName> chips = {};
  std::vector<AgentRegionCard> regions = {};
};

/// A download-agent file.
struct AgentCard {
  std::filesystem::path file = {};
  std::string version = {};     ///< as the file says it
  std::string generation = {};  ///< `xml` (V6) or `classic` (V3 and V5)
  std::string sha256 = {};
  std::vector<AgentEntryCard> entries = {};
  std::vector<std::string> remarks = {};
  std::optional<bool> for_this_chip =
      {};                           ///< in a firmware card: whether it has an agent for the firmware's chip
  std::optional<Error> error = {};  ///< io, bad_image, out_of_range: nothing else is set then
};
AgentCard describe_agent_file(const std::filesystem::path& file);

/// A preloader file: what it can start memory for.
struct PreloaderCard {
  std::filesystem::path file = {};
  std::string project = {};
  std::string form = {};                     ///< `bare`, `emmc boot` ...
  std::string flash_device = {};             ///< `emmc`, `ufs`, `nand`; empty when its header does not say
  bool is_signed = false;                    ///< more than a plain hash
  std::vector<std::string> memory = {};      ///< storage chips whose memory it knows, readable
  std::vector<std::string> memory_ids = {};  ///< the same as hexadecimal ids, those of any chip left out
  std::vector<std::string> remarks = {};
  std::optional<Error> error = {};
};
PreloaderCard describe_preloader(const std::filesystem::path& file);

enum class ChecksumVerdict : std::uint8_t { unchecked, matches, differs };
std::string_view to_string(ChecksumVerdict verdict);

/// A fact about an image, for people and for JSON: the id is stable, the text is not.
struct ImageNote {
  std::string id = {};  ///< `android`, `cmdline`, `signed` ...
  std::string value = {};
  std::string text = {};
};

/// One row of the scatter with the file behind it.
struct FirmwareEntry {
  std::string name = {};
  std::string storage = {};                  ///< `EMMC`; a file may hold one table per storage
  std::string region = {};                   ///< as written
  std::uint64_t start = 0;                   ///< as written
  std::optional<std::uint64_t> offset = {};  ///< in its area, where that shows without a phone
  std::uint64_t size = 0;                    ///< bytes; 0: what is left of the area
  bool selected = false;                     ///< the firmware marks it for download
  bool identity = false;                     ///< holds what makes a phone this phone
  std::string file = {};                     ///< as named; empty when none belongs to it
  std::filesystem::path path = {};
  bool present = false;
  std::uint64_t bytes = 0;         ///< on the phone: sparse files expanded
  std::uint64_t stored_bytes = 0;  ///< in the folder
  std::string kind = {};           ///< `Android boot image` ...; empty without a file
  bool fits = true;
  ChecksumVerdict checksum = ChecksumVerdict::unchecked;
  std::string sha256 = {};  ///< of the file as it is stored; empty when images were not read, or split
  std::optional<bool> is_signed = {};  ///< nothing where its kind has no signature or it does not show
  std::vector<ImageNote> notes = {};
};

/// What a package can be used for: `download-only`, `firmware-upgrade`, `format-all-download`.
struct SceneCard {
  std::string id = {};
  bool possible = false;    ///< the package has all it takes
  std::string reason = {};  ///< why not, for people
  bool offered = false;     ///< this tool can do it
};
/// Whether `flash` does a scene; the others are known and not there yet.
bool offers_scene(std::string_view id);

/// What the firmware calls itself. Empty where it does not say.
struct BuildCard {
  std::string brand = {};
  std::string model = {};
  std::string device = {};
  std::string android = {};         ///< `11`
  std::string security_patch = {};  ///< `2021-05-05`
  std::string build = {};
  std::string fingerprint = {};
};

/// Verified boot metadata of the package, from its vbmeta image.
struct VerifiedBootCard {
  std::string algorithm = {};
  std::string key_sha1 = {};  ///< empty when it is not signed
  bool is_signed = false;
  bool verification_disabled = false;
};

/// Everything about a firmware package. `problems` is what would refuse a flash on any phone.
struct FirmwareCard {
  std::filesystem::path package = {};  ///< folder or archive
  std::string form = {};               ///< `folder`, `zip`, `unpacked`
  std::size_t file_count = 0;
  BuildCard build = {};
  std::optional<VerifiedBootCard> verified_boot = {};
  std::vector<SceneCard> scenes = {};
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

/// Whether all images are read to their end: for their sums and hashes. What they are called shows before.
enum class ReadImages : std::uint8_t { yes, no };
/// \param path  folder, archive or scatter file
FirmwareCard describe_firmware(const std::filesystem::path& path, ReadImages images = ReadImages::yes);
/// Tells how far it is, and ends early with the error cancelled.
FirmwareCard describe_firmware(const std::filesystem::path& path, ReadImages images, const OpContext& op);

/// One thing that was compared.
struct CompareRow {
  enum class Verdict : std::uint8_t { same, differs, unknown } verdict = Verdict::unknown;
  std::string id = {};  ///< `chip`, `project`, `model`, `build`, `storage`, `layout`, `memory`
  std::string label = {};
  std::string text = {};
};
std::string_view to_string(CompareRow::Verdict verdict);

/// Whether two firmware packages, or a package and a phone, belong together.
struct FirmwareComparison {
  /// `same_build`, `same_model`, `other_memory`, `sibling`, `foreign`, `unclear`; with a phone also
  /// `fits_phone`.
  std::string verdict = {};
  std::string text = {};  ///< for people
  bool usable = false;    ///< whether one may be used for the other
  std::vector<CompareRow> rows = {};
};
FirmwareComparison compare_firmware(const FirmwareCard& first, const FirmwareCard& second);
struct PhoneCard;
FirmwareComparison compare_firmware(const FirmwareCard& firmware, const PhoneCard& phone);

}  // namespace mtk
