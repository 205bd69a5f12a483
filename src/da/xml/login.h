// SPDX-License-Identifier: Apache-2.0
// The login of agents that want one (DA SLA). The key is the user's.
// Source: docs/protocol/da-xml.md#login
#pragma once

#include "brom/signer.h"
#include "da/xml/conversation.h"

namespace mtk::xml {

/// Asks whether a login is wanted and logs in. An agent that does not know the question wants none; one that
/// does not know the login is left as it is, and refuses by itself what it protects.
/// Errors: unsupported (a login is wanted and there is no signer); the signer's; device_status (not
/// accepted).
Result<> log_in(Conversation& conversation, const Signer& signer, const XmlFacts& variant, OpContext& op);

}  // namespace mtk::xml
