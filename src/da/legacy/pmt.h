// SPDX-License-Identifier: Apache-2.0
// The partition list an agent sends (PMT), as used on phones without a GPT.
// Source: docs/protocol/da-legacy.md#partition-list
#pragma once

#include "base/bytes.h"

#include <string>
#include <vector>

namespace mtk::legacy {

struct PmtEntry {
  std::string name;
  std::uint64_t offset = 0;  ///< bytes
  std::uint64_t size = 0;    ///< bytes; 0 on a last entry means the rest of the storage
  std::uint64_t part = 8;    ///< eMMC part
};

/// The used entries. Three layouts exist and nothing names them: the one whose every entry makes sense is
/// taken. Errors: protocol when none does.
Result<std::vector<PmtEntry>> parse_pmt(ByteView list);

}  // namespace mtk::legacy
