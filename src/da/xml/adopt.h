// SPDX-License-Identifier: Apache-2.0
// An XML agent that an earlier run left behind: found, brought back to its offer, and asked anew.
// Source: docs/protocol/da-xml.md#left-behind
#pragma once

#include "da/leftover.h"
#include "da/xml/start.h"

namespace mtk::xml {

/// Looks for the second stage of an agent behind the link. What boot ROMs and preloaders make of the bytes
/// that are sent is harmless. Errors: those of the link, and of an agent that answers and then fails.
Result<FoundAgent> find_agent(Transport& link, const SearchAgent& search, const XmlOptions& options,
                              OpContext& op);

}  // namespace mtk::xml
