// SPDX-License-Identifier: Apache-2.0
// From a port to a running agent: find the phone, ask who it is, choose and start the agent.
#pragma once

#include "brom/phone_info.h"
#include "brom/signer.h"
#include "chip/chip_file.h"
#include "da/agent.h"
#include "flash/planner.h"
#include "image/table/read.h"
#include "session/agent_choice.h"
#include "transport/transport.h"

#include <mtk/chip.h>
#include <mtk/session.h>

namespace mtk {

struct AgentRecord;

/// Files that may be needed to start an agent, in order of preference.
struct Companions {
  std::vector<std::filesystem::path> agents;
  std::vector<std::filesystem::path> preloaders;
};

/// A connected phone. The agent uses the link, so it goes first.
struct Connection {
  std::unique_ptr<Transport> link;
  PhoneInfo phone;
  std::optional<ChipFile> chip_record;  ///< named by the user; owns the texts of `chip` when that is from it
  std::optional<Chip> chip;             ///< nothing when the table does not have it
  std::unique_ptr<Agent> agent;
};

/// Opens the way to the phone. The usual one follows ConnectOptions::port; tests bring phones of their own.
using OpenLink = std::function<Result<std::unique_ptr<Transport>>(const Wait&)>;

class Connector {
 public:
  /// \param open  may be empty
  Connector(const ConnectOptions& options, Companions companions, SessionObserver& observer, PhoneCard& card,
            OpenLink open)
      : options_(options),
        companions_(std::move(companions)),
        observer_(observer),
        card_(card),
        open_(std::move(open)) {}

  /// Waits for the phone, greets and identifies it, or takes over the agent that an earlier run left on it.
  /// Errors: stages connect, brom, preloader.
  Result<Connection> identify(OpContext& op);
  /// Starts the agent on an identified phone, unless one was taken over. Errors: stages host (files), da1,
  /// dram, da2.
  Result<> start_agent(Connection& connection, OpContext& op);

 private:
  Result<std::unique_ptr<Transport>> open(OpContext& op);
  Result<> read_chip_file(Connection& connection);
  static void look_up_chip(Connection& connection);
  Result<> greet(Connection& connection, OpContext& op);
  Result<> take_over(const AgentRecord& record, Connection& connection, OpContext& op);
  Signer signer(const OpContext& op) const;
  Result<> authenticate(Connection& connection, OpContext& op);
  Result<> start_with(Connection& connection, const AgentCandidate& candidate, OpContext& op);

  const ConnectOptions& options_;
  Companions companions_;
  SessionObserver& observer_;
  PhoneCard& card_;
  OpenLink open_;
};

/// The phone's own partition table, read through the agent.
/// Errors: what Agent::read may fail with. A missing or damaged table is no error.
Result<TableReading> read_table(Agent& agent, OpContext& op);

/// What the planner wants to know of a connected phone.
PhoneFacts facts_of(const Connection& connection, const TableReading& table);

/// Facts for the card, as far as they are known.
void describe_phone(const PhoneInfo& phone, const Chip* chip, PhoneCard& card);
void describe_agent(const AgentFacts& facts, PhoneCard& card);
void describe_further(const FactTexts& facts, PhoneCard& card);
void describe_table(const TableReading& table, PhoneCard& card);

}  // namespace mtk
