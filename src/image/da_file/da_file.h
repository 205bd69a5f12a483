// SPDX-License-Identifier: Apache-2.0
// The download-agent container: which agent is in it for which chip. Agents themselves are opaque.
// Source: docs/format/da-file.md
#pragma once

#include "base/bytes.h"

#include <filesystem>

namespace mtk {

/// One loadable part. Everything lies inside the file: checked when it was parsed.
struct DaRegion {
  std::uint32_t file_offset = 0;
  std::uint32_t length = 0;  ///< signature included
  std::uint32_t load_address = 0;
  std::uint32_t signature_offset = 0;  ///< as stored: relative to the region, absolute in V6 files
  std::uint32_t signature_length = 0;

  std::uint32_t data_length() const { return length - signature_length; }
  bool operator==(const DaRegion&) const = default;
};

struct DaEntry {
  std::uint16_t hw_code = 0;  ///< the container's key: `da_entry_hw_code` of the chip table
  std::uint16_t hw_sub_code = 0;
  std::uint16_t hw_version = 0;
  std::uint16_t sw_version = 0;
  std::uint16_t page_size = 0;
  std::uint16_t entry_region_index = 0;
  std::vector<DaRegion> regions = {};

  bool operator==(const DaEntry&) const = default;
};

/// What the phone said about itself, hw_code mapped by the chip table.
struct DaQuery {
  std::uint16_t hw_code = 0;
  std::uint16_t hw_sub_code = 0;
  std::uint16_t hw_version = 0;
  std::uint16_t sw_version = 0;
};

/// Both stages of an agent, as bytes of the file (signature included).
struct DaStage {
  DaRegion region;
  ByteView bytes;
};
struct DaStages {
  DaStage da1;
  DaStage da2;
};

class DaFile {
 public:
  /// Errors: bad_image (not a container, or one that is damaged: which entry and field).
  static Result<DaFile> parse(Bytes file);
  /// Errors: io; bad_image; out_of_range (larger than any agent).
  static Result<DaFile> load(const std::filesystem::path& path);

  const std::string& version_text() const { return version_text_; }
  /// Whether its agents speak the XML protocol. The other two families are told apart by the chip.
  bool is_xml_family() const;
  const std::vector<DaEntry>& entries() const { return entries_; }
  /// Oddities that do not stop anything, e.g. bytes after the last region.
  const std::vector<std::string>& warnings() const { return warnings_; }
  /// The whole file, e.g. for its hash.
  ByteView file() const { return file_; }

  /// The entry for a phone. Never another chip's: the agent would crash or, worse, run.
  /// Errors: unsupported, listing what the file holds.
  Result<DaEntry> choose(const DaQuery& phone) const;
  /// Region bytes, signature included.
  ByteView bytes(const DaRegion& region) const;
  /// The two stages of a phone's entry: regions 1 and 2.
  /// Errors: bad_image (fewer than three regions, or an empty stage), unsupported (layouts of IoT chips).
  Result<DaStages> stages(const DaEntry& entry) const;

 private:
  Bytes file_;
  std::string version_text_;
  std::vector<DaEntry> entries_;
  std::vector<std::string> warnings_;
};

/// `0x6580`, or `0x6575 ca00/e100, 0x6575 cb00/e201` where a chip has several entries.
std::string chips_in(const DaFile& file);

/// One agent to be put into a container.
struct DaParts {
  DaEntry key;  ///< regions: load address and signature length are used, offsets and lengths computed
  std::vector<Bytes> contents;  ///< one per region, signature included
};
enum class DaLayout : std::uint8_t {
  table_of_20,  ///< data begins after 20 entry slots, as in 2013-2016 files
  single_v6     ///< one entry whose unused region slots do not exist; signature offsets are absolute
};
/// Builds a container, for stand-in agents and tests.
/// Errors: out_of_range (too many entries or regions, larger than 4 GiB).
Result<Bytes> build_da_file(std::string_view version_text, const std::vector<DaParts>& agents,
                            DaLayout layout = DaLayout::table_of_20);

}  // namespace mtk
