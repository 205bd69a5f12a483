// SPDX-License-Identifier: Apache-2.0
// What a user means by a place on the phone.
#pragma once

#include "da/agent.h"
#include "flash/identity.h"
#include "image/table/table.h"

namespace mtk {

struct Place {
  std::string name;  ///< partition, or the text the user gave
  Region region;
};

/// Understands a partition of the phone's table (any case), an area (`boot1`, `user`), `preloader` (all of
/// boot1) and `AREA+OFFSET:LENGTH` with 0x or decimal numbers. Errors: usage (not understood, no such
/// partition), out_of_range (outside the area).
Result<Place> find_place(std::string_view text, const AgentFacts& facts, const PartitionTable* table);

/// Identity partitions that a change of `region` would touch and the user did not name.
/// Without a table that lists all of them every place outside the boot areas counts as touching them.
std::vector<std::string> touched_identity(const Region& region, const PartitionTable* table,
                                          const IdentityConsent& consent);

}  // namespace mtk
