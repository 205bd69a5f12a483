// SPDX-License-Identifier: Apache-2.0
#include "session/adoption.h"

#include "base/hash.h"
#include "base/home.h"
#include "base/text.h"
#include "brom/handshake.h"
#include "da/legacy/adopt.h"
#include "da/xflash/adopt.h"
#include "da/xml/adopt.h"
#include "session/watched_agent.h"

#include <algorithm>

namespace mtk {

namespace {

/// A preloader says READY every 20 ms; a boot ROM that listens for a third of a second is not kept waiting.
constexpr std::chrono::milliseconds beacon_time{40};
/// A phone restarts, its boot ROM loads the preloader, and that looks for a cable.
constexpr std::chrono::seconds restart_time{20};
constexpr std::chrono::milliseconds late_answers{20};
constexpr std::chrono::milliseconds late_answers_end{200};

AgentRecordFile record_file(const Transport& link) { return {home_data_folder(), link.name()}; }

/// A preloader's beacon.
bool is_beacon(const Heard& heard) {
  return !heard.nothing() && std::ranges::all_of(heard.end, [](std::byte byte) {
    return brom::is_ready_letter(std::to_integer<std::uint8_t>(byte));
  });
}

Result<FoundAgent> find(Transport& link, const SearchAgent& search, const AdoptionTerms& terms,
                        OpContext& op) {
  if (terms.record.family == "legacy") return legacy::find_agent(link, search, op);
  if (terms.record.family == "xflash")
    return xflash::find_agent(link, search, {.chip = terms.chip.xflash}, op);
  if (terms.record.family == "xml") return xml::find_agent(link, search, {}, op);
  return FoundAgent{};
}

/// Whether this run would start another agent file.
bool wants_other_file(const AdoptionTerms& terms) {
  if (terms.companions.agents.empty()) return false;
  const auto order = terms.options.da.empty() ? AgentOrder::found : AgentOrder::chosen;
  const auto agents = agents_for(terms.record.boot, terms.chip, terms.companions.agents, order);
  return !agents || hex_compact(sha256(agents->front().file.file())) != terms.record.agent_sha256;
}

/// Why the agent cannot be used again; nothing when it can.
std::optional<Text> objection(const FoundAgent& found, const AdoptionTerms& terms) {
  const AgentFacts& facts = found.agent->facts();
  const std::string proof = proof_of(facts);
  if (proof.empty()) return Text::agent_left_unproven;
  if (proof != terms.record.phone || facts.version != terms.record.version)
    return Text::agent_left_other_phone;
  if (found.hw_code && *found.hw_code != terms.record.boot.hw_code) return Text::agent_left_other_phone;
  const ConnectOptions& options = terms.options;
  if (options.check_storage || options.agent_messages || options.battery) return Text::agent_left_settings;
  if (wants_other_file(terms)) return Text::agent_left_other_file;
  return std::nullopt;
}

void tell(SessionObserver& observer, std::string id, std::string text) {
  observer.finding({.id = std::move(id), .level = LogLevel::info, .text = std::move(text), .actions = {}});
}

Result<> restart_phone(Transport& link, Agent& agent, const ConnectOptions& options, OpContext& op) {
  MTK_TRY(agent.finish(BootMode::normal, op));
  const Wait wait{options.timeout ? Clock::Duration{*options.timeout} : Clock::Duration{restart_time},
                  op.stop};
  return at(Stage::connect, in(link.reopen(UsbIdentity::unknown, wait), "RESTART"));
}

}  // namespace

std::vector<AgentRecord> agents_on_record() { return agent_records(home_data_folder()); }

void forget_agent(const Transport& link) { record_file(link).remove(); }

Result<std::unique_ptr<Agent>> adopt_agent(Transport& link, const AdoptionTerms& terms,
                                           SessionObserver& observer, OpContext& op) {
  const auto look = [&]() -> Result<FoundAgent> {
    MTK_TRY_LET(const Heard heard, hear_out(link, beacon_time, search_time::quiet, op.stop, is_beacon));
    if (is_beacon(heard)) return FoundAgent{};
    return find(link, {.work = terms.record.work, .heard = heard}, terms, op);
  };
  auto found = look();
  if (!found && found.error().code == Errc::cancelled) return fail(std::move(found.error()));
  if (!found || !found->agent) {
    observer.write(LogLevel::debug, found ? "the agent on record does not run any more"
                                          : "agent on record: " + to_string(found.error()));
    // What a boot ROM or preloader said to the questions; a link that is lost shows at the greeting.
    static_cast<void>(link.drain(late_answers, late_answers_end));
    return std::unique_ptr<Agent>{};
  }
  if (const auto reason = objection(*found, terms)) {
    tell(observer, "agent_restarted", say(Text::agent_restarted, fmt::arg("reason", text(*reason))));
    MTK_TRY(restart_phone(link, *found->agent, terms.options, op));
    return std::unique_ptr<Agent>{};
  }
  tell(observer, "agent_adopted", say(Text::agent_adopted));
  AgentRecordFile file = record_file(link);
  AgentRecord record = terms.record;
  record.work = LastWork::idle;
  MTK_TRY(file.save(record));
  return std::make_unique<WatchedAgent>(std::move(found->agent), std::move(file));
}

std::unique_ptr<Agent> keep_record(std::unique_ptr<Agent> agent, const PhoneInfo& boot, ByteView agent_file,
                                   const Transport& link, OpContext& op) {
  AgentRecordFile file = record_file(link);
  const AgentFacts& facts = agent->facts();
  const AgentRecord record{.port = link.name(),
                           .family = facts.family,
                           .version = facts.version,
                           .agent_sha256 = hex_compact(sha256(agent_file)),
                           .phone = proof_of(facts),
                           .boot = boot};
  if (auto saved = file.save(record); !saved)
    op.observer.write(LogLevel::debug, "agent on record: " + to_string(saved.error()));
  return std::make_unique<WatchedAgent>(std::move(agent), std::move(file));
}

}  // namespace mtk
