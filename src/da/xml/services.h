// SPDX-License-Identifier: Apache-2.0
// What one command may use the host for. Names are texts that are compared and nothing else: none of them
// ever becomes a path on this computer, and a name that is not listed here does not exist.
#pragma once

#include "base/source.h"
#include "da/xml/protocol.h"
#include "transport/transport.h"

#include <mtk/progress.h>

#include <optional>
#include <string>
#include <vector>

namespace mtk::xml {

/// Whether a command may end well without a file having gone over.
enum class Transfer : std::uint8_t { optional, required };

/// A file the agent may ask about and fetch, as often as it likes.
struct OfferedFile {
  std::string name;
  Source& source;
  Transfer transfer = Transfer::required;
  bool fetched = false;  ///< whole, by the last fetch
};

/// The file the agent is to deliver, once.
struct AwaitedFile {
  std::string name;
  Sink& sink;
  std::optional<std::uint64_t> size = {};  ///< what it must have
  std::uint64_t most = max_reply;          ///< bytes that are taken when that is open
  Content content = Content::withheld;
  Transfer transfer = Transfer::required;
  bool delivered = false;
};

/// What progress events count.
enum class Counts : std::uint8_t { nothing, sent_and_received, reports };

struct Services {
  std::vector<OfferedFile> offered = {};
  std::vector<std::string> absent = {};  ///< may be asked about; are not there
  std::optional<AwaitedFile> awaited = {};
  Counts counts = Counts::nothing;
  Progress progress = {};  ///< what events start from; total is known
  Clock::Duration patience = wait_for::token;
  Clock::Duration step_patience = wait_for::token;  ///< for each step of a progress report
  /// The last word of the command may be lost with the port.
  bool phone_leaves = false;
};

}  // namespace mtk::xml
