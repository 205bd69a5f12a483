// SPDX-License-Identifier: Apache-2.0
// Walks a plan: keeps, writes, verifies, and says exactly what the phone holds when it ends early.
#pragma once

#include "da/agent.h"
#include "image/package/firmware.h"

#include <mtk/plan.h>

#include <functional>
#include <optional>

namespace mtk {

enum class Done : std::uint8_t {
  kept,  ///< read and stored on the computer
  erased,
  written,   ///< the agent says it is stored
  same,      ///< the phone held it already, found by reading it
  verified,  ///< read back and compared
  checked    ///< the agent says that it compared while it wrote
};

struct StepReport {
  std::string partition;
  Done done;
  std::uint64_t bytes = 0;
  std::string sha256;  ///< of what was kept or verified, holes left out; empty for others
};

/// What happened. With an error, `interrupted` names what may be half written or half erased.
struct Execution {
  std::vector<StepReport> steps;
  bool began_writing = false;
  std::optional<std::string> interrupted;
  std::optional<Error> error;
};

/// Where kept partitions go. Errors: io.
class KeepStore {
 public:
  virtual ~KeepStore() = default;
  /// Begins a partition; the sink takes its bytes.
  virtual Result<Sink*> begin(const std::string& partition) = 0;
  /// The partition is complete; returns its SHA-256 in hexadecimal.
  virtual Result<std::string> commit() = 0;
};

using OpenImage = std::function<Result<ImagePtr>(const ImageRef&)>;
/// The image of a step from its file, in the form the phone stores. Errors: io, bad_image.
Result<ImagePtr> open_image_ref(const ImageRef& image);

/// Images that were opened with their firmware, which must outlive the opener: members of archives and split
/// images have no file of their own. Anything else is opened from its file.
OpenImage images_of(const Firmware& firmware);

/// One Agent::write each: long writes are cut so that a stop and a broken link lose little.
inline constexpr std::uint64_t write_piece_bytes = 64ULL << 20;

/// \param keep  may be null when the plan keeps nothing
/// Ends at the first failure: a partition that does not verify stops everything behind it.
Execution execute(const Plan& plan, Agent& agent, const OpenImage& open, KeepStore* keep, OpContext& op);

}  // namespace mtk
