// SPDX-License-Identifier: Apache-2.0
// An agent that an earlier run left behind on the same port: used again when it proves to be on the same
// phone, else the phone is restarted by it.
#pragma once

#include "session/agent_record.h"
#include "session/connection.h"

namespace mtk {

/// What earlier runs left on record, usually nothing.
std::vector<AgentRecord> agents_on_record();
/// A greeting was answered, or nobody was found: what was on record is over.
void forget_agent(const Transport& link);

/// What an agent must fit to be used again.
struct AdoptionTerms {
  const AgentRecord& record;
  const Chip& chip;  ///< of the record
  const ConnectOptions& options;
  const Companions& companions;
};

/// Looks for the agent of the record. Null: there is none, or the phone was restarted by it and is on the bus
/// again; connecting begins at its beginning. Errors: cancelled; of an agent that does not restart its phone.
Result<std::unique_ptr<Agent>> adopt_agent(Transport& link, const AdoptionTerms& terms,
                                           SessionObserver& observer, OpContext& op);

/// An agent that was just started, from now on on record.
std::unique_ptr<Agent> keep_record(std::unique_ptr<Agent> agent, const PhoneInfo& boot, ByteView agent_file,
                                   const Transport& link, OpContext& op);

}  // namespace mtk
