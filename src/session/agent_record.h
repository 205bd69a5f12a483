// SPDX-License-Identifier: Apache-2.0
// What is written down about an agent while it runs, so that a run that is interrupted can be picked up by
// the next: one small file for each port. Source: docs/format/running-agent.md
#pragma once

#include "base/file.h"
#include "brom/phone_info.h"
#include "da/leftover.h"

namespace mtk {

/// Nothing here is believed by itself: the agent must answer, and be the one on the same phone.
struct AgentRecord {
  std::string port;  ///< Transport::name()
  std::string family;
  std::string version;       ///< as the agent says it
  std::string agent_sha256;  ///< of the agent file
  std::string phone;         ///< proof_of() its facts
  PhoneInfo boot;            ///< what only boot ROM or preloader tell; without ME_ID and SOC_ID
  LastWork work = LastWork::idle;

  bool operator==(const AgentRecord&) const;
};

/// A digest of the ids by which an agent tells its phone from all others; empty when it tells none.
std::string proof_of(const AgentFacts& facts);

/// The records of all ports. A file with whatever is wrong with it is none, nor is a copy.
std::vector<AgentRecord> agent_records(const std::filesystem::path& data_folder);

/// The record of a port, as it is written.
class AgentRecordFile {
 public:
  AgentRecordFile(const std::filesystem::path& data_folder, std::string_view port);

  /// Errors: io.
  Result<> save(const AgentRecord& record);
  /// Notes what the agent does from now on; cheap, as it is called for every command.
  void note(LastWork work);
  void remove();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::optional<File> open_;  // after save()
  std::uint64_t work_offset_ = 0;
};

}  // namespace mtk
