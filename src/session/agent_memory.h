// SPDX-License-Identifier: Apache-2.0
// What was learnt about agent files the hard way, so that it is learnt once.
// Source: docs/format/agents.md
#pragma once

#include "base/bytes.h"

#include <filesystem>

namespace mtk {

/// Agent files, by SHA-256, that take no configuration tail although their chip's usual agents do. Finding
/// out costs a failed start and a power cycle.
class AgentMemory {
 public:
  explicit AgentMemory(std::filesystem::path folder) : file_(std::move(folder) / "agents-without-tail") {}

  bool takes_no_tail(ByteView agent_file) const;
  /// Errors: io; unsupported (the list is of another version).
  Result<> remember_no_tail(ByteView agent_file);

 private:
  Result<std::string> list() const;
  std::filesystem::path file_;
};

}  // namespace mtk
