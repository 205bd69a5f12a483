// SPDX-License-Identifier: Apache-2.0
// What the three agent families have in common: the interface everything above talks to.
#pragma once

#include "base/source.h"

#include <mtk/boot_mode.h>
#include <mtk/progress.h>
#include <mtk/region.h>

#include <optional>
#include <string>
#include <vector>

namespace mtk {

enum class StorageKind : std::uint8_t { unknown, emmc, ufs, nand, nor, sd };
std::string_view to_string(StorageKind kind);

/// One hardware area as the agent reports it. Sizes are bytes.
struct AreaFacts {
  Area area;
  std::uint64_t size = 0;
};

/// One line of an agent's own partition table. Bytes.
struct ListedPartition {
  std::string name;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  bool operator==(const ListedPartition&) const = default;
};

/// Facts for people: label and text.
using FactTexts = std::vector<std::pair<std::string, std::string>>;

/// What the running agent says about phone and storage. Sizes are bytes.
struct AgentFacts {
  std::string family;   ///< `legacy`, `xflash`, `xml`
  std::string version;  ///< as the agent says it, e.g. `4.2`
  StorageKind storage = StorageKind::unknown;
  std::vector<AreaFacts> areas;
  std::uint32_t sector_size = 512;
  std::uint32_t write_unit = 512;  ///< writes start at multiples of this
  std::uint32_t erase_unit = 512;
  std::uint64_t packet_size = 0;  ///< largest data packet used
  Bytes storage_id;               ///< CID in card byte order (manufacturer id first)
  Bytes random_id;                ///< the agent's, changes with the phone's life
  std::uint64_t ram_size = 0;
  bool usb_high_speed = true;
  bool checks_storage = false;     ///< can compare what is stored by itself (`--verify device`)
  bool preloader_by_name = false;  ///< a preloader goes through write_partition, as the bare file
  /// Partitions are written and erased by name only: raw NAND, whose bad blocks are the agent's to know.
  bool writes_by_name = false;
  FactTexts more;  ///< every other fact of the report, as label and text

  const AreaFacts* area(Area wanted) const;
};

/// Whether the agent still answers after an operation ended early.
enum class AgentState : std::uint8_t { answering, lost };

/// A running agent. Not thread-safe; every call ends by a deadline of its own or by op.stop, which is looked
/// at between packets. After Errc::cancelled the agent still answers unless state() says otherwise.
class Agent {
 public:
  virtual ~Agent() = default;

  virtual const AgentFacts& facts() const = 0;
  virtual AgentState state() const = 0;

  /// Reads a region in order into the sink. `step` names the item in progress events.
  virtual Result<> read(const Region& region, Sink& sink, std::string_view item, OpContext& op) = 0;
  /// Writes the whole source to the start of the region; source.size() == region.length. Returns when the
  /// family's final status says that everything is stored.
  virtual Result<> write(const Region& region, Source& source, std::string_view item, OpContext& op) = 0;
  virtual Result<> erase(const Region& region, std::string_view item, OpContext& op) = 0;

  /// The same by the partition's own name: the agent finds the place in its table, checks signatures where
  /// the phone wants them, and gives a preloader its device header. `image` is the file without such a
  /// header. Errors: unsupported when the family has no such way.
  virtual Result<> write_partition(std::string_view partition, Source& image, OpContext& op);
  virtual Result<> erase_partition(std::string_view partition, OpContext& op);
  /// The partition list of a phone without a GPT, as the agent sends it. Errors: unsupported when the family
  /// has none; refused when there is a GPT, which some agents cannot turn into a list without breaking;
  /// device_status when there is no list.
  virtual Result<Bytes> partition_list(OpContext& op);
  /// The phone's partition table as the agent itself reads it, in bytes of the area that holds it. Errors:
  /// unsupported when the family has no such question.
  virtual Result<std::vector<ListedPartition>> partition_table(OpContext& op);
  /// What is asked for show only: answers that no flash needs.
  virtual Result<FactTexts> further_facts(OpContext&) { return FactTexts{}; }
  /// Whether a secured phone refused a raw write or erase that it would take by name.
  virtual bool wants_name(const Error&) const { return false; }
  /// Ends the agent. Errors: unsupported for a way to start that the family does not have. Afterwards only
  /// destruction is allowed.
  virtual Result<> finish(BootMode next, OpContext& op) = 0;
};

}  // namespace mtk
