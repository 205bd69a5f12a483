// SPDX-License-Identifier: Apache-2.0
// The parts that greeting and memory request have in common, and the two byte orders of a card id.
#pragma once

#include "da/legacy/agent_link.h"

namespace mtk::legacy {

/// A count and that many NAND ids. Errors: protocol when the count is unbelievable.
Result<std::vector<std::uint16_t>> read_nand_ids(AgentLink& link);

/// The id with the bytes of every 32-bit word reversed, as reports have it.
/// Source: docs/protocol/da-legacy.md#card-id
Bytes with_words_reversed(ByteView id);

}  // namespace mtk::legacy
